"""The limits of what strangers can set going on the readers' pages: one set of counts for all of it."""

from __future__ import annotations

from digest.audience.limits import Limit, counters
from digest.office.pages import Pages


def over_limit(pages: Pages, address: str, visitor: str, *, is_foreign: bool = False) -> Limit | None:
    """Counts a letter that `visitor` (an IP address) asks for, to a normalised address; gives the limit that is used
    up, None where the letter may be queued. `is_foreign` says that the form had no token of ours. Raises RecordError.
    """
    now = pages.clock()
    sign_up, key = pages.settings.readers.sign_up, pages.store.secret()
    counts = counters(sign_up, address, visitor, key=key, is_foreign=is_foreign, now=now)
    hour = now.replace(minute=0, second=0, microsecond=0)
    full = pages.store.attempts.take([(each.bucket, each.opens, each.most) for each in counts], hour=hour)
    return None if full is None else counts[full].limit
