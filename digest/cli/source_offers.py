"""`digest sources add` with one address: what the site offers, what is chosen and why, and the section for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Any

import click

from digest import clock
from digest.cli import contract, show
from digest.model import SourceKind
from digest.office import sourcing
from digest.office.sourcing import Offer, Offers, Story
from digest.settings import Settings

_SHOWN_ROUTES = 8
_KINDS = {SourceKind.WORDPRESS: "WordPress", SourceKind.FEED: "feed", SourceKind.SITEMAP: "sitemap"}
_REASONS = {
    SourceKind.WORDPRESS: "WordPress's own interface tells every story of the week, with its categories and pictures",
    SourceKind.FEED: "a feed tells headline, date and text of its stories",
    SourceKind.SITEMAP: "a sitemap lists the stories' addresses; the rest is read from their pages",
}


def add_one(
    address: str, settings: Settings, path: Path, *, name: str, dry_run: bool, yes: bool, as_json: bool
) -> None:
    """Looks, tells, asks and writes. Raises SourceUnreadable when nothing can be read, and ConfigurationError."""
    offers = sourcing.look(address, settings.fetching, now=clock.now())
    route = offers.chosen.route
    known = sourcing.known_as(route, settings.sources)
    section = {} if known else sourcing.section_of(route, settings.sources, home=path.parent, name=name)
    if not as_json:
        tell(offers, settings)
    added = bool(section) and not dry_run
    if added:
        added = yes or click.confirm(f"\nWrite it into {show.near(path)}?", default=True, err=True)
    if added:
        sourcing.add_sources(path, [section])
    if as_json:
        contract.print_object(_as_object(offers, section, known, added=added))
        return
    click.echo(_outcome(section, known, path, added=added, dry_run=dry_run))


def tell(offers: Offers, settings: Settings) -> None:
    """What was found, what was chosen and why, its last stories, and what an editor should know."""
    show.heading("Found")
    for offer in offers.tried:
        mark = click.style(" ← chosen", bold=True) if offer is offers.chosen else ""
        told = "" if offer.is_good else f" ({offer.found.error or 'no stories'})"
        click.echo(f"  {_KINDS[offer.route.kind]:10} {offer.route.address}{told}{mark}")
    for route in offers.untried[:_SHOWN_ROUTES]:
        click.echo(click.style(f"  {_KINDS[route.kind]:10} {route.address} (not tried)", dim=True))
    chosen = offers.chosen
    click.echo(f"\n  Chosen because {_reason(offers)}.")
    click.echo(f"  {'Complete' if chosen.found.complete else 'Not complete'} for the last week: {chosen.found.why}.")
    stories(sourcing.last_stories(chosen), settings.publication.timezone)
    for warning in chosen.warnings:
        click.echo(f"  {click.style('warning', fg='yellow')}  {warning}")


def stories(last: Sequence[Story], timezone: tzinfo) -> None:
    """The last stories, a line each."""
    if last:
        show.heading("Its last stories")
    for story in last:
        day = f"{story.date.astimezone(timezone):%Y-%m-%d}" if story.date else "no date   "
        click.echo(f"  {day}  {show.short(story.headline or story.address)}")


def _reason(offers: Offers) -> str:
    reason = _REASONS[offers.chosen.route.kind]
    before = [offer for offer in offers.tried if offer is not offers.chosen and not offer.is_good]
    if not before or not offers.chosen.is_good:
        return reason
    return f"{_KINDS[before[0].route.kind]} did not serve, and {reason}"


def _outcome(section: dict[str, str], known: str, path: Path, *, added: bool, dry_run: bool) -> str:
    if known:
        return f"\nIt is there already: “{known}” reads the same. Nothing was changed."
    text = sourcing.written([section])
    if added:
        return f"\nAdded to {show.near(path)}. Next: digest gather\n\n{text.rstrip()}"
    words = "This would be added" if dry_run else "Nothing was changed. It would be"
    return f"\n{words}:\n\n{text.rstrip()}"


def _as_object(offers: Offers, section: dict[str, str], known: str, *, added: bool) -> dict[str, Any]:
    return {
        "added": added,
        "known_as": known or None,
        "section": section or None,
        "chosen": offer_as_object(offers.chosen),
        "tried": [offer_as_object(offer) for offer in offers.tried],
        "not_tried": [{"kind": route.kind.value, "address": route.address} for route in offers.untried],
    }


def offer_as_object(offer: Offer) -> dict[str, Any]:
    """A route that was tried, in `sources add --json`."""
    return {
        "kind": offer.route.kind.value,
        "address": offer.route.address,
        "name": offer.route.name or None,
        "readable": offer.is_readable,
        "error": offer.found.error or None,
        "complete": offer.found.complete,
        "why": offer.found.why or None,
        "warnings": list(offer.warnings),
        "stories": [
            {
                "date": story.date.isoformat() if story.date else None,
                "headline": story.headline,
                "url": story.address,
            }
            for story in sourcing.last_stories(offer)
        ],
    }
