"""The circuit breaker: a provider that fails time after time is left alone for a while."""

from __future__ import annotations

from datetime import timedelta

_FORGIVEN = 2
_FIRST = timedelta(minutes=1)
_LONGEST = timedelta(minutes=15)
_ENOUGH = 10
"""So many doublings lead beyond the longest pause."""


def pause_after(failures: int) -> timedelta:
    """How long nobody sends anything after that many deliveries in a row that met with trouble.

    Nothing for the first two, then 1, 2, 4, 8 minutes, and 15 at most.
    """
    if failures <= _FORGIVEN:
        return timedelta()
    return min(_FIRST * (1 << min(failures - _FORGIVEN - 1, _ENOUGH)), _LONGEST)
