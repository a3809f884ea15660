"""Which way a source is read: by its kind, and a feed of WordPress through the site's REST interface where it can be.

REST holds the whole week in one or two requests, but says never "not modified". So a feed is asked first whether there
is anything new; and it is the way back where the interface is closed.
"""

from __future__ import annotations

from dataclasses import replace

from digest.errors import SourceUnreadable
from digest.model import FetchedSource, KnownSource, SourceKind, Wanted
from digest.settings import Fetching, Source
from digest.sources.coverage import coverage
from digest.sources.feeds import history
from digest.sources.seam import Asking
from digest.sources.texts import is_web_address


def read_as_it_is(
    source: Source, known: KnownSource, asking: Asking, wanted: Wanted, fetching: Fetching
) -> FetchedSource:
    """What a source says now, whatever its kind. Raises SourceUnreadable."""
    if source.kind is SourceKind.WORDPRESS:
        return _read_wordpress(source, known, asking, wanted, fetching)
    if source.kind is SourceKind.SITEMAP:
        from digest.sources.site import sitemap

        return sitemap.read(source, known, asking, wanted, most_pages=fetching.most_pages)
    if source.kind is SourceKind.PAGES:
        from digest.sources.articles import pages

        return pages.read(source, known, asking, wanted)
    return _read_feed(source, known, asking, wanted, fetching)


def _read_feed(source: Source, known: KnownSource, asking: Asking, wanted: Wanted, fetching: Fetching) -> FetchedSource:
    if not (source.rest and is_web_address(source.feed)):
        return history.read(source, known, asking, wanted, most_pages=fetching.most_pages)
    whole = wanted.whole or history.is_stale(known, wanted)
    first = asking.page(source.feed, whole=whole)
    api = history.api_of(first) or known.api
    covered, _ = coverage(known.covered_since, wanted)
    if not api or (first.unchanged and covered):
        return history.read(source, known, asking, wanted, most_pages=fetching.most_pages, first=first)
    from digest.sources.site import wordpress
    from digest.sources.site.wordpress_scope import OtherFeed

    try:
        with_api = replace(known, api=api)
        return wordpress.read(source, with_api, asking, wanted, most_pages=fetching.most_pages, first=first)
    except SourceUnreadable as error:
        first = asking.page(source.feed, whole=True) if first.unchanged else first
        found = history.read(source, known, asking, wanted, most_pages=fetching.most_pages, first=first)
        told = () if isinstance(error, OtherFeed) else (f"read as a feed, because REST did not serve: {error}",)
        return replace(found, warnings=(*found.warnings, *told))


def _read_wordpress(
    source: Source, known: KnownSource, asking: Asking, wanted: Wanted, fetching: Fetching
) -> FetchedSource:
    """Through REST; where that is closed through the site's main feed."""
    from digest.sources.site import wordpress

    try:
        return wordpress.read(source, known, asking, wanted, most_pages=fetching.most_pages)
    except SourceUnreadable as error:
        refused = error
    feed = replace(source, feed=source.feed.rstrip("/") + "/feed/")
    try:
        found = history.read(feed, known, asking, wanted, most_pages=fetching.most_pages)
    except SourceUnreadable:
        raise refused from None
    told = f"read as a feed, because REST did not serve: {refused}"
    return replace(found, url=source.feed, kind=source.kind, warnings=(*found.warnings, told))
