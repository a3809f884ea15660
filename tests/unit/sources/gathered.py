"""Reading sources as a gather does it, and what the store would know of them afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from digest.model import FetchedSource, KnownSource, Wanted
from digest.settings import Fetching, Source
from digest.sources.gather import FeedReader

NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
WANTED = Wanted(since=NOW - timedelta(days=7), now=NOW)
NOTHING = KnownSource()


def read_sources(
    *sources: Source, known: KnownSource = NOTHING, wanted: Wanted = WANTED, fetching: Fetching | None = None
) -> list[FetchedSource]:
    """In the order given."""
    reading = FeedReader(fetching or Fetching()).read([(source, known) for source in sources], wanted)
    order = {source.feed: at for at, source in enumerate(sources)}
    return sorted(reading, key=lambda found: order[found.url])


def read_one(
    address: str, *, known: KnownSource = NOTHING, wanted: Wanted = WANTED, fetching: Fetching | None = None
) -> FetchedSource:
    (found,) = read_sources(Source(name="s", feed=address), known=known, wanted=wanted, fetching=fetching)
    return found


def known_after(found: FetchedSource, before: KnownSource = NOTHING) -> KnownSource:
    """What the store knows of a source that was kept as `found`."""
    dates = [entry.published for entry in found.entries if entry.published and entry.published <= NOW]
    return replace(
        before,
        moved_to=found.moved_to,
        pages={**before.pages, **{page.address: page for page in found.pages}},
        api=found.api or before.api,
        covered_since=found.covered_since or before.covered_since,
        newest=max([*dates, *filter(None, [before.newest])], default=None),
        whole_at=NOW if found.whole else before.whole_at,
    )
