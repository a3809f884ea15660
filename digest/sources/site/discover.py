"""Where a site's feeds are: autodiscovery of its home page (https://www.rssboard.org/rss-autodiscovery)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import etree

from digest.errors import SourceUnreadable
from digest.settings import Fetching
from digest.sources.feeds.encodings import in_utf8
from digest.sources.feeds.parse import parse_feed
from digest.sources.texts import absolute, on_one_line
from digest.sources.web.fetch import Fetched, Fetcher

_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/json",
    "application/rdf+xml",
)
_REST = ("/wp-json/", "rest_route=")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed of a site, as its page calls it. `title` may be empty."""

    title: str
    address: str


def find_feeds(address: str, fetching: Fetching) -> tuple[FoundFeed, ...]:
    """The feeds that a site names, the main one first and those of comments last; the address itself if it is a feed.

    `address` may lack its scheme (`docket.example`). A page that names none is tried with `feed/` added, as WordPress
    has it. Raises SourceUnreadable when there is nothing to be found.
    """
    fetcher = Fetcher(fetching)
    try:
        return _found(fetcher, _with_scheme(address.strip()))
    finally:
        fetcher.close()


def feeds_of_page(page: bytes, address: str) -> tuple[FoundFeed, ...]:
    """The feeds that an HTML page in UTF-8 names, in its order but for those of comments, which come last."""
    tree = _tree(page)
    if tree is None:
        return ()
    base = next((absolute(str(each.get("href", "")), address) for each in tree.iter("base")), "") or address
    feeds = {feed.address: feed for feed in _named(tree, base)}
    return tuple(sorted(feeds.values(), key=_is_of_comments))


def _found(fetcher: Fetcher, address: str) -> tuple[FoundFeed, ...]:
    fetched = fetcher.fetch(address)
    itself = _as_feed(fetched)
    if itself:
        return (itself,)
    page, _ = in_utf8(fetched.body, fetched.content_type)
    return feeds_of_page(page, fetched.address) or (_guessed(fetcher, fetched.address),)


def _as_feed(fetched: Fetched) -> FoundFeed | None:
    try:
        feed = parse_feed(fetched.body, source="", address=fetched.address, content_type=fetched.content_type)
    except SourceUnreadable:
        return None
    return FoundFeed(title=on_one_line(feed.title), address=fetched.address)


def _guessed(fetcher: Fetcher, address: str) -> FoundFeed:
    for guess in dict.fromkeys((urljoin(address, "feed/"), urljoin(address, "/feed/"))):
        try:
            found = _as_feed(fetcher.fetch(guess))
        except SourceUnreadable:
            continue
        if found:
            return found
    raise SourceUnreadable(
        f"{address} names no feed, and has none at feed/", hint="name the address of the site's RSS or Atom feed itself"
    )


def _tree(page: bytes) -> etree._Element | None:
    try:
        return etree.fromstring(page, etree.HTMLParser(encoding="utf-8", no_network=True))
    except etree.XMLSyntaxError:
        return None


def _named(tree: etree._Element, base: str) -> Iterator[FoundFeed]:
    for link in tree.iter("link"):
        address = absolute(str(link.get("href", "")), base)
        if address and _is_feed_link(link) and not any(mark in address for mark in _REST):
            yield FoundFeed(title=on_one_line(str(link.get("title", ""))), address=address)


def _is_feed_link(link: etree._Element) -> bool:
    relations = str(link.get("rel", "")).lower().split()
    kind = str(link.get("type", "")).partition(";")[0].strip().lower()
    return "alternate" in relations and kind in _TYPES


def _is_of_comments(feed: FoundFeed) -> bool:
    return "comment" in feed.address.lower() or "comment" in feed.title.lower()


def _with_scheme(address: str) -> str:
    if "://" in address or address.startswith("/"):
        return address
    return f"https://{address}"
