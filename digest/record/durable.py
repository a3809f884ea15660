"""Writing files so that they are still there, and whole, when the power comes back."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_durably(file: Path, content: bytes) -> None:
    """Writes a file through to the disk. Its name is durable only after `sync_folder`."""
    with file.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())


def replace_durably(file: Path, content: bytes) -> None:
    """Puts `content` in the place of `file`: at any instant there is the old file or the new one."""
    written = file.with_name(f".{file.name}.{os.getpid()}")
    write_durably(written, content)
    written.replace(file)
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable: new files, renamed and removed ones."""
    with _opened(folder) as descriptor:
        os.fsync(descriptor)


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Waits until nobody else writes in that folder. The lock ends with the process."""
    with _opened(folder) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
