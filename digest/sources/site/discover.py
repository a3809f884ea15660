"""What a site's page says of the ways to its stories: its feeds (https://www.rssboard.org/rss-autodiscovery), and the
REST interface of WordPress (https://developer.wordpress.org/rest-api/using-the-rest-api/discovery/)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import etree

from digest.sources.texts import absolute, on_one_line

API = "https://api.w.org/"
"""The relation by which answers and pages of WordPress name the root of its REST interface."""

_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/json",
    "application/rdf+xml",
)
_JSON = ("application/feed+json", "application/json")
_REST = ("/wp-json/", "rest_route=")
_API_ROOT = re.compile(r"(?:wp-json/?|(?:index\.php)?\?rest_route=/?)$")
_FEED_WORDS = re.compile(r"\s*[»›|–—:-]?\s*\b(?:main |rss |atom |json )*feed\s*$|\s+(?:RSS|Atom)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed of a site, as its page calls it. `title` may be empty."""

    title: str
    address: str
    is_json: bool = False

    @property
    def is_of_comments(self) -> bool:
        return "comment" in self.address.lower() or "comment" in self.title.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page says: its title; its feeds, the main one first, JSON Feeds after the others, those of comments last;
    and the root of WordPress's REST interface, empty where it names none."""

    title: str = ""
    feeds: tuple[FoundFeed, ...] = ()
    api: str = ""


def read_page(page: bytes, address: str) -> Page:
    """What an HTML page in UTF-8, fetched from `address`, says. Any bytes will do; most say nothing."""
    tree = _tree(page)
    if tree is None:
        return Page()
    base = next((absolute(str(each.get("href", "")), address) for each in tree.iter("base")), "") or address
    feeds = {feed.address: feed for feed in _named(tree, base)}
    apis = (absolute(str(link.get("href", "")), base) for link in tree.iter("link") if API in _relations(link))
    return Page(
        title=next((on_one_line(each.text or "") for each in tree.iter("title")), ""),
        feeds=tuple(sorted(feeds.values(), key=lambda feed: (feed.is_of_comments, feed.is_json))),
        api=next(filter(None, apis), ""),
    )


def guessed_feeds(address: str) -> tuple[str, ...]:
    """Where a feed may be that no page names: `feed/` added, as WordPress has it, to the page and to the site."""
    return tuple(dict.fromkeys((urljoin(address, "feed/"), urljoin(address, "/feed/"))))


def home_of(api: str) -> str:
    """The address of the WordPress site whose REST interface has this root."""
    return _API_ROOT.sub("", api)


def bare_name(title: str) -> str:
    """A feed's title as a name: `The Docket » Feed` is The Docket."""
    return _FEED_WORDS.sub("", title).strip() or title


def _tree(page: bytes) -> etree._Element | None:
    try:
        return etree.fromstring(page, etree.HTMLParser(encoding="utf-8", no_network=True))
    except etree.XMLSyntaxError:
        return None


def _named(tree: etree._Element, base: str) -> Iterator[FoundFeed]:
    for link in tree.iter("link"):
        address, kind = absolute(str(link.get("href", "")), base), _kind(link)
        is_feed = "alternate" in _relations(link) and kind in _TYPES
        if address and is_feed and not any(mark in address for mark in _REST):
            yield FoundFeed(title=on_one_line(str(link.get("title", ""))), address=address, is_json=kind in _JSON)


def _kind(link: etree._Element) -> str:
    return str(link.get("type", "")).partition(";")[0].strip().lower()


def _relations(link: etree._Element) -> list[str]:
    return str(link.get("rel", "")).lower().split()
