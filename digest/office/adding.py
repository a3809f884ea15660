"""Adding by hand: the facade for one story that an editor names, by the address of its page or a saved page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from digest.clock import Clock
from digest.edit import copy
from digest.edit.address import canonical_address, clean_address
from digest.edit.make_up import rule_for
from digest.errors import ConfigurationError
from digest.model import ArticlePage, Entry, FetchedSource, SourceKind, SourceStatus
from digest.record.articles import KnownEntry
from digest.record.store import Store
from digest.settings import Settings

NAME, URL = "Added by hand", "digest:added"
"""The source of stories that were added by hand."""

_EVE = timedelta(seconds=1)
_LONGEST_SEARCH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A story that was added, or one that was there already: then `known` says where, and `ran_in` in which issue.

    `section` is the one in which it would stand. `without` names what its page did not say.
    """

    entry: Entry
    section: str = ""
    without: tuple[str, ...] = ()
    known: KnownEntry | None = None
    ran_in: str = ""


class Adding:
    """Stories added by hand to one publication."""

    def __init__(self, settings: Settings, store: Store, clock: Clock) -> None:
        self._settings, self._store, self._clock = settings, store, clock

    def add(self, place: str, *, category: str = "", headline: str = "", day: date | None = None) -> Added:
        """Reads the page at `place`, an address or a saved page's path, and keeps its story.

        `category`, `headline` and `day` go before what the page says. Without any date the story counts from now. An
        address that the store knows changes nothing. Raises SourceUnreadable, ConfigurationError.
        """
        address = place if "://" in place else str(Path(place).absolute())
        known = self._known(address) if "://" in place else None
        if known:
            return known
        page, entry = self._read(address)
        known = self._known(entry.link)
        if known:
            return known
        without = tuple(name for name, there in _said(page, headline=headline, day=day, category=category) if not there)
        entry = replace(
            entry,
            title=headline or entry.title,
            categories=(category,) if category else entry.categories,
            published=self._instant(day) if day else entry.published or self._clock(),
        )
        self._keep(entry, page)
        return Added(entry=entry, section=rule_for(entry.categories, self._settings.sections).name, without=without)

    def _read(self, address: str) -> tuple[ArticlePage, Entry]:
        from digest.sources.articles.pages import entry_of
        from digest.sources.articles.reader import read_page
        from digest.sources.web.fetch import Fetcher

        fetcher = Fetcher(self._settings.fetching)
        try:
            page = read_page(fetcher, address)
        finally:
            fetcher.close()
        entry = entry_of(page, NAME, address=page.address)
        if not clean_address(entry.link):
            raise ConfigurationError(f"{entry.link[:200]!r} is no address that a reader could open")
        return page, entry

    def _known(self, address: str) -> Added | None:
        """What the store has at an address, whatever its spelling."""
        wanted = canonical_address(address)
        found = [each for each in self._store.articles.linking(_search(wanted)) if _leads_to(each, wanted)]
        ran_in = self._store.entries.already_ran(before="").get(wanted, "")
        if not wanted or not (found or ran_in):
            return None
        entry = Entry(source=found[0].source if found else "", identity="", link=address)
        return Added(entry=entry, known=found[0] if found else None, ran_in=ran_in)

    def _keep(self, entry: Entry, page: ArticlePage) -> None:
        now = self._clock()
        source = FetchedSource(name=NAME, url=URL, kind=SourceKind.PAGES, status=SourceStatus.OK)
        if URL not in self._store.sources.known([URL]):
            # A new source's past is no news; what an editor adds is, however old.
            self._store.sources.keep(source, now=now - _EVE)
        self._store.sources.keep(replace(source, entries=(entry,), items=1), now=now)
        for each in self._store.articles.linking(entry.link):
            if each.source == NAME:
                self._store.articles.keep(each.key, page, now=now)

    def _instant(self, day: date) -> datetime:
        """The middle of a day where the publication is: on that day everywhere else as well."""
        return datetime.combine(day, time(12), tzinfo=self._settings.publication.timezone).astimezone(UTC)


def _said(page: ArticlePage, *, headline: str, day: date | None, category: str) -> tuple[tuple[str, bool], ...]:
    return (
        ("headline", bool(headline or page.title)),
        ("date", bool(day or page.published)),
        ("deck", bool(page.description or page.opening)),
        ("picture", page.picture is not None),
        ("section", bool(category or page.section)),
    )


def _leads_to(known: KnownEntry, canonical: str) -> bool:
    return canonical_address(known.link) == canonical


def _search(canonical: str) -> str:
    """What stands in every spelling of an address: the last part of its path, else its host."""
    parts = urlsplit(canonical)
    last = parts.path.rpartition("/")[2][:_LONGEST_SEARCH]
    return last if last.isascii() and last and "%" not in last else parts.netloc.partition(":")[0]


def deck_of(entry: Entry) -> str:
    """What would stand under the story's headline."""
    return copy.deck(entry, copy.headline(entry), limit=220)
