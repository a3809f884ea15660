"""A feed and its past: page after page back to the beginning of the week, and whether nothing is missing.

Feeds show their newest ten stories or so. How the older ones are had differs: RFC 5005 names the next page in the
document, JSON Feed has `next_url`, WordPress takes `?paged=2`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from w3lib.url import add_or_replace_parameter

from digest.errors import SourceRefused, SourceUnreadable
from digest.model import Entry, FetchedSource, KnownSource, Wanted
from digest.settings import Source
from digest.sources.coverage import EVER, coverage, unchanged
from digest.sources.entries import Feed
from digest.sources.seam import Asking, found_in
from digest.sources.texts import is_web_address
from digest.sources.web.fetch import Fetched

STALE = timedelta(hours=24)
"""WordPress gives all its feeds the date of its newest story, so that a "not modified" hides a story that was deleted
or dated back. So long a time its word is taken."""

_NO_DATE = datetime(1980, 1, 1, tzinfo=UTC)
_TOO_FAR = timedelta(days=60)
"""Between two stories on one page: the second is dated wrongly."""
_PAST_THE_END = {400, 404, 410}
_WORDPRESS = re.compile(r"wordpress\.(?:org|com)", re.IGNORECASE)
_API = "https://api.w.org/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """How far a walk back through a feed's pages came. `gap` says why it ended before the week did; `end` how it was
    seen that there is nothing older; `met_known` that what lies further back was read before. `older` is the next
    page."""

    feeds: tuple[Feed, ...]
    api: str = ""
    gap: str = ""
    end: str = ""
    met_known: bool = False
    older: str = ""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Each story once, as the page has it on which it was met first."""
        met: dict[str, Entry] = {}
        for feed in self.feeds:
            for entry in feed.entries:
                met.setdefault(entry.identity, entry)
        return tuple(met.values())

    @property
    def oldest(self) -> datetime | None:
        """The date that the walk has come back to."""
        return next(filter(None, (reach(feed.entries) for feed in reversed(self.feeds))), None)

    @property
    def is_at_its_end(self) -> bool:
        return bool(self.gap or self.end) or self.met_known


def read(
    source: Source, known: KnownSource, asking: Asking, wanted: Wanted, *, most_pages: int, first: Fetched | None = None
) -> FetchedSource:
    """What a feed says, as far back as the week begins. `first` is its first page, where that was fetched already.

    Raises SourceUnreadable when its first page cannot be read; when an older one cannot, what was read is kept and the
    week is not complete.
    """
    whole = wanted.whole or is_stale(known, wanted) or not known.pages
    first = first or asking.page(source.feed, whole=whole)
    if first.unchanged and not _is_worth_more(known, wanted):
        return unchanged(source, known, asking, wanted, through="feed")
    if first.unchanged:
        first = asking.page(source.feed, whole=True)
        whole = True
    walk = _walked(source, known, asking, wanted, first, whole=whole, most_pages=most_pages)
    if whole and len(walk.feeds) > 1 and not walk.gap and _has_moved(source, asking, walk):
        # A story that was deleted meanwhile has pulled another one over the edge of a page.
        first = asking.page(source.feed, whole=True)
        walk = _walked(source, known, asking, wanted, first, whole=True, most_pages=most_pages)
    return _told(source, known, asking, wanted, walk, whole=whole)


def is_stale(known: KnownSource, wanted: Wanted) -> bool:
    """Whether a site whose "not modified" hides things has not been read whole for a day."""
    return is_wordpress(known) and (known.whole_at is None or wanted.now - known.whole_at >= STALE)


def is_wordpress(known: KnownSource) -> bool:
    """Whether this source was seen to be WordPress's."""
    return bool(known.api) or any("paged=" in address for address in known.pages)


def api_of(first: Fetched) -> str:
    """The root of the site's REST interface, as the answer names it."""
    return first.links.get(_API, "")


def _walked(
    source: Source,
    known: KnownSource,
    asking: Asking,
    wanted: Wanted,
    first: Fetched,
    *,
    whole: bool,
    most_pages: int,
) -> Walk:
    """From the first page on, back to the week's beginning or to what is known."""
    feed = asking.feed(first)
    walk = Walk(feeds=(feed,), api=api_of(first), older=_older(source, first, feed, 2))
    while walk.older and not walk.is_at_its_end and not _reaches_back(walk, known, wanted, whole=whole):
        if len(walk.feeds) >= most_pages:
            return replace(walk, gap=f"the limit of {most_pages} pages was reached")
        walk = _one_page_on(walk, source, known, asking, wanted, whole=whole)
    return walk


def _one_page_on(
    walk: Walk, source: Source, known: KnownSource, asking: Asking, wanted: Wanted, *, whole: bool
) -> Walk:
    try:
        fetched = asking.page(walk.older, whole=whole, stranger=True)
        if fetched.unchanged and coverage(known.covered_since, wanted)[0]:
            return replace(walk, met_known=True)
        fetched = asking.page(walk.older, whole=True, stranger=True) if fetched.unchanged else fetched
        feed = asking.feed(fetched)
    except SourceRefused as refused:
        return _stopped(walk, refused, _ends(refused))
    except SourceUnreadable as error:
        return _stopped(walk, error, "")
    if not feed.entries:
        return replace(walk, end="its first story was reached")
    if not _new_in(feed, walk):
        return replace(walk, gap="its older pages repeat the newer ones")
    feeds = (*walk.feeds, feed)
    return replace(walk, feeds=feeds, older=_older(source, fetched, feed, len(feeds) + 1, api=walk.api))


def _stopped(walk: Walk, error: SourceUnreadable, end: str) -> Walk:
    return replace(walk, end=end, gap="" if end else f"page {len(walk.feeds) + 1} could not be read: {error}")


def _ends(refused: SourceRefused) -> str:
    """WordPress answers the page past the last with 404, and a feed without entries as its body."""
    return "its first story was reached" if refused.status in _PAST_THE_END else ""


def _older(source: Source, fetched: Fetched, feed: Feed, number: int, *, api: str = "") -> str:
    """The address of the next page back, which would be the one of this number; empty where there is none."""
    if feed.is_whole or not is_web_address(source.feed):
        return ""
    if feed.older:
        return feed.older
    if api or api_of(fetched) or _WORDPRESS.search(feed.generator):
        return add_or_replace_parameter(source.feed, "paged", str(number))
    return ""


def _reaches_back(walk: Walk, known: KnownSource, wanted: Wanted, *, whole: bool) -> bool:
    oldest = walk.oldest
    if oldest is None:
        return False
    if not whole and _meets_known(oldest, known) and (known.covered_since or wanted.now) <= wanted.since:
        return True
    return oldest <= wanted.since


def _meets_known(oldest: datetime, known: KnownSource) -> bool:
    return known.newest is not None and oldest <= known.newest


def _new_in(feed: Feed, walk: Walk) -> bool:
    return bool({entry.identity for entry in feed.entries} - {entry.identity for entry in walk.entries})


def _has_moved(source: Source, asking: Asking, walk: Walk) -> bool:
    """Whether the first page shows other stories than when the walk began."""
    try:
        again = asking.feed(asking.page(source.feed, whole=True))
    except SourceUnreadable:
        return False
    return [entry.identity for entry in again.entries] != [entry.identity for entry in walk.feeds[0].entries]


def _is_worth_more(known: KnownSource, wanted: Wanted) -> bool:
    """Whether a feed that has not changed is to be read all the same: its past was not read far enough."""
    uncovered = known.covered_since is None or known.covered_since > wanted.since
    return uncovered and (len(known.pages) > 1 or is_wordpress(known))


def _told(
    source: Source, known: KnownSource, asking: Asking, wanted: Wanted, walk: Walk, *, whole: bool
) -> FetchedSource:
    # What an editor gives as a file is all there is.
    is_file = bool(walk.entries) and not is_web_address(source.feed)
    covered = EVER if is_file else _covered_since(known, walk)
    complete, why = coverage(covered, wanted)
    gone_can_be_told = whole and complete and not walk.met_known and (len(walk.feeds) > 1 or bool(walk.end))
    return replace(
        found_in(source, asking),
        through="feed" if len(walk.feeds) == 1 else "feed and its older pages",
        entries=walk.entries,
        items=sum(feed.items for feed in walk.feeds),
        oldest=walk.oldest,
        covered_since=covered,
        complete=complete,
        why=why if complete else _why_not(walk, why),
        whole=whole,
        whole_since=wanted.since if gone_can_be_told else None,
        api=walk.api,
        warnings=tuple(dict.fromkeys(warning for feed in walk.feeds for warning in feed.warnings)),
    )


def _covered_since(known: KnownSource, walk: Walk) -> datetime | None:
    """Since when every story is in the store, now that this was read."""
    if walk.entries and (walk.end or any(feed.is_whole for feed in walk.feeds)):
        return EVER
    oldest = walk.oldest
    if oldest is None:
        return None
    before = known.covered_since
    if before and (walk.met_known or _meets_known(oldest, known)):
        return min(before, oldest)
    return oldest


def _why_not(walk: Walk, why: str) -> str:
    if not walk.entries:
        return "it holds no entries; is its address right?"
    if walk.oldest is None:
        return "its entries have no dates"
    if walk.gap:
        return f"{why}; {walk.gap}"
    return f"{why}, and has no older pages; gather more often"


def reach(entries: Sequence[Entry]) -> datetime | None:
    """How far back a page of a feed goes: the date of its last story.

    Not the oldest date on it: a story that is pinned to the top is older than what follows, and one that is dated
    wrongly says nothing. A feed in the order of time begins with its last story.
    """
    dates = [date for entry in entries if (date := entry.published or entry.updated) and date > _NO_DATE]
    rising = sum(one < other for one, other in pairwise(dates))
    if rising > len(dates) // 2:
        dates.reverse()
    if len(dates) > 2 and dates[-2] - dates[-1] > _TOO_FAR:
        dates.pop()
    return dates[-1] if dates else None
