"""A clock that goes on only when somebody sleeps by it."""

from __future__ import annotations

import threading


class ToldClock:
    """`slept` lists the sleeps in seconds."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []
        self._lock = threading.Lock()

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept.append(round(seconds, 3))
            self.now += seconds
