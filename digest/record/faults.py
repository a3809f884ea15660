"""What the database says when it cannot, turned into what a person can do about it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from digest.errors import RecordError

_NOT_OURS = "check store.url in digest.toml: it has to name a store of digest, or a file that does not exist yet"
_RIGHTS = "give this user the right to read and write the file and its folder, or change store.url in digest.toml"
_LOCKED = ("is in use by another program", "wait until the other run has finished, then do this again")

# By SQLite's primary result code: https://www.sqlite.org/rescode.html
_CAUSES = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_NOTADB: ("is not a SQLite database", _NOT_OURS),
    sqlite3.SQLITE_CORRUPT: (
        "is damaged",
        "put back a copy from before; what was sent since then is in the mail server's log",
    ),
    sqlite3.SQLITE_FULL: ("cannot grow: the disk is full", "make room and do this again; what was recorded is safe"),
    sqlite3.SQLITE_READONLY: ("cannot be written to", _RIGHTS),
    sqlite3.SQLITE_PERM: ("cannot be opened", _RIGHTS),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", _RIGHTS),
    sqlite3.SQLITE_IOERR: (
        "cannot be read or written: the disk reports an error",
        "look at the system's log and the disk",
    ),
}
_PRIMARY = 0xFF


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns whatever SQLite or the file system raises about the store at `path` into a RecordError with a hint."""
    try:
        yield
    except DBAPIError as error:
        raise _complaint(path, error.orig or error) from error
    except (sqlite3.Error, OSError) as error:
        raise _complaint(path, error) from error


def _complaint(path: Path, error: BaseException) -> RecordError:
    if isinstance(error, OSError):
        return RecordError(f"the store {path} cannot be reached: {error.strerror or error}", hint=_RIGHTS)
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY
    words, hint = _CAUSES.get(code, (f"cannot do this: {error}", "run it again with --verbose and report what it says"))
    return RecordError(f"the store {path} {words}", hint=hint)
