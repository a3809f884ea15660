"""The wall clock. It is read here and nowhere else; everywhere else time is an argument."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def epoch() -> float:
    """The present instant as seconds since 1970, as servers write it in their headers."""
    return now().timestamp()


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)
