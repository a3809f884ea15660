"""Manners at one host: so many requests at a time, a pause between their starts, and rest when it asks for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from digest.settings import Fetching
from digest.sources.web import complaints
from digest.sources.web.patience import Monotonic, Patience
from digest.sources.web.strangers import place_of

MOST_SILENCES = 2
"""A host that was waited for so often without an answer in between is asked nothing more in this run: forty feeds of a
site that is down cost no more time than two."""

SHORT_REST = 5.0
"""Seconds: a host that asks for no more is waited for."""


class Queue:
    """Where our requests to one host (name and port) take turns, from all threads. The first never waits."""

    def __init__(
        self,
        host: str,
        fetching: Fetching,
        monotonic: Monotonic,
        sleep: Callable[[float], None],
        until: float,
    ) -> None:
        self._host, self._until = host, until
        self._monotonic, self._sleep = monotonic, sleep
        self._places = threading.BoundedSemaphore(max(1, fetching.per_host))
        self._lock = threading.Lock()
        self._pause = fetching.pause
        self._next, self._rests_until, self._status = 0.0, 0.0, 0
        self._silences = 0

    @contextmanager
    def place(self, patience: Patience) -> Iterator[None]:
        """One of the host's places, kept until the answer has been read. SourceUnreadable when the run ends before."""
        with patience.aside():
            left = max(0.0, self._until - self._monotonic())
            if not self._places.acquire(timeout=min(left, threading.TIMEOUT_MAX)):
                raise complaints.over()
        try:
            yield
        finally:
            self._places.release()

    def take_turn(self, patience: Patience) -> None:
        """Waits until the next request may start.

        Raises at once SourceRefused where the host wants to rest for longer than a moment, and SourceUnreadable where
        it is silent or the run ends before.
        """
        with patience.aside():
            wait = self._reserved()
            if wait > 0:
                self._sleep(wait)

    def rest(self, seconds: float, status: int) -> None:
        """The host asked, with this status, to be left alone for so long."""
        with self._lock:
            self._rests_until = max(self._rests_until, self._monotonic() + seconds)
            self._status = status

    def heard(self, *, answer: bool) -> None:
        """Whether the host answered, or was waited for in vain."""
        with self._lock:
            self._silences = 0 if answer else self._silences + 1

    def slow_down(self, pause: float) -> None:
        """The host wants at least so many seconds between requests."""
        with self._lock:
            self._pause = max(self._pause, pause)

    def _reserved(self) -> float:
        """The seconds until the turn, which is then taken: the next one is a pause later."""
        with self._lock:
            now = self._monotonic()
            if self._silences >= MOST_SILENCES:
                raise complaints.silent(self._host)
            if self._rests_until - now > SHORT_REST:
                raise complaints.resting(self._host, self._status, self._rests_until - now)
            start = max(now, self._next, self._rests_until)
            if start >= self._until:
                raise complaints.over()
            self._next = start + self._pause
            return start - now


class Queues:
    """The queues of one run, by host and port."""

    def __init__(self, fetching: Fetching, monotonic: Monotonic, sleep: Callable[[float], None], until: float) -> None:
        self._terms = (fetching, monotonic, sleep, until)
        self._queues: dict[tuple[str, int], Queue] = {}
        self._lock = threading.Lock()

    def of(self, address: str) -> Queue:
        """The queue of the host that this address leads to."""
        place = place_of(address)
        with self._lock:
            if place not in self._queues:
                self._queues[place] = Queue(place[0], *self._terms)
            return self._queues[place]
