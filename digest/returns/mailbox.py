"""The seam of mailboxes: what waits in one, and where it goes once it is dealt with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

DONE = "Done"
"""The folder for what was understood and applied. Nothing is ever deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A mail that nobody has dealt with: its name in the mailbox, its first quarter of a megabyte, and when it came
    by the clock of the mailbox, which no sender can set."""

    name: str
    content: bytes
    arrived: datetime


class Mailbox(Protocol):
    """A mailbox that is open. Everything raises MailboxFailed when it cannot be read or changed any more."""

    def waiting(self) -> Iterator[Sequence[Waiting]]:
        """What waits, in handfuls, the oldest first. A handful may be dealt with before the next one is asked for."""

    def done(self, names: Sequence[str]) -> None:
        """Puts mails into the folder of what is done, marked as read. Only what is on record for good may go there."""

    def leave(self, names: Sequence[str]) -> None:
        """Leaves mails for a person to read, as they are. They may not be shown to us again."""

    def close(self) -> None:
        """Ends the connection, if there is one."""
