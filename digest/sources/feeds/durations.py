"""How long an episode runs, as feeds write it."""

from __future__ import annotations

import re

_LONGEST = 24 * 3600
_CLOCK = re.compile(r"(?:(?P<hours>\d{1,3}):)?(?P<minutes>\d{1,3}):(?P<seconds>[0-5]?\d)(?:\.\d*)?")
_SECONDS = re.compile(r"\d{1,6}(?:\.\d*)?")


def seconds_of(text: str) -> int:
    """`1:02:03`, `27:14` or `1634` in seconds, as the podcast tag `itunes:duration` allows all three; 0 for anything
    else, and for more than a day, which is a mistake or milliseconds."""
    text = text.strip()
    if _SECONDS.fullmatch(text):
        return _sensible(int(float(text)))
    clock = _CLOCK.fullmatch(text)
    if not clock:
        return 0
    return _sensible(int(clock["hours"] or 0) * 3600 + int(clock["minutes"]) * 60 + int(clock["seconds"]))


def _sensible(seconds: int) -> int:
    return seconds if seconds <= _LONGEST else 0
