"""Whose turn it is to write, among all who share a store while letters are sent.

SQLite lets one writer in at a time, and those who wait for it sleep, longer each time, up to a tenth of a second: with
several senders most of the time would go by while the store is free, and a reader who leaves would come last, because
senders are quick to be back. So all take turns before they ask SQLite.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from pathlib import Path

_NAP = 0.0003
_PATIENCE = 2.0
"""Seconds. Somebody who keeps a turn for longer hangs, or was stopped; then SQLite's own lock decides."""


class Turn:
    """Entered by one thread at a time of all processes that share `folder`, which is the senders' own.

    It only saves time: what keeps writers apart is the store's lock. While the folder is not there, nobody sends.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._threads = threading.Lock()
        self._opened = -1

    def __enter__(self) -> None:
        self._threads.acquire()
        if self._opened < 0:
            self._opened = _opened(self._folder)
        if self._opened >= 0:
            _wait(self._opened)

    def __exit__(self, *_: object) -> None:
        if self._opened >= 0:
            fcntl.flock(self._opened, fcntl.LOCK_UN)
        self._threads.release()

    def close(self) -> None:
        """Lets go of the folder."""
        if self._opened >= 0:
            os.close(self._opened)
        self._opened = -1


def _opened(folder: Path) -> int:
    try:
        return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return -1


def _wait(opened: int) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            time.sleep(_NAP)
        else:
            return
