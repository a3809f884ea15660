"""How long a source that fails is left alone."""

from __future__ import annotations

from datetime import datetime, timedelta

FIRST, LONGEST = timedelta(minutes=5), timedelta(hours=24)


def retry_at(failures: int, now: datetime, retry_after: float | None = None) -> datetime:
    """When a source that has failed so many times in a row is asked again.

    A first failure may be chance and costs no wait; then the wait doubles, from five minutes to a day. `retry_after`,
    in seconds, is what the server asked for: it counts where it is longer, up to a day.
    """
    own = min(FIRST * 2 ** min(failures - 2, 16), LONGEST) if failures > 1 else timedelta()
    told = min(timedelta(seconds=max(0.0, retry_after or 0.0)), LONGEST)
    return now + max(own, told)
