"""`digest add`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from digest.cli.options import IssueDate, config_option, json_option, load_settings

if TYPE_CHECKING:
    from digest.office.adding import Added

_INSTEAD = {"headline": "--headline", "date": "--date", "section": "--category"}


@click.command("add")
@click.argument("places", nargs=-1, required=True, metavar="URL|FILE.html...")
@click.option("--category", default="", help="The category, in place of the page's own; it decides the section.")
@click.option("--headline", default="", help="The headline, in place of the page's own.")
@click.option("--date", "day", type=IssueDate(), help="The day on which it was published, if the page does not say.")
@config_option
@json_option
def command(
    places: tuple[str, ...], category: str, headline: str, day: date | None, config: Path | None, as_json: bool
) -> None:
    """Add a story by hand: its page is read, and it is a story of the week like any other.

    A page that you saved from the browser will do, if it says where it is from. A story that is there already stays as
    it is.

    \b
    Example:
      digest add https://docket.example/2026/11/19/river/
      digest add saved.html --category Courts --date 2026-11-19
    """
    if headline and len(places) > 1:
        raise click.UsageError("--headline is one story's; add the others by themselves")
    settings = load_settings(config)
    from digest import app, clock
    from digest.cli import contract
    from digest.office.adding import Adding

    found: list[Added] = []
    with app.open_publication(settings, clock.now) as publication:
        adding = Adding(settings, publication.store, clock.now)
        for place in places:
            added = adding.add(place, category=category, headline=headline.strip(), day=day)
            found.append(added)
            if not as_json:
                _tell(added, settings.publication.timezone)
    if as_json:
        contract.print_object(contract.added(found))


def _tell(added: Added, timezone: ZoneInfo) -> None:
    if added.known or added.ran_in:
        click.echo(f"  known     {_known(added)}; nothing was changed")
        return
    from digest.office.adding import deck_of

    entry = added.entry
    click.echo(f"  added     {entry.title or '(no headline)'}")
    picture = entry.pictures[0].address if entry.pictures else ""
    dated = f"{entry.published.astimezone(timezone):%Y-%m-%d %H:%M}" if entry.published else ""
    said = {"Address": entry.link, "Deck": deck_of(entry), "Date": dated, "Picture": picture, "Section": added.section}
    for name, words in said.items():
        if words:
            click.echo(f"            {name:8} {words}")
    for name in added.without:
        click.echo(f"            {_missing(name)}")


def _known(added: Added) -> str:
    where = f" as “{added.known.title or added.known.link}” from {added.known.source}" if added.known else ""
    seen = f", first seen on {added.known.first_seen:%Y-%m-%d}" if added.known else ""
    ran = f", and ran in {added.ran_in}" if added.ran_in else ""
    return f"{added.entry.link} is there{where}{seen}{ran}"


def _missing(name: str) -> str:
    option = f"; give one with {_INSTEAD[name]}" if name in _INSTEAD else ""
    told = {
        "headline": "The page has no headline, and without one it is no story",
        "date": "The page has no date: it counts from today",
    }
    return f"{told.get(name, f'The page names no {name}')}{option}."
