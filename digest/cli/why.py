"""`digest why`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.options import IssueDate, config_option, json_option, load_settings

if TYPE_CHECKING:
    from digest.office.accounts import Why


@click.command("why")
@click.argument("address")
@click.argument("issue", type=IssueDate(), required=False)
@config_option
@json_option
def command(address: str, issue: date | None, config: Path | None, as_json: bool) -> None:
    """Tell what became of the letters to ADDRESS, of one ISSUE or of all, and why.

    \b
    Example:
      digest why reader@example.com 2026-11-20
    """
    settings = load_settings(config)
    from digest import app, clock
    from digest.cli import contract, tell

    with app.open_publication(settings, clock.now) as publication:
        publication.roster()
        why = publication.accounts.why(address, issue.isoformat() if issue else "")
    if as_json:
        contract.print_object(contract.why(why))
        return
    _standing(why)
    if not why.letters:
        click.echo(f"The ledger has no letter to this address{f' for {issue}' if issue else ''}.")
    timezone = settings.publication.timezone
    for letter in why.letters:
        click.echo(f"{letter.issue}: {tell.fate(letter, timezone)}")
        for event in why.came_back:
            if event.issue == letter.issue:
                click.echo(f"  {tell.event(event, timezone)}")


def _standing(why: Why) -> None:
    if why.suppression:
        click.echo(f"Suppressed since {why.suppression.since:%Y-%m-%d}: {why.suppression.reason}.")
    if why.listed:
        click.echo("On the list.")
    else:
        click.echo(f"Not on the list{f' ({why.reason})' if why.reason else ''}.")
