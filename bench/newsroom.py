"""Invented feeds, entries and readers in bulk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from digest.model import Entry, Picture

CLOSES = datetime(2026, 11, 20, 14, tzinfo=UTC)
_CATEGORIES = ("National", "Courts", "Regional", "International", "In brief", "Opinion", "Gardening")
_WORDS = "court county river bridge ledger clerk harbor appeal orchard statute ferry witness archive panel".split()  # noqa: SIM905
_ITEM = """<item><title>{title}</title><link>https://{host}.example/{number}/</link>
<dc:creator><![CDATA[Ana Okoro]]></dc:creator><pubDate>{date}</pubDate><category><![CDATA[{category}]]></category>
<guid isPermaLink="false">https://{host}.example/?p={number}</guid><description><![CDATA[{deck}]]></description>
<content:encoded><![CDATA[{body}]]></content:encoded></item>"""
_FEED = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>{host}</title><link>https://{host}.example/</link>
<description>News</description>{items}</channel></rss>"""


def sentence(seed: int, words: int) -> str:
    """A sentence of so many words, another one for each seed."""
    return " ".join(
        _WORDS[(seed * 7 + position * (seed % 5 + 1)) % len(_WORDS)] for position in range(words)
    ).capitalize()


def feed(host: str, entries: int) -> bytes:
    """An RSS 2.0 feed as WordPress writes it, about 2.5 kB an entry."""
    items = "".join(
        _ITEM.format(
            host=host,
            number=number,
            title=f"{sentence(number, 7)} {number}",
            date=format_datetime(CLOSES - timedelta(minutes=30 * number + 5)),
            category=_CATEGORIES[number % len(_CATEGORIES)],
            deck=f"{sentence(number, 18)}.",
            body="".join(f"<p>{sentence(number + part, 45)}.</p>" for part in range(7)),
        )
        for number in range(entries)
    )
    return _FEED.format(host=host, items=items).encode()


def entries(count: int, *, every: timedelta) -> Iterator[Entry]:
    """So many entries, the newest first."""
    for number in range(count):
        yield Entry(
            source="The Docket",
            identity=f"https://docket.example/?p={number}",
            title=f"{sentence(number, 7)} {number}",
            link=f"https://docket.example/{number}/?utm_source=rss",
            author="Ana Okoro",
            summary=f"<p>{sentence(number, 18)}.</p>",
            content="".join(f"<p>{sentence(number + part, 45)}.</p>" for part in range(7)),
            categories=(_CATEGORIES[number % len(_CATEGORIES)],),
            published=CLOSES - every * number - timedelta(minutes=5),
            pictures=(Picture(address=f"https://docket.example/{number}.jpg", width=640, height=427, alt="A drawing"),),
        )


def write_roster(path: Path, readers: int) -> None:
    """A list of so many readers."""
    rows = (f"reader{number}@example.com,Ana Reader {number}\n" for number in range(readers))
    with path.open("w", encoding="utf-8") as file:
        file.write("email,name\n")
        file.writelines(rows)
