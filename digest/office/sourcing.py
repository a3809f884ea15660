"""Sourcing: the facade for finding sources, for putting them into digest.toml, and for lists of them (OPML)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urljoin

from digest.config.load import sources_are_elsewhere
from digest.config.writing import add_sources, written
from digest.edit.address import canonical_address
from digest.edit.copy import headline
from digest.errors import ConfigurationError, SourceUnreadable
from digest.model import SourceKind
from digest.settings import Fetching, Settings, Source
from digest.sources.opml import FeedList, Subscription, named_apart, read_opml, write_opml
from digest.sources.site.looking import look_at, look_at_feeds
from digest.sources.site.offers import Offer, Offers, Route
from digest.sources.texts import is_web_address, on_one_line
from digest.sources.web.files import read_file

__all__ = [
    "FeedList",
    "Offer",
    "Offers",
    "Route",
    "Story",
    "add_sources",
    "check_name",
    "exported",
    "known_as",
    "last_stories",
    "list_in",
    "look",
    "look_at_list",
    "section_of",
    "sources_are_elsewhere",
    "written",
]

_LONGEST_NAME = 80
_OF_FILES = {".opml", ".xml", ".rss", ".atom", ".json", ".gz"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One of a source's last stories, to be shown: its date, None where it has none, and its headline."""

    date: datetime | None
    headline: str
    address: str


def look(address: str, fetching: Fetching, *, now: datetime) -> Offers:
    """What the site, feed, sitemap or file at `address` offers. Raises SourceUnreadable when nothing can be read."""
    return look_at(_located(address), fetching, now=now)


def check_name(name: str, sources: Sequence[Source]) -> None:
    """Raises ConfigurationError for a name that a source has."""
    taken = next((source.name for source in sources if source.name.casefold() == name.casefold()), "")
    if taken:
        raise ConfigurationError(f"there is a source named “{taken}” already", hint="give another --name")


def _located(address: str) -> str:
    """An address of the web as it is, the path of a file as an absolute one. Raises SourceUnreadable."""
    path = Path(address)
    if "://" in address or not (path.is_absolute() or path.is_file() or path.suffix.lower() in _OF_FILES):
        return address
    if not path.is_file():
        raise SourceUnreadable(f"{path.absolute()}: there is no such file", hint="check its path")
    return str(path.absolute())


def list_in(address: str, fetching: Fetching) -> FeedList | None:
    """The list of feeds (OPML) that a file on this machine holds; None for any other file or address.

    Raises SourceUnreadable when there is no such file, or it calls itself OPML and cannot be read as that.
    """
    path = Path(_located(address))
    if not path.is_absolute():
        return None
    body = read_file(path, fetching.max_bytes)
    if path.suffix.lower() != ".opml" and b"<opml" not in body[:4096].lower():
        return None
    return read_opml(body)


def look_at_list(feeds: FeedList, fetching: Fetching, *, now: datetime) -> Iterator[Offer]:
    """Each feed of the list, tried, in its order, under a name of its own. Raises nothing."""
    named = named_apart(feeds.subscriptions)
    routes = [Route(kind=SourceKind.FEED, address=each.feed, name=name) for name, each in named]
    return look_at_feeds(routes, fetching, now=now)


def last_stories(offer: Offer) -> tuple[Story, ...]:
    """An offer's last stories, newest first."""
    return tuple(
        Story(date=entry.published or entry.updated, headline=headline(entry), address=entry.link)
        for entry in offer.newest
    )


def known_as(route: Route, sources: Sequence[Source]) -> str:
    """The name of the source that reads the same already, at an address that differs in its spelling alone or, of a
    WordPress site, through its main feed; empty when there is none."""
    same = _same(route.kind, route.address)
    return next((source.name for source in sources if same & _same(source.kind, source.feed)), "")


def section_of(route: Route, sources: Sequence[Source], *, home: Path, name: str = "") -> dict[str, str]:
    """The keys of the [[sources]] section for a route: a name that no source has, and its address.

    A file within the folder `home` is named from there. Raises ConfigurationError for a `name` that is taken.
    """
    check_name(name, sources)
    taken = {source.name.casefold() for source in sources}
    chosen = on_one_line(name) or _free(on_one_line(route.name)[:_LONGEST_NAME].strip(), taken)
    named = {"name": chosen} if chosen else {}
    return {**named, route.kind.value: _from_home(route.address, home)}


def exported(settings: Settings, *, now: datetime) -> str:
    """The publication's feeds as OPML 2.0. Other kinds of sources have no place in such a list."""
    feeds = [
        Subscription(feed=source.feed, name=source.name)
        for source in settings.sources
        if source.kind is SourceKind.FEED and is_web_address(source.feed)
    ]
    return write_opml(settings.publication.name, feeds, created=now)


def _same(kind: SourceKind, address: str) -> set[str]:
    """Spellings by which two sources are the same."""
    if not is_web_address(address):
        return {address}
    addresses = {address, urljoin(address, "feed/")} if kind is SourceKind.WORDPRESS else {address}
    return {canonical_address(each) or each for each in addresses}


def _free(name: str, taken: set[str]) -> str:
    numbered = (name, *(f"{name} {number}" for number in range(2, len(taken) + 3)))
    return next(each for each in numbered if each.casefold() not in taken) if name else ""


def _from_home(address: str, home: Path) -> str:
    if is_web_address(address):
        return address
    path = Path(address)
    return str(path.relative_to(home)) if path.is_relative_to(home) else address
