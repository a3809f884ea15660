"""From the issue to the ledger: the words of the render, audience and record rooms; those of delivery are next door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from digest.model.stories import Window

# --- render: the issue as mail --------------------------------------------------------------------------------


class Slot(StrEnum):
    """A place in the letter that is filled for each reader after the body was rendered once for all."""

    __hash__ = str.__hash__  # an enum's own is written in Python, and every letter asks for it a dozen times

    GREETING = "greeting"
    READER = "reader"
    UNSUBSCRIBE = "unsubscribe"
    PREFERENCES = "preferences"
    LINK = "link"
    """Of a letter to a single reader alone: what it has them press."""


ISSUE_SLOTS = (Slot.GREETING, Slot.READER, Slot.UNSUBSCRIBE, Slot.PREFERENCES)
"""Those that every issue has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of a letter that differs with the sections that a reader chose: `section-2`, or the `preheader`.
    `start` and `end` count characters."""

    name: str
    start: int
    end: int


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
    html_passages: tuple[Passage, ...] = ()
    text_passages: tuple[Passage, ...] = ()


# --- audience: who gets it ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """Somebody who asked for the letter. `address` is normalised: one spelling for one mailbox. `timezone` is a name of
    the IANA database, empty where the reader named none."""

    address: str
    name: str = ""
    categories: tuple[str, ...] = ()
    timezone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A row of the list that gets no letter: line of the file (0 if none), its address as written, and why.

    `reason` is a short constant that can be counted (`suppressed`, `duplicate`, `bad address`); `detail` explains, and
    `column` names the column at fault, as the file does, if there is one.
    """

    reason: str
    line: int = 0
    address: str = ""
    detail: str = ""
    column: str = ""


# --- record: what outlives the process ------------------------------------------------------------------------


class LetterState(StrEnum):
    """Where a letter stands in the ledger. It ends as accepted, refused, left out or unknown, until that is settled."""

    OWED = "owed"
    """Still to be sent: now, or from an instant on."""
    CLAIMED = "claimed"
    """A sender has taken it and not yet said what became of it."""
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    """It left, and nobody heard the answer: it may have arrived."""
    LEFT_OUT = "left_out"


class IssueState(StrEnum):
    """Where an issue stands: made up, part of its letters sent, all of them settled, or stopped by hand for good."""

    COMPOSED = "composed"
    SENDING = "sending"
    SENT = "sent"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRecord:
    """The store's line on one issue, with the count of its letters by state.

    `hold` says why nobody may send it at the moment (empty: they may), and `held_until` when that ends by itself.
    `segment` says to which readers it goes, empty for all.
    """

    issue: str
    number: int
    state: IssueState
    window: Window
    fingerprint: str
    letters: Mapping[LetterState, int] = field(default_factory=dict)
    hold: str = ""
    held_until: datetime | None = None
    sending_since: datetime | None = None
    segment: str = ""

    def is_held(self, now: datetime) -> bool:
        """Whether nobody may send it at that instant."""
        return bool(self.hold) and (self.held_until is None or self.held_until > now)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRecord:
    """The ledger's line on one letter.

    `key` is the subscriber's in the store. `words` are the provider's, or the reason why it was left out; `due` is the
    instant from which an owed letter may be sent; `sender` names the process that has it or had it last, `reference` is
    the provider's handle on the call that it went in, and `send_at` until when the provider holds it. `segment` is that
    of its issue.
    """

    key: int
    issue: str
    address: str
    name: str
    state: LetterState
    words: str = ""
    attempts: int = 0
    due: datetime | None = None
    sender: str = ""
    claimed_at: datetime | None = None
    settled_at: datetime | None = None
    provider: str = ""
    provider_id: str = ""
    reference: str = ""
    send_at: datetime | None = None
    segment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """An address that must never get a letter again, why, and since when."""

    address: str
    reason: str
    since: datetime
