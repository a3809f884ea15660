"""`digest status`."""

from __future__ import annotations

from pathlib import Path

import click

from digest.cli.options import config_option, json_option, load_settings
from digest.model import LetterState


@click.command("status")
@click.option("--limit", default=8, show_default=True, type=click.IntRange(min=1), help="How many issues.")
@config_option
@json_option
def command(limit: int, config: Path | None, as_json: bool) -> None:
    """Show the last issues, the counts of their letters, and what is owed.

    \b
    Example:
      digest status
      digest status --json
    """
    settings = load_settings(config)
    from digest import app, clock
    from digest.cli import contract, show

    with app.open_dry_run(settings, clock.now) as publication:
        records = publication.status(limit)
    if as_json:
        contract.print_object(contract.status(records))
        return
    if not records:
        click.echo("No issue has been made up yet. Start with `digest gather` and `digest compose`.")
        return
    show.status_table(records)
    owed = sum(record.letters.get(LetterState.OWED, 0) for record in records if record.state.value == "sending")
    unknown = sum(record.letters.get(LetterState.UNKNOWN, 0) for record in records)
    if owed:
        click.echo(f"\n{owed} letters are owed; `digest send` goes on with them.")
    if unknown:
        click.echo(
            f"\nThe fate of {unknown} letters is unknown: they may have arrived and are not sent again by themselves."
        )
