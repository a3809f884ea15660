"""The words of the deliver room: a campaign, its letters, the batches they go in, and what a provider says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from digest.model.letters import RenderedIssue, Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """What all letters of one issue share. Addresses of pages are absolute; `from_` and `reply_to` are mailboxes
    as `Name <user@host>`; `reply_to` may be empty. `unsubscribe_mail` is where a mailed "unsubscribe" goes,
    `return_path` where bounces do (empty for the sender), with `verp` each letter's by an address of its own.

    `single` says that it is no bulk mail at all but a letter to one reader, who has just asked for it: it is on no list
    and there is nothing to leave, so its letters have no `one_click`, and nothing in it is tracked."""

    rendered: RenderedIssue
    from_: str
    reply_to: str
    list_id: str
    archive: str
    unsubscribe_mail: str
    date: datetime
    test: bool = False
    return_path: str = ""
    verp: bool = False
    single: bool = False


@dataclass(slots=True, kw_only=True)
class Letter:
    """What differs from one reader to the next. `slots` are plain text; `one_click` is the RFC 8058 address.

    `key` is the subscriber's in the store (0 for a test copy). `message_id` has its angle brackets and is a function of
    issue and subscriber. Not frozen, because a frozen one takes three times as long to make, and a campaign makes one a
    reader; nobody changes it all the same.
    """

    address: str
    name: str
    message_id: str
    one_click: str
    slots: Mapping[Slot, str] = field(default_factory=dict)
    key: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Letters that were claimed together; for most providers they go in one call.

    `number` is the ledger's. `reference` is the provider's handle on this call, noted in the ledger before the call is
    made: what it can be called back by (SendGrid's batch id), or repeated by (an idempotency key). `send_at` is when a
    provider that holds letters is to let them go.
    """

    number: int
    letters: tuple[Letter, ...]
    reference: str = ""
    send_at: datetime | None = None


class Answer(StrEnum):
    """The kinds of answer that a letter can get, whatever the provider's own words for them."""

    TAKEN = "taken"
    """The provider has taken it over."""
    NO_MAILBOX = "no mailbox"
    """Never: there is no such reader."""
    NOT_TAKEN = "not taken"
    """Never: the provider will not take this letter."""
    NOT_NOW = "not now"
    """This letter not now, perhaps later."""
    TOO_FAST = "too fast"
    """Nothing for the moment: the provider wants us to slow down."""
    FAILING = "failing"
    """The provider has trouble of its own; nothing of the letter counts."""
    CUT_SHORT = "cut short"
    """The connection broke before the letter was whole; nothing of it counts."""
    UNHEARD = "unheard"
    """The letter left whole and no answer was heard: it may have arrived."""
    UNSENT = "unsent"
    """Its turn did not come: nothing of it left the house."""


@dataclass(slots=True, kw_only=True)
class Receipt:
    """What became of one letter in one attempt: the kind of answer, the provider's id for it, and its words.

    `wait` is how many seconds the provider asks to wait before the next attempt; 0 when it does not say.
    """

    key: int
    answer: Answer
    provider_id: str = ""
    words: str = ""
    wait: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What a provider made of one batch: a receipt for every letter of it, in its order.

    `stopped` says why nobody can go on until a person has done something: a login refused, a sender not verified, an
    account over its quota. `trouble` says what is wrong with the provider at the moment, which may pass by itself.
    """

    receipts: tuple[Receipt, ...]
    stopped: str = ""
    trouble: str = ""


class Recall(StrEnum):
    """What came of calling a held batch back."""

    CALLED_BACK = "called back"
    """Nobody gets a letter of it."""
    TOO_LATE = "too late"
    """It is out of our hands: the letters go out if the provider has them."""
    NOT_NOW = "not now"
    """It could not be asked, or takes no more of these at the moment; try again."""
