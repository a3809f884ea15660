"""From the issue to the ledger: the words of the render, audience, deliver and record rooms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from digest.model.stories import Window

# --- render: the issue as mail --------------------------------------------------------------------------------


class Slot(StrEnum):
    """A place in the letter that is filled for each reader after the body was rendered once for all."""

    GREETING = "greeting"
    READER = "reader"
    UNSUBSCRIBE = "unsubscribe"
    PREFERENCES = "preferences"


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedIssue:
    """An issue made up: what was previewed is what is sent.

    `slots` gives the marker that stands in `html` and `text` for each slot: letters, digits, `-` and `_` only, with a
    part that depends on the content, so that no story can contain it. `fingerprint` covers content and templates.
    """

    issue: str
    subject: str
    preheader: str
    html: str
    text: str
    slots: Mapping[Slot, str]
    fingerprint: str


# --- audience: who gets it ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """Somebody who asked for the letter. `address` is normalised: one spelling for one mailbox."""

    address: str
    name: str = ""
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A row of the list that gets no letter: line of the file (0 if none), its address as written, and why.

    `reason` is a short constant that can be counted (`suppressed`, `duplicate`, `bad address`); `detail` explains.
    """

    reason: str
    line: int = 0
    address: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who gets an issue, in the order of the list, and who does not."""

    readers: tuple[Subscriber, ...]
    left_out: tuple[LeftOut, ...] = ()


# --- deliver: letters and their fate --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """What all letters of one issue share. Addresses of pages are absolute; `from_` and `reply_to` are mailboxes
    as `Name <user@host>`; `reply_to` may be empty. `unsubscribe_mail` is where a mailed "unsubscribe" goes."""

    rendered: RenderedIssue
    from_: str
    reply_to: str
    list_id: str
    archive: str
    unsubscribe_mail: str
    date: datetime
    test: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What differs from one reader to the next. `slots` are plain text; `one_click` is the RFC 8058 address.

    `message_id` has its angle brackets and is a function of issue and subscriber.
    """

    address: str
    name: str
    message_id: str
    one_click: str
    slots: Mapping[Slot, str] = field(default_factory=dict)


class Fate(StrEnum):
    """What became of a letter in one attempt."""

    ACCEPTED = "accepted"
    """The provider took it over."""
    REFUSED = "refused"
    """The provider will not take it, for good."""
    DEFERRED = "deferred"
    """Not taken this time; it is still owed."""
    UNSENT = "unsent"
    """Nothing of it left the house; it is still owed."""
    UNKNOWN = "unknown"
    """It may have arrived: the connection broke after it had left and before the answer came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The fate of one letter: the provider's id for it, and its words where it refused or deferred."""

    address: str
    fate: Fate
    provider_id: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What a provider made of one batch: a receipt for every letter of it, and, when it cannot go on, why."""

    receipts: tuple[Receipt, ...]
    stopped: str = ""


# --- record: what outlives the process ------------------------------------------------------------------------


class LetterState(StrEnum):
    """Where a letter stands in the ledger. A letter that was claimed and never settled is UNKNOWN."""

    OWED = "owed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    LEFT_OUT = "left_out"


class IssueState(StrEnum):
    """Where an issue stands: made up, part of its letters sent, or all of them settled."""

    COMPOSED = "composed"
    SENDING = "sending"
    SENT = "sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRecord:
    """The store's line on one issue, with the count of its letters by state."""

    issue: str
    number: int
    state: IssueState
    window: Window
    fingerprint: str
    letters: Mapping[LetterState, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRecord:
    """The ledger's line on one letter. `words` are the provider's, or the reason why it was left out; `run` names the
    go of the sender that has it or had it last; `attempts` is how often it was tried."""

    address: str
    name: str
    state: LetterState
    words: str = ""
    attempts: int = 0
    run: str = ""
    claimed_at: datetime | None = None
    settled_at: datetime | None = None
    provider: str = ""
    provider_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """An address that must never get a letter again, why, and since when."""

    address: str
    reason: str
    since: datetime
