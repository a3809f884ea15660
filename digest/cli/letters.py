"""`digest letters`."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from digest.cli.options import config_option, issue_argument, load_settings
from digest.model import LetterState

_STATES = [state.value.replace("_", "-") for state in LetterState]


@click.command("letters")
@issue_argument
@click.option("--state", type=click.Choice(_STATES), help="Only those in this state.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@config_option
def command(issue: date, state: str | None, as_json: bool, config: Path | None) -> None:
    """List the letters of an issue: address, state, and what was said of it.

    \b
    Example:
      digest letters 2026-11-20 --state refused
      digest letters 2026-11-20 --state unknown --json
    """
    settings = load_settings(config)
    from digest import app, clock
    from digest.cli import contract, tell

    wanted = LetterState(state.replace("-", "_")) if state else None
    timezone = settings.publication.timezone
    with (
        app.open_reading(settings, clock.now) as publication,
        publication.accounts.letters(issue.isoformat(), wanted) as letters,
    ):
        for letter in letters:
            if as_json:
                click.echo(json.dumps(contract.letter(letter), ensure_ascii=False))
            else:
                click.echo(f"{letter.address}  {tell.fate(letter, timezone)}")
