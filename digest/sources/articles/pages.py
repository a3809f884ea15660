"""Single stories that an editor named: their pages' addresses, saved pages, or a file with one of these a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import escape
from pathlib import Path

from digest.errors import SourceUnreadable
from digest.model import ArticlePage, Entry, FetchedSource, KnownSource, SourceStatus, Wanted
from digest.settings import Source
from digest.sources.articles.reader import page_in
from digest.sources.identity import identity_of
from digest.sources.seam import Asking, found_in
from digest.sources.texts import is_web_address
from digest.sources.web.fetch import Fetched

_MOST_LINES = 500


def read(source: Source, known: KnownSource, asking: Asking, wanted: Wanted) -> FetchedSource:
    """The stories of the named pages. One that cannot be read is a warning; SourceUnreadable when none can."""
    entries: list[Entry] = []
    troubles: list[str] = []
    count = 0
    for address in source.pages or (source.feed,):
        for named, fetched in _fetched(asking, address, troubles):
            count += 1
            entries += _entries(source.name, named, fetched, troubles)
    if not count:
        raise SourceUnreadable("; ".join(troubles) or "it names no page", hint="name addresses of stories, one a line")
    return replace(
        found_in(source, asking, status=SourceStatus.OK if entries else SourceStatus.UNCHANGED),
        through="pages",
        entries=tuple(entries),
        items=count,
        oldest=min((entry.published for entry in entries if entry.published), default=None),
        complete=not troubles,
        why=f"{count} named page{'' if count == 1 else 's'}" if not troubles else "some pages could not be read",
        warnings=tuple(troubles),
    )


def entry_of(page: ArticlePage, source: str, *, address: str = "") -> Entry:
    """The story of a page as an entry. `address` is where it can be read, if the page does not say so itself.

    Raises SourceUnreadable for a saved page that does not say where it is from.
    """
    link = page.canonical or (address if is_web_address(address) else "")
    if not link:
        raise SourceUnreadable(
            "the saved page does not say where it is from", hint="give the address at which readers find the story"
        )
    return Entry(
        source=source,
        identity=identity_of("", link),
        title=page.title,
        link=link,
        author=", ".join(page.authors),
        summary=page.description or _as_html(page.opening),
        categories=(page.section,) if page.section else (),
        published=page.published,
        updated=page.modified,
        pictures=(page.picture,) if page.picture else (),
    )


def _fetched(asking: Asking, address: str, troubles: list[str]) -> Iterator[tuple[str, Fetched]]:
    """The answers for a named address: one, or as many as the lines of a list."""
    try:
        fetched = asking.page(address)
        listed = [] if is_web_address(address) else _listed(asking.page(address, whole=True).body, Path(address).parent)
    except SourceUnreadable as error:
        troubles.append(f"{address}: {error}")
        return
    if not listed:
        yield address, fetched
    for each in listed:
        try:
            yield each, asking.page(each)
        except SourceUnreadable as error:
            troubles.append(f"{each}: {error}")


def _listed(body: bytes, folder: Path) -> list[str]:
    """The addresses in a file that is a list of them; none where it is a page. Lines with `#` in front are remarks."""
    text = body.decode("utf-8-sig", "replace")
    lines = [line.strip() for line in text.splitlines()]
    named = [line for line in lines if line and not line.startswith("#")]
    if text.lstrip().startswith("<") or any(" " in line or "<" in line for line in named):
        return []
    return [line if is_web_address(line) else str(folder / line) for line in named[:_MOST_LINES]]


def _entries(source: str, address: str, fetched: Fetched, troubles: list[str]) -> list[Entry]:
    if fetched.unchanged:
        return []
    try:
        return [entry_of(page_in(fetched), source, address=fetched.address)]
    except SourceUnreadable as error:
        troubles.append(f"{address}: {error}")
        return []


def _as_html(opening: str) -> str:
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in opening.split("\n\n") if paragraph)
