"""`digest sources add` with a list of feeds (OPML): each is tried, and those that can be read are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from digest import clock
from digest.cli import contract, show
from digest.cli.source_offers import offer_as_object
from digest.errors import SourceUnreadable
from digest.office import sourcing
from digest.office.sourcing import FeedList, Offer
from digest.settings import Settings, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A feed of the list: what came of it, the source that reads it already, else the section for it."""

    offer: Offer
    known: str = ""
    section: dict[str, str]


def add_all(feeds: FeedList, settings: Settings, path: Path, *, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Tries every feed, tells of each in a line, asks and writes those that can be read.

    Raises SourceUnreadable at the end when some cannot, and ConfigurationError.
    """
    tried: list[Tried] = []
    for one in _tried(feeds, settings, path):
        tried.append(one)
        if not as_json:
            click.echo(_line(one))
    if not as_json:
        for warning in feeds.warnings:
            click.echo(f"  {click.style('warning', fg='yellow')}  {warning}")
    sections = [one.section for one in tried if one.section]
    added = bool(sections) and not dry_run
    if added:
        added = yes or click.confirm(f"\nWrite {_count(sections)} into {show.near(path)}?", default=True, err=True)
    if added:
        sourcing.add_sources(path, sections)
    if as_json:
        contract.print_object(_as_object(tried, feeds, added=added))
    else:
        click.echo(f"\n{_outcome(sections, path, added=added, dry_run=dry_run)}")
    _complain([one.offer for one in tried if not one.offer.is_readable], len(tried))


def _tried(feeds: FeedList, settings: Settings, path: Path) -> Iterator[Tried]:
    sources = list(settings.sources)
    for offer in sourcing.look_at_list(feeds, settings.fetching, now=clock.now()):
        known = sourcing.known_as(offer.route, sources)
        section = {} if known or not offer.is_readable else sourcing.section_of(offer.route, sources, home=path.parent)
        if section:
            sources.append(Source(name=section.get("name", ""), feed=offer.route.address))
        yield Tried(offer=offer, known=known, section=section)


def _line(one: Tried) -> str:
    name = one.offer.route.name
    if not one.offer.is_readable:
        return f"  {click.style('failed   ', fg='red')} {name}: {one.offer.found.error} ({one.offer.route.address})"
    if one.known:
        return f"  there     {name}: “{one.known}” reads it already"
    last = next(iter(sourcing.last_stories(one.offer)), None)
    day = f"{last.date:%Y-%m-%d}  " if last and last.date else ""
    told = "".join(f"; {warning}" for warning in one.offer.warnings)
    return f"  ok        {name}: {day}{show.short(last.headline) if last else ''}{told}"


def _outcome(sections: list[dict[str, str]], path: Path, *, added: bool, dry_run: bool) -> str:
    if not sections:
        return "There is nothing to add; nothing was changed."
    if added:
        return f"Added {_count(sections)} to {show.near(path)}. Next: digest gather"
    return f"{_count(sections)} would be added." if dry_run else "Nothing was changed."


def _count(sections: list[dict[str, str]]) -> str:
    return f"{len(sections)} source{'' if len(sections) == 1 else 's'}"


def _complain(failed: list[Offer], of: int) -> None:
    if failed:
        raise SourceUnreadable(
            f"{len(failed)} of the {of} feeds could not be read and were not added",
            hint="the reasons stand above; try them again later, or correct their addresses in the list",
        )


def _as_object(tried: list[Tried], feeds: FeedList, *, added: bool) -> dict[str, object]:
    return {
        "added": added,
        "warnings": list(feeds.warnings),
        "feeds": [
            {**offer_as_object(one.offer), "known_as": one.known or None, "section": one.section or None}
            for one in tried
        ],
    }
