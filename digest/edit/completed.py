"""What an entry leaves out, filled in from its article's own page. What the entry says itself stays as it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape

from digest.edit import copy
from digest.edit.address import canonical_address
from digest.edit.clean import plain_text
from digest.model import ArticlePage, Entry, SeenEntry

_SHARED = 2
"""Pages of so many stories that say the same of themselves say it of their site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What pages say that is their site's and no story's: descriptions, pictures, and an address on every page."""

    descriptions: frozenset[str] = frozenset()
    pictures: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()


def house_of(entries: Iterable[SeenEntry]) -> House:
    """What the pages of several stories have in common."""
    pages = [seen.page for seen in entries if seen.page]
    return House(
        descriptions=_shared((page.description, page.title) for page in pages),
        pictures=_shared((page.picture.address, page.title) for page in pages if page.picture),
        addresses=_shared((page.canonical, page.title) for page in pages),
    )


def completed(seen: SeenEntry, house: House) -> SeenEntry:
    """The entry as it stands once its page has said what it lacks; itself when nobody asked the page."""
    if seen.page is None:
        return seen
    entry, page = seen.entry, seen.page
    title = entry.title if copy.headline(entry) else page.title
    return replace(
        seen,
        entry=replace(
            entry,
            title=title,
            summary=entry.summary if copy.has_deck(entry, title) else _summary(entry, page, title, house),
            author=entry.author if copy.byline(entry.author) else ", ".join(page.authors),
            categories=entry.categories if any(map(plain_text, entry.categories)) else _section(page),
            pictures=(*entry.pictures, *((page.picture,) if _is_own_picture(page, house) else ())),
            published=_published(entry, page),
        ),
        page=replace(page, canonical="") if page.canonical in house.addresses else page,
    )


def own_address(seen: SeenEntry) -> str:
    """The address that the page calls its own, in the one spelling of all addresses of a story; empty without one."""
    return canonical_address(seen.page.canonical) if seen.page else ""


def _summary(entry: Entry, page: ArticlePage, title: str, house: House) -> str:
    """What somebody wrote about the story, else how it begins; an excerpt that was cut off is better than nothing."""
    said = (
        "" if page.description in house.descriptions or copy.same_words(page.description, title) else page.description
    )
    if said and copy.is_written(said):
        return said
    return _as_html(page.opening) or entry.summary or said


def _as_html(opening: str) -> str:
    return "".join(f"<p>{escape(_undated(each))}</p>" for each in opening.split("\n\n") if each)


def _undated(paragraph: str) -> str:
    return copy.without_dateline(paragraph)[1]


def _section(page: ArticlePage) -> tuple[str, ...]:
    return (page.section,) if page.section else ()


def _is_own_picture(page: ArticlePage, house: House) -> bool:
    return page.picture is not None and page.picture.address not in house.pictures


def _published(entry: Entry, page: ArticlePage) -> datetime | None:
    return entry.published or (None if entry.updated else page.published)


def _shared(said: Iterable[tuple[str, str]]) -> frozenset[str]:
    """What pages of several titles say, given what each says and its title."""
    by_words: defaultdict[str, set[str]] = defaultdict(set)
    for words, title in said:
        by_words[words].add(title)
    return frozenset(words for words, titles in by_words.items() if len(titles) >= _SHARED)
