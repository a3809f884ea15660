"""A sender's shift: whether its lanes may go on, and why they stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta

_MARGIN = timedelta(seconds=5)
_BOOTTIME = getattr(time, "CLOCK_BOOTTIME", None)


def seconds_up() -> float:
    """Seconds on a clock that nobody sets and that goes on while the machine sleeps."""
    return time.monotonic() if _BOOTTIME is None else time.clock_gettime(_BOOTTIME)


class Shift:
    """What the lanes of one sender share. Threads may share it.

    `stopped` says why nobody can go on, in words for the operator; `error` is what broke the work off. A lane that is
    told to stop finishes the letter on the wire and settles.
    """

    def __init__(self, *, lease: timedelta, limit: int | None = None, up: Callable[[], float] = seconds_up) -> None:
        self.stopped = ""
        self.error: Exception | None = None
        self._lease = (lease - _MARGIN).total_seconds()
        self._left = limit
        self._up = up
        self._over = threading.Event()
        self._news = threading.Condition()
        self._fence = up() + self._lease

    @property
    def over(self) -> bool:
        """Whether no further letter may start: it ended, or the lease has to be renewed first."""
        return self.ended or self._up() >= self._fence

    @property
    def ended(self) -> bool:
        """Whether it ended for good."""
        return self._over.is_set()

    @property
    def spent(self) -> bool:
        """Whether `--limit` is reached."""
        return self._left == 0

    def stop(self, why: str = "") -> None:
        """Ends the shift after the letters on the wire; the first reason counts."""
        self.stopped = self.stopped or why
        self._over.set()
        self.tell()

    def fail(self, error: Exception) -> None:
        """Ends it because something broke."""
        self.error = self.error or error
        self.stop()

    def renewed(self, asked: float) -> None:
        """The lease was renewed, by a transaction that began at `asked` (in `seconds_up`)."""
        self._fence = max(self._fence, asked + self._lease)

    def take(self, letters: int) -> int:
        """How many of so many letters may still be claimed, with `--limit`; they are taken off it."""
        with self._news:
            if self._left is None:
                return letters
            taken = min(letters, self._left)
            self._left -= taken
            return taken

    def give_back(self, letters: int) -> None:
        """Letters that were taken off the limit and not claimed."""
        with self._news:
            if self._left is not None:
                self._left += letters

    def tell(self) -> None:
        """Wakes lanes that wait for something to change."""
        with self._news:
            self._news.notify_all()

    def wait_for_news(self, seconds: float) -> None:
        """Until something changed, or for so many seconds."""
        with self._news:
            if not self._over.is_set():
                self._news.wait(seconds)

    def sleep(self, seconds: float) -> bool:
        """Sleeps, unless the shift ends meanwhile; says whether it goes on."""
        return not self._over.wait(seconds) if seconds > 0 else not self._over.is_set()
