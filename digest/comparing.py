"""Comparing: which of the stories that a gather brought tell what others told, in other words."""

from __future__ import annotations

from datetime import datetime

from digest.edit.gist import gist_of
from digest.edit.near import REACH, find_near
from digest.edit.sift import effective_date
from digest.model import Gist, SeenEntry
from digest.record.store import Store


def compare(store: Store, now: datetime) -> int:
    """Compares what is new or was corrected with the stories of the last sixty days, and keeps the pairs that tell the
    same. Returns how many entries were compared; killed in between, the next call goes on."""
    store.likenesses.pass_over(until=now - REACH, now=now)
    fresh = [_gist(seen) for seen in store.likenesses.uncompared(since=now - REACH)]
    if not fresh:
        return 0
    keys = {gist.key for gist in fresh}
    # The oldest of what is new may be near to what came two months before.
    earliest = min(gist.dated for gist in fresh)
    others = [gist for gist in store.likenesses.gists(since=earliest - REACH) if gist.key not in keys]
    pairs = list(find_near(fresh, others))  # before anything is written: nobody waits for the search
    store.likenesses.keep(fresh, pairs, now=now)
    return len(fresh)


def _gist(seen: SeenEntry) -> Gist:
    return Gist(key=seen.key, dated=effective_date(seen), text=gist_of(seen.entry, seen.page))
