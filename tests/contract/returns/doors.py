"""The doors to a mailbox of returned mail: its Maildir, and a real Dovecot that keeps it."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from digest.office.returning import Reading, Returning
from digest.reader_settings import ReturnsSettings
from digest.record.store import Store
from digest.returns.imap import ImapMailbox
from digest.returns.mailbox import Mailbox
from digest.returns.maildir import MaildirMailbox
from digest.settings import Settings
from tests.dovecot import PASSWORD, Dovecot
from tests.unit.dispatch.office import SECRET, Office
from tests.unit.record.newsroom import NOW


@dataclass
class Door:
    """A mailbox, how it is read, and its Maildir behind it. `server` is None where it is read as a Maildir."""

    maildir: Path
    returns: ReturnsSettings
    server: Dovecot | None
    _names: Iterator[int] = field(default_factory=itertools.count)

    def put(self, *mails: bytes | str, arrived: datetime = NOW) -> None:
        """Delivers mails, one a second."""
        for mail in mails:
            number = next(self._names)
            content = mail.encode() if isinstance(mail, str) else mail
            deliver(self, f"{1_700_000_000 + number}.M{number}.mx", content, arrived + timedelta(seconds=number))

    @contextmanager
    def opened(self, *, look_only: bool = False) -> Iterator[Mailbox]:
        """The mailbox, as the room opens it."""
        mailbox: Mailbox = (
            ImapMailbox(self.returns, look_only=look_only) if self.server else MaildirMailbox(self.maildir)
        )
        try:
            yield mailbox
        finally:
            mailbox.close()

    def names(self) -> list[str]:
        """The names of the mails that wait, in their order."""
        with self.opened() as mailbox:
            return [mail.name for handful in mailbox.waiting() for mail in handful]

    def read(self, office: Office, *, look_only: bool = False) -> Reading:
        """What the office makes of all that waits."""
        settings = settings_of(office, self.returns)
        return Returning(settings, office.store, office.clock).read(look_only=look_only)

    def kept(self) -> list[bytes]:
        """The mails that were not moved."""
        return contents(path for part in ("new", "cur") for path in (self.maildir / part).iterdir())

    def unread(self) -> list[bytes]:
        """Those of them that no mail program shows as read."""
        paths = [path for part in ("new", "cur") for path in (self.maildir / part).iterdir()]
        return contents(path for path in paths if "S" not in flags(path))

    def done(self) -> list[bytes]:
        """The mails in the folder of what is done, each marked as read."""
        paths = list((self.maildir / ".Done").glob("[nc][eu][wr]/*"))
        assert [path.name for path in paths if "S" not in flags(path)] == []
        return contents(paths)


def deliver(door: Door, name: str, content: bytes, arrived: datetime) -> None:
    """Puts a mail into the Maildir, under a name that no mail had."""
    if door.server:
        door.server.put(door.maildir, name, content, arrived)
        return
    path = door.maildir / "tmp" / name
    path.write_bytes(content)
    os.utime(path, (arrived.timestamp(), arrived.timestamp()))
    path.rename(door.maildir / "new" / name)


def maildir_door(folder: Path) -> Door:
    """A Maildir with nothing in it."""
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True)
    return Door(folder, ReturnsSettings(maildir=folder), None)


def imap_door(server: Dovecot) -> Door:
    """An empty mailbox of a Dovecot, asked over TLS."""
    login, maildir = server.new_login()
    return Door(maildir, imap_settings(server, login), server)


def imap_settings(server: Dovecot, login: str) -> ReturnsSettings:
    return ReturnsSettings(
        imap_host="localhost",
        imap_port=server.tls_port,
        imap_username=login,
        imap_password=PASSWORD,
        ca_file=server.ca_file,
    )


def settings_of(office: Office, returns: ReturnsSettings) -> Settings:
    return replace(office.settings, readers=replace(office.settings.readers, returns=returns))


def flags(path: Path) -> str:
    return path.name.partition(":2,")[2]


def contents(paths: Iterable[Path]) -> list[bytes]:
    return sorted(path.read_bytes() for path in paths)


def office_of(store: Store) -> Office:
    """An office that knows how its letters were signed."""
    office = Office(store)
    office.settings = replace(office.settings, secrets=(SECRET,))
    return office
