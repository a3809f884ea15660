"""A Maildir (https://cr.yp.to/proto/maildir.html), with its folders as Dovecot and Courier lay them (Maildir++)."""

from __future__ import annotations

import mailbox
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path

from digest.errors import ConfigurationError, MailboxFailed
from digest.returns.mailbox import DONE, Waiting
from digest.returns.opened import MOST_BYTES

_HANDFUL = 100
_READ = ":2,S"


class MaildirMailbox:
    """The mails in `new` and `cur`, read or not. Raises ConfigurationError for a folder that is no Maildir."""

    def __init__(self, folder: Path) -> None:
        if not ((folder / "new").is_dir() and (folder / "cur").is_dir()):
            raise ConfigurationError(
                f"{folder} is no Maildir: it has no folders `new` and `cur`",
                hint="name the folder that the mail server delivers to, in returns.maildir or by --maildir",
            )
        self._folder = folder

    def waiting(self) -> Iterator[Sequence[Waiting]]:
        """See Mailbox. Names are paths inside of the Maildir."""
        try:
            paths = [path for part in ("new", "cur") for path in (self._folder / part).iterdir() if path.is_file()]
            dated = sorted((path.stat().st_mtime, path) for path in paths)
        except OSError as error:
            raise _failed(self._folder, error) from None
        for start in range(0, len(dated), _HANDFUL):
            handful = dated[start : start + _HANDFUL]
            yield tuple(filter(None, (self._read(path, date) for date, path in handful)))

    def done(self, names: Sequence[str]) -> None:
        """See Mailbox. A mail moves by one rename, so that it is in one place or the other."""
        if not names:
            return
        try:
            mailbox.Maildir(self._folder, create=False).add_folder(DONE)
            for name in names:
                with suppress(FileNotFoundError):  # a person moved it meanwhile
                    (self._folder / name).rename(self._free_place(name))
        except OSError as error:
            raise _failed(self._folder, error) from None

    def leave(self, names: Sequence[str]) -> None:
        """See Mailbox. They are read again next time: a Maildir has no mark that mail programs would leave alone."""

    def close(self) -> None:
        """Nothing is open."""

    def _free_place(self, name: str) -> Path:
        """Where a mail goes. Whoever puts a copy back to have it read again must not lose the one that was kept."""
        bare, place = Path(name).name.partition(":")[0], self._folder / f".{DONE}" / "cur"
        names = chain((bare,), (f"{bare}_{number}" for number in count(2)))
        return next(path for each in names if not (path := place / f"{each}{_READ}").exists())

    def _read(self, path: Path, date: float) -> Waiting | None:
        try:
            with path.open("rb") as file:
                content = file.read(MOST_BYTES)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _failed(path, error) from None
        name = path.relative_to(self._folder).as_posix()
        return Waiting(name=name, content=content, arrived=datetime.fromtimestamp(date, UTC))


def _failed(path: Path, error: OSError) -> MailboxFailed:
    return MailboxFailed(f"{path} cannot be read or changed: {error.strerror or error}")
