"""One at a time: who makes up or sends an issue keeps others from changing it meanwhile.

The lock is the system's (flock) on a file beside the store. It ends with the process, however that ends.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from digest.errors import AtWork
from digest.record.faults import explained


@contextmanager
def alone(store: Path) -> Iterator[None]:
    """Nobody else makes up or sends meanwhile. Raises AtWork when somebody does."""
    with _held(store, fcntl.LOCK_EX):
        yield


@contextmanager
def among_senders(store: Path) -> Iterator[None]:
    """Others may send meanwhile, and nobody makes up an issue. Raises AtWork when somebody does."""
    with _held(store, fcntl.LOCK_SH):
        yield


@contextmanager
def _held(store: Path, kind: int) -> Iterator[None]:
    path = store.with_name(f"{store.name}.lock")
    with explained(path):
        file = path.open("a", encoding="utf-8")
    with file:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AtWork(
                "another digest is making up or sending an issue of this publication right now",
                hint="wait until it has finished; `digest status` shows how far it is",
            ) from None
        yield
