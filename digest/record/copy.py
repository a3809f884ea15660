"""A private copy of the store, for dry runs: nothing beside the original changes, whatever state it is in."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from digest.errors import RecordError
from digest.record.database import is_open_here
from digest.record.faults import explained
from digest.record.location import path_of, url_of

# The file, the log of a store that is open or was left by a crash, and the journal of one that is being made.
_FILES = ("", "-wal", "-journal")
_ATTEMPTS = 5


def copy_store(url: str, folder: Path) -> str:
    """The URL of a copy of the store in `folder`, made if need be; of a file yet to come if there is no store.

    A store that nobody writes to is copied file by file, with the log that a crash may have left: no lock is taken and
    nothing is recovered but in the copy. Raises RecordError.
    """
    original = path_of(url)
    copy = folder / f"copy-of-{original.name}"
    with explained(original):
        folder.mkdir(parents=True, exist_ok=True)
        if original.exists():
            _copy(original, copy)
    return url_of(copy)


def _copy(original: Path, copy: Path) -> None:
    # Closing any handle of a file drops the locks that this process has on it (POSIX), those of SQLite included.
    if is_open_here(original):
        _copy_while_used(original, copy)
        return
    for _ in range(_ATTEMPTS):
        if _copy_untouched(original, copy):
            return
        if _beside(original, "-wal").exists():
            _copy_while_used(original, copy)
            return
    raise RecordError(f"the store {original} is being changed", hint="wait until the other run has finished")


def _copy_untouched(original: Path, copy: Path) -> bool:
    """Copies file by file. False when somebody wrote to the store meanwhile: then the copies do not fit together."""
    before = _marks(original)
    for ending in _FILES:
        _beside(copy, ending).unlink(missing_ok=True)
        with suppress(FileNotFoundError):
            shutil.copy(_beside(original, ending), _beside(copy, ending))
    return _marks(original) == before


def _copy_while_used(original: Path, copy: Path) -> None:
    """Copies by SQLite's own means (https://www.sqlite.org/backup.html), next to the program that uses the store."""
    for ending in _FILES:
        _beside(copy, ending).unlink(missing_ok=True)
    copy.touch(mode=0o600)
    address = f"file:{quote(str(original))}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)


def _marks(original: Path) -> tuple[Any, ...]:
    """What tells whether somebody wrote: the files' inode, size and time, and the index of the log, which changes with
    every commit and every checkpoint."""
    index = b""
    with suppress(FileNotFoundError):
        index = _beside(original, "-shm").read_bytes()
    return (*(_stamp(_beside(original, ending)) for ending in _FILES), index)


def _stamp(file: Path) -> tuple[int, int, int] | None:
    try:
        status = file.stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def _beside(file: Path, ending: str) -> Path:
    return file.with_name(file.name + ending)
