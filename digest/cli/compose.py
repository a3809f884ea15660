"""`digest compose`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from digest.cli.options import IssueDate, config_option, json_option, load_settings


@click.command("compose")
@click.option("--date", "day", type=IssueDate(), help="The issue's date. Without it: the issue that is due.")
@click.option("--since", type=IssueDate(), help="Reach back to this day instead of the last issue's close.")
@click.option("--lead", help="Pin the lead: the address of a story of this week, or none to take the pin away.")
@click.option(
    "--keep",
    multiple=True,
    help="Let a near duplicate run: its address. May be given several times; none takes all of that back.",
)
@config_option
@json_option
def command(
    day: date | None,
    since: date | None,
    lead: str | None,
    keep: tuple[str, ...],
    config: Path | None,
    as_json: bool,
) -> None:
    """Make up the issue and keep it in the archive.

    Composing again replaces an issue that has not been sent. Your own words go into note.txt in the issue's folder.

    \b
    Example:
      digest compose
      digest compose --date 2026-11-20 --lead https://docket.example/2026/11/19/river/
    """
    settings = load_settings(config)
    from digest import app, clock
    from digest.cli import contract, show, verdict

    with app.open_publication(settings, clock.now) as publication:
        with publication.store.alone():
            publication.complete(day, since=since)
            made = publication.compose(day, since=since, lead=lead, keep=keep, illustrate=True)
        found = publication.preflight(made.issue.id, links=settings.preflight.links)
    if as_json:
        contract.print_object({**contract.composed(made), "preflight": contract.preflight(found)})
        return
    show.issue(made, settings.publication.timezone)
    show.sizes(made, None)
    verdict.tell(found)
    show.files([("HTML", made.folder / "issue.html"), ("Text", made.folder / "issue.txt")])
    click.echo("\nLook at it with `digest preview`, then try `digest send --dry-run`.")
