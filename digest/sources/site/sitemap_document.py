"""A sitemap's bytes to the addresses that it lists: plain and news sitemaps, indexes, robots.txt, lists of addresses.

The protocol: https://www.sitemaps.org/protocol.html. News sitemaps:
https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice

from lxml import etree

from digest.model import Picture
from digest.sources.dates import instant
from digest.sources.feeds.encodings import in_utf8
from digest.sources.safe_xml import each, name_of, named_children, read_safely, refused
from digest.sources.texts import MAX_LINK, is_web_address, on_one_line

Children = Mapping[str, etree._Element]
MAX_LISTED = 50_000
"""Addresses in one sitemap, or sitemaps in one index, as the protocol allows."""

_MOST_PICTURES = 10
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NOON = timedelta(hours=12)
_ROBOTS = re.compile(rb"^[ \t]*(?:sitemap|user-agent|disallow|allow)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_NAMED_SITEMAP = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_ADDRESSES = re.compile(rb"\s*https?://\S+\s*(?:\n|\Z)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a sitemap lists: an address with what it says of the page, or of a further sitemap.

    Instants are in UTC. A day without an hour counts as its noon, which is the same day everywhere.
    """

    address: str
    title: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    keywords: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """The pages that a sitemap lists, or the `sitemaps` of an index, in its order. `news` says that it has headlines or
    dates of news; `publication` is whose they are, by its own word."""

    pages: tuple[Listed, ...] = ()
    sitemaps: tuple[Listed, ...] = ()
    publication: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def news(self) -> bool:
        return any(page.published or page.title for page in self.pages)


@dataclass(slots=True)
class _Faults:
    """What was passed over, by what was wrong with it."""

    counts: Counter[str] = field(default_factory=Counter)

    def told(self) -> Iterator[str]:
        for words, count in self.counts.items():
            yield f"{count:,} {'address' if count == 1 else 'addresses'} left out: {words}"


def read_sitemap(body: bytes, content_type: str = "") -> Sitemap:
    """The sitemap in these bytes (unpacked). SourceUnreadable when they are none.

    What cannot be an address of the web is left out with a warning; more than `MAX_LISTED` are not read.
    """
    if _ROBOTS.search(body[:65536]) and not body.lstrip().startswith(b"<"):
        return _of_robots(body, content_type)
    if _ADDRESSES.match(body):
        return _of_list(body, content_type)
    found = read_safely(body, content_type)
    if found.root == "urlset":
        return _pages(found.xml, found.warnings)
    if found.root == "sitemapindex":
        return _index(found.xml, found.warnings)
    raise refused(found, "a sitemap", "look for the lines “Sitemap:” in the site's robots.txt")


def sitemaps_of_robots(text: str) -> tuple[str, ...]:
    """The sitemaps that a robots.txt names (https://www.sitemaps.org/protocol.html#submit_robots), each once."""
    return tuple(dict.fromkeys(filter(is_web_address, _NAMED_SITEMAP.findall(text))))


def _of_robots(body: bytes, content_type: str) -> Sitemap:
    text = in_utf8(body, content_type)[0].decode(errors="replace")
    return Sitemap(sitemaps=tuple(Listed(address=address) for address in sitemaps_of_robots(text)))


def _of_list(body: bytes, content_type: str) -> Sitemap:
    """A sitemap that is a text file: an address a line."""
    lines = in_utf8(body, content_type)[0].decode(errors="replace").split()
    faults = _Faults()
    pages = (Listed(address=line) for line in lines[:MAX_LISTED] if _is_usable(line, faults))
    return Sitemap(pages=tuple(pages), warnings=tuple(faults.told()))


def _pages(xml: bytes, warnings: Iterable[str]) -> Sitemap:
    faults, names = _Faults(), Counter[str]()
    listed = tuple(islice((_page(element, faults, names) for element in each(xml, "url")), MAX_LISTED))
    named = names.most_common(1)
    return Sitemap(
        pages=tuple(page for page in listed if page),
        publication=named[0][0] if named else "",
        warnings=(*warnings, *_too_many(xml, "url", "addresses"), *faults.told()),
    )


def _index(xml: bytes, warnings: Iterable[str]) -> Sitemap:
    faults = _Faults()
    listed = islice((_page(element, faults, Counter()) for element in each(xml, "sitemap")), MAX_LISTED)
    return Sitemap(
        sitemaps=tuple(sitemap for sitemap in listed if sitemap),
        warnings=(*warnings, *_too_many(xml, "sitemap", "sitemaps"), *faults.told()),
    )


def _too_many(xml: bytes, name: str, words: str) -> Iterator[str]:
    count = len(re.findall(rb"<(?:[\w.-]+:)?" + name.encode() + rb"[\s>]", xml))
    if count > MAX_LISTED:
        yield f"lists {count:,} {words}; the first {MAX_LISTED:,} were read"


def _page(element: etree._Element, faults: _Faults, names: Counter[str]) -> Listed | None:
    said = named_children(element)
    address = _text(said, "loc")
    if not _is_usable(address, faults):
        return None
    pictures = tuple(_pictures(element)) if "image" in said else ()
    listed = Listed(address=address, updated=_instant(_text(said, "lastmod")), pictures=pictures)
    return _with_news(listed, named_children(said["news"]), names) if "news" in said else listed


def _with_news(listed: Listed, news: Children, names: Counter[str]) -> Listed:
    if "publication" in news:
        names[_text(named_children(news["publication"]), "name")] += 1
    return replace(
        listed,
        title=_text(news, "title"),
        published=_instant(_text(news, "publication_date")),
        keywords=tuple(filter(None, (word.strip() for word in _text(news, "keywords").split(",")))),
    )


def _pictures(element: etree._Element) -> Iterator[Picture]:
    """Its pictures, the first few: https://developers.google.com/search/docs/crawling-indexing/sitemaps/image-sitemaps"""
    images = (named_children(child) for child in element if name_of(child) == "image")
    for image in islice(images, _MOST_PICTURES):
        address = _text(image, "loc")
        if address:
            yield Picture(address=address, alt=_text(image, "title"), caption=_text(image, "caption"))


def _text(children: Children, name: str) -> str:
    """The text of the child of that name, on one line."""
    return on_one_line("".join(map(str, children[name].itertext()))) if name in children else ""


def _instant(written: str) -> datetime | None:
    found = instant(written) if written else None
    return found + _NOON if found and _DAY.fullmatch(written) else found


def _is_usable(address: str, faults: _Faults) -> bool:
    fault = _fault(address)
    if fault:
        faults.counts[fault] += 1
    return not fault


def _fault(address: str) -> str:
    if not address:
        return "it is empty"
    if len(address) > MAX_LINK:
        return f"longer than {MAX_LINK:,} characters"
    return "" if is_web_address(address) else "no whole address of the web"
