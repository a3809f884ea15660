"""Whether strangers may have a letter sent: one set of counts holds for all that they can ask for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from digest.audience.limits import Counter
from digest.model.errands import Averted
from digest.record.store import Store


def used_up(store: Store, counts: Sequence[Counter], wish: Averted, *, now: datetime) -> Counter | None:
    """Counts an attempt in all of `counts`; the one that is full where one is, and then it counts in none but that, and
    the `wish` as turned away."""
    full = store.attempts.take(
        [(each.bucket, each.opens, each.most) for each in counts], hour=hour_of(now), turned_away=wish
    )
    return None if full is None else counts[full]


def hour_of(now: datetime) -> datetime:
    """The hour in which attempts of now are counted."""
    return now.replace(minute=0, second=0, microsecond=0)
