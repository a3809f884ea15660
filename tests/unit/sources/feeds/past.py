"""Feeds with a past, served page by page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

from tests.unit.sources.gathered import NOW
from tests.unit.sources.scripted_site import page

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PER_PAGE = 10
_CHANNEL = "<title>The Docket</title><link>https://docket.example/</link>"


def dated(number: int) -> datetime:
    """The date of the story of this number: one every six hours, back from now."""
    return NOW - 6 * HOUR * number


def item(number: int, date: datetime | None = None, title: str = "") -> str:
    written = format_datetime(date or dated(number))
    return f"<item><guid>{number}</guid><title>{title or number}</title><pubDate>{written}</pubDate></item>"


def rss(items: Iterable[str], head: str = "") -> str:
    names = "xmlns:atom='http://www.w3.org/2005/Atom' xmlns:fh='http://purl.org/syndication/history/1.0'"
    return f"<rss version='2.0' {names}><channel>{_CHANNEL}{head}{''.join(items)}</channel></rss>"


class WordPress:
    """A feed with WordPress's manners: `?paged=N`, one ETag for all pages, and past the last one 404 with a feed."""

    def __init__(self, stories: int = 60) -> None:
        self.stories = list(range(stories))
        self.etag = '"1"'
        self.broken: set[int] = set()
        self.asked: list[int] = []

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        number = int(parse_qs(urlsplit(handler.path).query).get("paged", ["1"])[0])
        self.asked.append(number)
        if number in self.broken:
            page("", 500)(handler)
        elif handler.headers.get("If-None-Match") == self.etag:
            page("", 304, etag=self.etag)(handler)
        else:
            shown = self.stories[PER_PAGE * (number - 1) : PER_PAGE * number]
            body = rss(map(item, shown), "<generator>https://wordpress.org/?v=6.1.9</generator>")
            page(body, 200 if shown else 404, etag=self.etag)(handler)
