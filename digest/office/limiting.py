"""Whether strangers may have a letter sent: one set of counts holds for all that they can ask for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from digest.audience.limits import Counter
from digest.record.store import Store


def used_up(store: Store, counts: Sequence[Counter], *, now: datetime) -> Counter | None:
    """Counts an attempt in all of `counts`; the one that is full where one is, and then it counts in none but that."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    full = store.attempts.take([(each.bucket, each.opens, each.most) for each in counts], hour=hour)
    return None if full is None else counts[full]
