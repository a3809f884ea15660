"""A sitemap as a source: the index followed to where the week can be, its addresses as entries.

A news sitemap has headlines and dates, of the last two days or so; a plain one the dates of last changes, or none. What
an entry lacks, its title most of all, is on the article's page. Without dates a story is new that was not listed when
the source was first read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum

from digest.errors import SourceUnreadable
from digest.model import Entry, FetchedSource, KnownSource, Wanted
from digest.settings import Source
from digest.sources.coverage import coverage, unchanged
from digest.sources.entries import Item, entries_of
from digest.sources.seam import Asking, found_in
from digest.sources.site.sitemap_choice import is_story, to_read
from digest.sources.site.sitemap_document import Listed, Sitemap, read_sitemap
from digest.sources.web.fetch import Fetched

STALE = timedelta(hours=24)
"""So long pages that have not changed are passed over, though the week is not covered: they may list more of it."""

_DEEPEST = 3
"""robots.txt names an index, the index its sitemaps; the protocol allows no more, sites do one more."""
_MOSTLY = 0.9


class Dates(IntEnum):
    """What a sitemap tells of time."""

    NONE = 0
    OF_NEWS = 1
    OF_CHANGES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What following a sitemap gave. `dates` is the best of those that were read; `gap` why one was not read."""

    pages: tuple[Listed, ...] = ()
    items: int = 0
    dates: Dates = Dates.NONE
    read: int = 0
    gap: str = ""
    warnings: tuple[str, ...] = ()


def read(source: Source, known: KnownSource, asking: Asking, wanted: Wanted, *, most_pages: int) -> FetchedSource:
    """What a sitemap lists of the week, at most `most_pages` sitemaps of it.

    Raises SourceUnreadable when the sitemap itself cannot be read; when one of its index cannot, what was read is kept
    and the week is not complete.
    """
    whole = wanted.whole or _is_worth_more(known, wanted)
    # An index may stay the same while its sitemaps change.
    first = asking.page(source.feed, whole=whole or len(known.pages) > 1)
    if first.unchanged:
        return unchanged(source, known, asking, wanted, through="sitemap")
    walk = _walked(first, asking, wanted, whole=whole, most_pages=most_pages)
    if not walk.read and not walk.gap and known.pages:
        return unchanged(source, known, asking, wanted, through="sitemap")
    return _told(source, known, asking, wanted, walk, whole=whole or not known.pages)


def items_of(pages: Iterable[Listed]) -> Iterator[Item]:
    """What a sitemap lists as items: each address once, as the one has it that tells most."""
    best: dict[str, Listed] = {}
    for page in pages:
        if is_story(page.address):
            best[page.address] = max(best.get(page.address, page), page, key=_tells)
    for page in best.values():
        yield Item(
            link=page.address,
            title=page.title,
            categories=page.keywords,
            published=page.published,
            updated=page.updated,
            pictures=page.pictures,
        )


def dates_of(sitemap: Sitemap) -> Dates:
    """What a sitemap tells of time. One that leaves some pages without a date still counts as dated."""
    if any(page.published for page in sitemap.pages):
        return Dates.OF_NEWS
    dated = sum(page.updated is not None for page in sitemap.pages)
    return Dates.OF_CHANGES if dated > _MOSTLY * len(sitemap.pages) else Dates.NONE


def _is_worth_more(known: KnownSource, wanted: Wanted) -> bool:
    """Whether pages are to be read though they have not changed: they may list more of the week than was kept."""
    covered, _ = coverage(known.covered_since, wanted)
    return not covered and (known.whole_at is None or wanted.now - known.whole_at >= STALE)


def _walked(first: Fetched, asking: Asking, wanted: Wanted, *, whole: bool, most_pages: int) -> Walk:
    """The sitemaps one after the other, the most promising first."""
    walk, ahead = _with(Walk(), read_sitemap(first.body, first.content_type), wanted, depth=1)
    met = {first.address}
    while ahead:
        (address, depth), *ahead = ahead
        if address in met or depth > _DEEPEST:
            continue
        if len(met) >= most_pages:
            return replace(walk, gap=f"the limit of {most_pages} pages was reached")
        met.add(address)
        walk, more = _one_on(walk, address, asking, wanted, whole=whole, depth=depth)
        ahead = [*more, *ahead]
    return walk


def _one_on(
    walk: Walk, address: str, asking: Asking, wanted: Wanted, *, whole: bool, depth: int
) -> tuple[Walk, list[tuple[str, int]]]:
    try:
        fetched = asking.page(address, whole=whole, stranger=True)
        if fetched.unchanged:
            return walk, []
        return _with(walk, read_sitemap(fetched.body, fetched.content_type), wanted, depth=depth)
    except SourceUnreadable as error:
        return replace(walk, gap=walk.gap or f"{address} could not be read: {error}"), []


def _with(walk: Walk, sitemap: Sitemap, wanted: Wanted, *, depth: int) -> tuple[Walk, list[tuple[str, int]]]:
    """The walk with what a sitemap lists, and the sitemaps that are to be read next."""
    if sitemap.sitemaps:
        ahead = [(one.address, depth + 1) for one in to_read(sitemap.sitemaps, since=wanted.since)]
        return replace(walk, warnings=(*walk.warnings, *sitemap.warnings)), ahead
    joined = replace(
        walk,
        pages=(*walk.pages, *(page for page in sitemap.pages if _is_wanted(page, wanted))),
        items=walk.items + len(sitemap.pages),
        dates=max(walk.dates, dates_of(sitemap)),
        read=walk.read + 1,
        warnings=(*walk.warnings, *sitemap.warnings),
    )
    return joined, []


def _is_wanted(page: Listed, wanted: Wanted) -> bool:
    """Whether it may be of the week: of years of stories that were not touched since nothing needs to be kept."""
    return bool(page.published) or page.updated is None or page.updated > wanted.since - timedelta(days=1)


def _told(
    source: Source, known: KnownSource, asking: Asking, wanted: Wanted, walk: Walk, *, whole: bool
) -> FetchedSource:
    entries = entries_of(items_of(walk.pages), source.name)
    oldest = _oldest(entries)
    covered = known.covered_since if walk.gap else _covered_since(known, wanted, walk, oldest)
    complete, why = coverage(covered, wanted)
    complete = complete and not walk.gap
    return replace(
        found_in(source, asking),
        through=_THROUGH[walk.dates],
        entries=entries,
        items=walk.items,
        oldest=oldest,
        covered_since=covered,
        complete=complete,
        why=why if complete else _why_not(walk, why),
        whole=whole,
        warnings=tuple(dict.fromkeys(walk.warnings)),
    )


def _covered_since(known: KnownSource, wanted: Wanted, walk: Walk, oldest: datetime | None) -> datetime | None:
    """Since when every story is in the store, now that all of the index was read that can list the week.

    Of changes all since the week began were seen. News drop out at the end, so what is older counts only where the last
    reading reaches up to them. Without dates every story counts from the first reading on.
    """
    before = known.covered_since
    if walk.dates is Dates.OF_CHANGES:
        return min(wanted.since, before or wanted.since)
    if walk.dates is Dates.NONE:
        return before or wanted.now
    if oldest and before and known.newest and oldest <= known.newest:
        return min(before, oldest)
    return oldest


def _oldest(entries: Sequence[Entry]) -> datetime | None:
    return min((date for entry in entries if (date := entry.published or entry.updated)), default=None)


def _why_not(walk: Walk, why: str) -> str:
    if walk.gap:
        return walk.gap
    if not walk.items:
        return "it lists no pages; is its address right?"
    if walk.dates is Dates.NONE:
        return "its sitemap has no dates, so a story counts from when it was first seen: complete a week from now"
    return f"{why}, because news sitemaps tell of the last days only; gather every day"


def _tells(page: Listed) -> tuple[bool, bool, bool]:
    return bool(page.published), bool(page.title), page.updated is not None


_THROUGH = {Dates.NONE: "sitemap without dates", Dates.OF_NEWS: "news sitemap", Dates.OF_CHANGES: "sitemap"}
