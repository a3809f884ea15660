"""How a send is going: how fast, and when it will be done."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from digest.dispatch.shift import seconds_up
from digest.model import IssueRecord, LetterState, Progress

_WINDOW = 30.0
_DONE = (LetterState.ACCEPTED, LetterState.REFUSED, LetterState.UNKNOWN, LetterState.LEFT_OUT)


class Pulse:
    """Takes counts as they come and says how it is going."""

    def __init__(self, up: Callable[[], float] = seconds_up) -> None:
        self._up = up
        self._beats: deque[tuple[float, int]] = deque()

    def beat(self, record: IssueRecord, *, now: datetime, last_due: datetime | None = None) -> Progress:
        """The progress at this moment. Letters that are due at `last_due` make the end no earlier than that."""
        letters, held = record.letters, record.is_held(now)
        seconds, done = self._up(), sum(letters.get(state, 0) for state in _DONE)
        self._beats.append((seconds, done))
        while seconds - self._beats[0][0] > _WINDOW:
            self._beats.popleft()
        rate = self._rate(seconds, done)
        left = letters.get(LetterState.OWED, 0) + letters.get(LetterState.CLAIMED, 0)
        return Progress(
            letters=letters,
            rate=rate,
            ends=_end(left, rate, now, last_due),
            hold=record.hold if held else "",
            held_until=record.held_until if held else None,
        )

    def _rate(self, seconds: float, done: int) -> float:
        first, before = self._beats[0]
        return (done - before) / (seconds - first) if seconds > first else 0.0


def _end(left: int, rate: float, now: datetime, last_due: datetime | None) -> datetime | None:
    if not left or rate <= 0:
        return now if not left else None
    ends = now + timedelta(seconds=left / rate)
    return max(ends, last_due) if last_due else ends
