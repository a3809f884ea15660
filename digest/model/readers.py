"""The words of readers: who asked for the letter, what they chose, who must not be written to, the record of consent.

Two lists that never overwrite each other: who asked (rows of the operator's file, and people who signed up) and who
must not be written to (suppressions, which outlive every reading of the file).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Rhythm(StrEnum):
    """How often a reader gets an issue."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    """The first issue of each calendar month alone."""


class Ground(StrEnum):
    """Why an address must not be written to, the strongest last: what is harder to take back takes the place of the
    weaker. `model.consent` has the rules."""

    SOFT = "could not be reached"
    """Five issues in a row bounced softly over at least 30 days."""
    BOUNCED = "bounced"
    """There is no such mailbox."""
    UNSUBSCRIBED = "unsubscribed"
    FORGOTTEN = "forgotten"
    """Erased at the reader's wish: only a salted hash of the address is left."""
    BY_HAND = "by hand"
    """The operator said so; only the operator takes it back."""
    COMPLAINED = "complained"
    """Marked as spam; only the operator takes it back."""


class Act(StrEnum):
    """What happened to somebody's consent, as the record of consent keeps it."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    IMPORTED = "imported"
    CHOSE = "chose"
    LEFT = "left"
    CAME_BACK = "came back"
    """Took leaving back within the ten minutes of the undo."""
    SUPPRESSED = "suppressed"
    ALLOWED = "allowed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    REACHED = "reached again"
    """A letter got through, or a bounce is not believed any more: they are no longer suppressed for that."""
    REFUSED = "refused by the list"
    """The operator's file said no after it, or the sign-up, had said yes."""


class WhyLeft(StrEnum):
    """Why somebody left, in words that say nothing of who it was. Nobody has to say it."""

    TOO_MANY = "too many letters"
    TOO_LONG = "too long"
    OTHER_TOPICS = "not what I expected"
    NEVER_ASKED = "I never asked for it"
    ELSEWHERE = "I read it elsewhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """From where a word of a reader came. `how`: page, form (embedded), api, one-click, mail, provider, operator, file.

    `network` is the visitor's IP address, `form` the address of the page that the form stood in, `words` the very words
    agreed to, `language` the language these were in. All are empty where they are not known or make no sense.
    """

    how: str
    network: str = ""
    form: str = ""
    words: str = ""
    language: str = ""


OPERATOR = Origin(how="operator")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a reader chose. Empty `sections` stand for all of them, empty texts for the publication's own.

    `name` is the name to be greeted by, `timezone` a name of the IANA database, `language` a code like `es`.
    """

    sections: tuple[str, ...] = ()
    rhythm: Rhythm = Rhythm.WEEKLY
    language: str = ""
    timezone: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """Somebody asked for the letter and has not confirmed it yet. `nonce` goes into the link that confirms it: that
    works once, and only while this sign-up waits."""

    key: int
    address: str
    nonce: str
    choice: Choice
    asked_at: datetime
    origin: Origin
    letters: int = 0
    """How many confirmation letters went to this address since they first asked."""
    last_letter_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A line of the record of consent."""

    act: Act
    at: datetime
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody whom the store knows, as they stand now.

    `number` is the store's key, which is never given to anybody else. `is_listed` says whether the file has them,
    `joined_at` when they signed up by themselves; `choice` is their own where `own_choice`, else the file's.
    `ground` is why they must not be written to, None if they may be.
    """

    number: int
    address: str
    choice: Choice
    is_listed: bool
    joined_at: datetime | None
    own_choice: bool
    ground: Ground | None
    suppressed_since: datetime | None = None

    @property
    def is_on_the_list(self) -> bool:
        """Whether somebody asked for letters to them. Whether they may be written to is another question."""
        return self.is_listed or self.joined_at is not None

    @property
    def gets_letters(self) -> bool:
        return self.is_on_the_list and self.ground is None


class EventKind(StrEnum):
    """What came back of a letter, whatever the provider's own words for it."""

    PROCESSED = "processed"
    """The provider has taken the letter over."""
    DELIVERED = "delivered"
    DEFERRED = "deferred"
    HARD_BOUNCE = "hard bounce"
    """There is no such mailbox: the address is dead."""
    SOFT_BOUNCE = "soft bounce"
    """This letter did not get through: a full mailbox, a refusal for its content or its sender, a broken server."""
    DROPPED = "dropped"
    """The provider did not even try."""
    DROPPED_UNSUBSCRIBED = "dropped as unsubscribed"
    DROPPED_COMPLAINED = "dropped as complained"
    """Nor here: it keeps the address on a list of those who told it so, it does not say when."""
    COMPLAINT = "complaint"
    UNSUBSCRIBE = "unsubscribe"
    OPEN = "open"
    CLICK = "click"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailEvent:
    """One thing that came back, by a provider's webhook or as a mail.

    `address` is normalised, `number` the reader's key in the store where a VERP return path told it (0 where not).
    `issue` and `letter` (24 hexadecimal digits of the Message-ID) are empty where they are not known. `identity` is the
    same for every repeat of one event, 16 bytes. `is_machine` marks opens and clicks that the provider says no person
    made. `words` are the other side's, on one line.
    """

    kind: EventKind
    at: datetime
    identity: bytes
    address: str = ""
    number: int = 0
    issue: str = ""
    letter: str = ""
    words: str = ""
    url: str = ""
    is_machine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """How the readership stands. `readers` are those who get letters: whom the file has (`listed`), and who are there
    by a sign-up or an import alone (`signed_up`). The rest counts these by what they chose, an empty language being the
    publication's; `suppressed` counts addresses, whoever's."""

    readers: int = 0
    listed: int = 0
    signed_up: int = 0
    pending: int = 0
    suppressed: dict[Ground, int] = field(default_factory=dict)
    rhythms: dict[Rhythm, int] = field(default_factory=dict)
    languages: dict[str, int] = field(default_factory=dict)
    sections: dict[str, int] = field(default_factory=dict)
