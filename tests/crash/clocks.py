"""Clocks that a test sets: one that goes ahead of the wall's, and one that is set forward and back all the time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Seconds = Callable[[], float]
"""Gives seconds since 1970."""

_HOUR = 3600.0
_JUMPS = (0.0, _HOUR, -_HOUR, 0.0, -_HOUR, _HOUR)


def later(seconds: float) -> Seconds:
    """So many seconds ahead of the wall's clock."""
    return lambda: time.time() + seconds


def jumping(every: float) -> Seconds:
    """Goes right, then is an hour ahead, then an hour behind, and so on, for `every` seconds each."""
    began = time.monotonic()
    return lambda: time.time() + _JUMPS[int((time.monotonic() - began) / every) % len(_JUMPS)]


def as_instants(clock: Seconds) -> Callable[[], datetime]:
    """The same clock, as the product reads it."""
    return lambda: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=clock())
