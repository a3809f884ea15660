"""The words of the trade, in the order of the rooms: sources, edit, render, audience, deliver, record.

Everything here is frozen and holds tuples; a change makes a new value (`dataclasses.replace`). All instants are
aware datetimes in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

# --- sources: what a feed said, untrusted ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that belongs to a story. `address` is absolute; width and height are px, 0 when unknown."""

    address: str
    width: int = 0
    height: int = 0
    alt: str = ""
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed, as it came: texts may hold any HTML, dates any nonsense. Never shown to a reader as it is.

    `identity` is unique within its source: the guid, else the link, else a hash of the content.
    """

    source: str
    identity: str
    title: str = ""
    link: str = ""
    author: str = ""
    summary: str = ""
    content: str = ""
    categories: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    pictures: tuple[Picture, ...] = ()


class SourceStatus(StrEnum):
    """How reading one source went."""

    OK = "ok"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave to ask "has it changed?" with (RFC 9110, section 13), and where the feed has moved to."""

    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedSource:
    """What reading one source gave: entries when OK, an `error` in words when FAILED.

    `items` counts what the feed holds, repetitions included. `validators` are stored only after the entries are, so
    that a crash in between loses nothing.
    """

    name: str
    url: str
    status: SourceStatus
    entries: tuple[Entry, ...] = ()
    items: int = 0
    validators: Validators = Validators()
    error: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """One line of the gather report. `failing_since` and `last_good` are set when the source failed."""

    name: str
    url: str
    status: SourceStatus
    entries: int = 0
    new: int = 0
    updated: int = 0
    error: str = ""
    warnings: tuple[str, ...] = ()
    failing_since: datetime | None = None
    last_good: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenEntry:
    """An entry of the store: `key` is its row, `first_seen` when we met it, `source_since` when its source was
    first read, and `ran_in` the issue that carried it, if one did."""

    key: int
    entry: Entry
    first_seen: datetime
    source_since: datetime
    ran_in: str = ""


# --- edit: what the newsroom says, clean by construction ------------------------------------------------------


class Form(StrEnum):
    """How a section is set."""

    LEAD = "lead"
    STANDARD = "standard"
    BRIEF = "brief"
    OPINION = "opinion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story as readers see it. All texts are plain text, all addresses http or https.

    `kicker` is the topic above the lead; `place` the dateline's place; `entry_key` the row of the entry it came from.
    """

    headline: str
    address: str
    deck: str = ""
    kicker: str = ""
    byline: str = ""
    place: str = ""
    published: datetime
    picture: Picture | None = None
    source: str = ""
    entry_key: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the issue under one label."""

    name: str
    form: Form = Form.STANDARD
    stories: tuple[Story, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """An entry of the week that is not in the issue, and why (`over the section's 4`, `ran in 2026-11-13`)."""

    title: str
    address: str
    reason: str
    entry_key: int = 0
    settled: bool = True
    """False when the entry is only early: it belongs to a later issue and is looked at again then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The editor's words at the top: paragraphs of plain text, and who signs."""

    paragraphs: tuple[str, ...]
    signature: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The bar above the masthead: one line, one link. `link` may be empty."""

    text: str
    link: str = ""
    link_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The stretch of time an issue covers: after `opens`, up to and including `closes`."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """The dated, numbered thing that readers get. Its `id` is its date, `2026-11-20`."""

    date: date
    number: int
    window: Window
    lead: Story | None
    sections: tuple[Section, ...]
    note: Note
    notice: Notice | None = None

    @property
    def id(self) -> str:
        return self.date.isoformat()

    @property
    def stories(self) -> tuple[Story, ...]:
        """Every story, the lead first, in reading order."""
        lead = (self.lead,) if self.lead else ()
        return lead + tuple(story for section in self.sections for story in section.stories)


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
