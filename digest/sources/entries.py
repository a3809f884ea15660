"""From an item, as a dialect's reader found it, to an entry: clean texts, absolute links, an identity of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from digest.model import Entry, Picture
from digest.sources import pictures
from digest.sources.identity import identity_of, with_own_identities
from digest.sources.texts import (
    MAX_CONTENT,
    MAX_SUMMARY,
    MAX_TITLE,
    absolute,
    names,
    on_one_line,
    plain_name,
    without_controls,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of a feed in whatever dialect, its texts untouched.

    `bases` are what its relative links stand on, nearest first; `written` is the date as the feed writes it.
    """

    guid: str = ""
    link: str = ""
    bases: tuple[str, ...] = ()
    title: str = ""
    summary: str = ""
    content: str = ""
    author: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    written: str = ""
    pictures: tuple[Picture, ...] = ()
    thumbnails: tuple[Picture, ...] = ()
    seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a feed said: its title, its entries in its own order, and what was wrong with it.

    `items` counts what it holds before repetitions and earlier states of a story were set aside. `older` is the
    address of the page before this one in time, as the feed names it; `generator` what the feed says has made it.
    `is_whole` says that there never was more than this (RFC 5005, section 2).
    """

    title: str
    entries: tuple[Entry, ...]
    items: int
    warnings: tuple[str, ...] = ()
    older: str = ""
    generator: str = ""
    is_whole: bool = False


def entries_of(items: Iterable[Item], source: str) -> tuple[Entry, ...]:
    """The entries of one feed document, each with an identity of its own."""
    return with_own_identities([_entry(item, source) for item in items])


def cuts_of(items: Iterable[Item]) -> tuple[str, ...]:
    """A warning for each kind of text that some item has too much of."""
    items = tuple(items)
    limits = (("title", MAX_TITLE), ("summary", MAX_SUMMARY), ("content", MAX_CONTENT))
    return tuple(
        f"a {name} of more than {limit:,} characters was cut there"
        for name, limit in limits
        if any(len(getattr(item, name)) > limit for item in items)
    )


def _entry(item: Item, source: str) -> Entry:
    link = absolute(item.link, *item.bases)
    title = on_one_line(item.title)[:MAX_TITLE]
    content = without_controls(item.content)[:MAX_CONTENT]
    summary = _own_summary(without_controls(item.summary)[:MAX_SUMMARY], content)
    return Entry(
        source=source,
        identity=identity_of(on_one_line(item.guid), link, title, summary, content, item.written),
        title=title,
        link=link,
        author=", ".join(names(item.author)),
        summary=summary,
        content=content,
        categories=names(item.categories),
        published=item.published,
        updated=item.updated,
        pictures=_pictures(item, link, content, summary),
        seconds=item.seconds,
    )


def _own_summary(summary: str, content: str) -> str:
    """Nothing where the summary only repeats the content, as feedparser has it for items without a summary."""
    return "" if summary == content else summary


def _pictures(item: Item, link: str, content: str, summary: str) -> tuple[Picture, ...]:
    chosen = pictures.of_entry(item.pictures, (content, summary), item.thumbnails, *item.bases, link)
    return tuple(_clean(picture) for picture in chosen)


def _clean(picture: Picture) -> Picture:
    return Picture(
        address=picture.address,
        width=picture.width,
        height=picture.height,
        alt=on_one_line(picture.alt)[:MAX_TITLE],
        caption=on_one_line(picture.caption)[:MAX_TITLE],
        credit=plain_name(picture.credit),
    )
