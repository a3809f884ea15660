"""When a source that failed is asked again."""

from __future__ import annotations

from datetime import datetime, timedelta

FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=24)
_MOST_DOUBLINGS = 10
"""More reach past the longest wait, and would not fit into a date."""


def retry_at(failures: int, now: datetime, retry_after: float | None = None) -> datetime:
    """The instant before which a source is left alone that has failed so many times in a row.

    The wait doubles from five minutes to a day. What the server asked for (`retry_after`, seconds) wins where that is
    later, up to a day. A source that has not failed is not kept waiting.
    """
    if failures <= 0 and not retry_after:
        return now
    doubled = FIRST_WAIT * 2 ** min(failures - 1, _MOST_DOUBLINGS) if failures > 0 else timedelta()
    asked_for = timedelta(seconds=min(max(retry_after or 0.0, 0.0), LONGEST_WAIT.total_seconds()))
    return now + min(max(doubled, asked_for), LONGEST_WAIT)
