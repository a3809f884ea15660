"""What a site offers: the routes to its stories, tried in the order of preference until one is good.

    address ──► a feed, a sitemap? ──► that one
            └─► a page ──► WordPress's interface, its feeds, its sitemaps ──► the first that gives stories

A route is tried by the very reading that gathering does, so that what is shown is what will come. The routes behind the
first good one are named and not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

from digest.errors import SourceUnreadable
from digest.model import Entry, FetchedSource, SourceKind, SourceStatus
from digest.settings import Source
from digest.sources.feeds.encodings import in_utf8
from digest.sources.feeds.parse import parse_feed
from digest.sources.site.discover import API, Page, bare_name, guessed_feeds, home_of, read_page
from digest.sources.site.sitemap_document import read_sitemap, sitemaps_of_robots
from digest.sources.texts import is_web_address, on_one_line
from digest.sources.web.fetch import Fetched

Fetch = Callable[[str], Fetched]
"""What is at an address. Raises SourceUnreadable."""
Read = Callable[[Source], FetchedSource]
"""Reads a source as gathering does. Raises nothing."""

QUIET = timedelta(days=30)
"""A source without a story for so long is hardly alive."""

_LAST = 5
_SHORT = 800
_USUAL_SITEMAPS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap.xml", "/sitemap_index.xml")
_CLOCK_SKEW = timedelta(hours=1)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A route to a site's stories that may be one: what kind of source it would be, its address and a name for it."""

    kind: SourceKind
    address: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A route that was tried, with what came. `newest` are its last stories, newest first; `warnings` what an editor
    should know of it."""

    route: Route
    found: FetchedSource
    newest: tuple[Entry, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def is_readable(self) -> bool:
        return self.found.status is not SourceStatus.FAILED

    @property
    def is_good(self) -> bool:
        return self.is_readable and bool(self.newest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """What was found: the routes that were tried, in the order of preference; those that were not; and the best."""

    tried: tuple[Offer, ...]
    untried: tuple[Route, ...]
    chosen: Offer


def find_offers(address: str, fetch: Fetch, read: Read, *, now: datetime) -> Offers:
    """What the site, feed or sitemap at this address offers. The address may lack its scheme (`docket.example`).

    Raises SourceUnreadable when nothing there can be read.
    """
    asked, fetched = _first(fetch, address.strip())
    itself = _as_it_is(fetched, fetched.validators.moved_to or asked)
    if itself:
        offer = try_route(itself, read, now=now)
        if not offer.is_readable:
            raise SourceUnreadable(offer.found.error)
        return Offers(tried=(offer,), untried=(), chosen=offer)
    page = read_page(in_utf8(fetched.body, fetched.content_type)[0], fetched.address)
    if not page.api:
        page = replace(page, api=fetched.links.get(API, ""))
    return _best(fetched.address, _routes(fetched.address, page, fetch), read, now)


def try_route(route: Route, read: Read, *, now: datetime) -> Offer:
    """Reads a source as gathering would, and says what an editor should know of it."""
    found = _as_asked(read(Source(name=route.name, feed=route.address, kind=route.kind)))
    if found.status is SourceStatus.FAILED:
        return Offer(route=route, found=found)
    newest = tuple(sorted(found.entries, key=lambda entry: _dated(entry, now) or _LONG_AGO, reverse=True)[:_LAST])
    told = (_of_comments(route), *warnings_of(found.entries, route.kind, now=now), *found.warnings)
    return Offer(route=route, found=found, newest=newest, warnings=tuple(filter(None, told)))


def warnings_of(entries: Sequence[Entry], kind: SourceKind, *, now: datetime) -> tuple[str, ...]:
    """What an editor should know of a source that gives these entries."""
    if not entries:
        return ("it holds no stories at the moment",)
    told = (_undated(entries), _ahead(entries, now), _quiet(entries, now), _excerpts(entries, kind))
    return tuple(filter(None, told))


def _as_asked(found: FetchedSource) -> FetchedSource:
    """A failure where WordPress's interface did not serve and its feed was read instead, which is another route."""
    if found.kind is SourceKind.WORDPRESS and found.through.startswith("feed"):
        return replace(
            found, status=SourceStatus.FAILED, error=found.warnings[-1] if found.warnings else "it is closed"
        )
    return found


def _first(fetch: Fetch, address: str) -> tuple[str, Fetched]:
    """What was asked and the answer; an address without a scheme is tried as https, then as http."""
    if "://" in address or address.startswith("/"):
        return address, fetch(address)
    secure, plain = f"https://{address}", f"http://{address}"
    try:
        return secure, fetch(secure)
    except SourceUnreadable as error:
        try:
            return plain, fetch(plain)
        except SourceUnreadable:
            raise error from None


def _as_it_is(fetched: Fetched, address: str) -> Route | None:
    """The feed or the sitemap that an answer itself is, under this address."""
    try:
        feed = parse_feed(fetched.body, source="", address=fetched.address, content_type=fetched.content_type)
        return Route(kind=SourceKind.FEED, address=address, name=bare_name(on_one_line(feed.title)))
    except SourceUnreadable:
        pass
    try:
        sitemap = read_sitemap(fetched.body, fetched.content_type)
        return Route(kind=SourceKind.SITEMAP, address=address, name=sitemap.publication)
    except SourceUnreadable:
        return None


def _routes(address: str, page: Page, fetch: Fetch) -> Iterator[Route]:
    """Every route that a page and its site may offer, the preferred first."""
    name = _name(page)
    if page.api:
        yield Route(kind=SourceKind.WORDPRESS, address=home_of(page.api), name=name)
    of_stories = [feed for feed in page.feeds if not feed.is_of_comments]
    for at in [feed.address for feed in of_stories] or guessed_feeds(address):
        yield Route(kind=SourceKind.FEED, address=at, name=name)
    if is_web_address(address):
        for sitemap in _sitemaps(address, fetch):
            yield Route(kind=SourceKind.SITEMAP, address=sitemap, name=name)
    for feed in page.feeds:
        if feed.is_of_comments:
            yield Route(kind=SourceKind.FEED, address=feed.address, name=bare_name(feed.title))


def _name(page: Page) -> str:
    return bare_name(page.feeds[0].title) if page.feeds and page.feeds[0].title else page.title


def _sitemaps(address: str, fetch: Fetch) -> Iterator[str]:
    """The site's sitemaps, those of news first: as its robots.txt names them, then where they usually are."""
    named: tuple[str, ...] = ()
    try:
        robots = fetch(urljoin(address, "/robots.txt"))
        named = sitemaps_of_robots(in_utf8(robots.body, robots.content_type)[0].decode(errors="replace"))
    except SourceUnreadable:
        pass
    yield from sorted(named, key=lambda at: "news" not in urlsplit(at).path.lower())
    if not named:
        yield from (urljoin(address, path) for path in _USUAL_SITEMAPS)


def _best(address: str, routes: Iterable[Route], read: Read, now: datetime) -> Offers:
    tried: list[Offer] = []
    ahead = iter(routes)
    for route in ahead:
        tried.append(try_route(route, read, now=now))
        if tried[-1].is_good:
            break
    readable = sorted((offer for offer in tried if offer.is_readable), key=lambda offer: not offer.is_good)
    if not readable:
        raise _nothing(address, tried)
    # The rest is named where that costs no request.
    untried = () if readable[0].route.kind is SourceKind.SITEMAP else tuple(_named(ahead))
    return Offers(tried=tuple(tried), untried=untried, chosen=readable[0])


def _named(routes: Iterable[Route]) -> Iterator[Route]:
    for route in routes:
        if route.kind is SourceKind.SITEMAP:
            return
        yield route


def _nothing(address: str, tried: Sequence[Offer]) -> SourceUnreadable:
    told = "; ".join(f"{offer.route.address}: {offer.found.error}" for offer in tried[:3])
    return SourceUnreadable(
        f"{address} offers neither a feed nor a sitemap that can be read ({told})",
        hint="name the address of the site's feed itself; the site's people know it",
    )


def _date(entry: Entry) -> datetime | None:
    return entry.published or entry.updated


def _dated(entry: Entry, now: datetime) -> datetime | None:
    """The entry's date; None where it has none, or one that is yet to come."""
    date = _date(entry)
    return date if date and date <= now + _CLOCK_SKEW else None


def _of_comments(route: Route) -> str:
    named = "comment" in f"{urlsplit(route.address).path} {route.name}".lower()
    return "it is a feed of readers' comments, not of stories" if named else ""


def _undated(entries: Sequence[Entry]) -> str:
    missing = sum(_date(entry) is None for entry in entries)
    if not missing:
        return ""
    count = f"{missing} of its stories {'has' if missing == 1 else 'have'} no date"
    told = "its stories have no dates" if missing == len(entries) else count
    return f"{told}: what has none counts from when it is first seen"


def _ahead(entries: Sequence[Entry], now: datetime) -> str:
    count = sum(bool(_date(entry) and not _dated(entry, now)) for entry in entries)
    told = "one of its stories is" if count == 1 else f"{count} of its stories are"
    return f"{told} dated into the future, which counts like no date" if count else ""


def _quiet(entries: Sequence[Entry], now: datetime) -> str:
    dates = [date for entry in entries if (date := _dated(entry, now))]
    if not dates or now - max(dates) <= QUIET:
        return ""
    return f"it has had no story for {(now - max(dates)).days} days; the last one is of {max(dates):%Y-%m-%d}"


def _excerpts(entries: Sequence[Entry], kind: SourceKind) -> str:
    if kind is SourceKind.SITEMAP or any(len(entry.content or entry.summary) > _SHORT for entry in entries):
        return ""
    return "it gives only the beginnings of its stories; the rest is read from their pages"
