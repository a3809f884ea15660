"""The words of mail that comes back: what a mail in the mailbox of returns says, before anybody believes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from digest.model.readers import EventKind


class ReturnKind(StrEnum):
    """What a mail that came back is."""

    REPORT = "delivery report"
    """A mail server tells what became of a letter (RFC 3464), in its own way or in the standard's."""
    COMPLAINT = "complaint"
    """A reader marked a letter as spam, and their provider tells it (RFC 5965)."""
    UNSUBSCRIBE = "unsubscribe"
    AUTOMATIC = "automatic reply"
    """Out of office, received with thanks (RFC 3834): nothing is to be done."""
    OTHER = "something else"
    """For a person to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of a letter to one address, as told. `address` is as it was written, for the most part lower case;
    it may be local to a server and no address at all. `kind` is HARD_BOUNCE, SOFT_BOUNCE, DEFERRED, DELIVERED or
    COMPLAINT. `words` are the server's, on one line.
    """

    address: str
    kind: EventKind
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedMail:
    """What a mail says.

    `sender` is its From, `recipients` the addresses that it was sent to (the return path of our letter among them).
    `original_to` are the readers of the letter that it is about, as the letter's own headers name them, and `mentioned`
    the Message-IDs that it holds or answers. `identity` is the same for every copy of the mail. `at` is its date, None
    where it has none that can be read.
    """

    kind: ReturnKind
    identity: bytes
    fates: tuple[Fate, ...] = ()
    sender: str = ""
    recipients: tuple[str, ...] = ()
    original_to: tuple[str, ...] = ()
    mentioned: tuple[str, ...] = ()
    at: datetime | None = None
