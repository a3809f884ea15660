"""`digest settle`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from digest.cli.options import config_option, issue_argument, load_settings
from digest.errors import ConfigurationError
from digest.model import LetterRecord, LetterState

_SHOWN = 50


@click.command("settle")
@issue_argument
@click.option("--resend", is_flag=True, help="They did not arrive: send them again.")
@click.option("--accept", is_flag=True, help="They arrived: count them as accepted.")
@click.option("--address", "addresses", multiple=True, help="Only the letter to this address; may be given again.")
@click.option("--believe-bounces", is_flag=True, help="Most letters bounced, and rightly: suppress their addresses.")
@click.option("--events", type=click.Path(path_type=Path), help="A file of the provider's events (JSON), which tell.")
@config_option
def command(
    issue: date,
    resend: bool,
    accept: bool,
    addresses: tuple[str, ...],
    believe_bounces: bool,
    events: Path | None,
    config: Path | None,
) -> None:
    """Show the letters whose fate is unknown and what speaks for either; with an option, settle them.

    A letter is unknown when it had left and nobody heard the answer: the connection broke, or the sender was killed.
    The Message-ID is the same when it is sent again, so that many mailboxes fold the two into one.

    \b
    Example:
      digest settle 2026-11-20
      digest settle 2026-11-20 --accept --address reader@example.com
      digest settle 2026-11-20 --resend
    """
    if resend and accept:
        raise ConfigurationError("--resend and --accept contradict each other", hint="give one of them")
    settings = load_settings(config)
    from digest import app, clock

    day = issue.isoformat()
    if not (resend or accept or events or believe_bounces):
        with (
            app.open_reading(settings, clock.now) as publication,
            publication.accounts.letters(day, LetterState.UNKNOWN) as letters,
        ):
            _show(issue, letters, settings.publication.timezone)
        return
    with app.open_publication(settings, clock.now) as publication:
        if events:
            done = publication.accounts.settle_by_events(day, events)
            told = ", ".join(f"{count} {state.value}" for state, count in done.items())
            click.echo(f"{issue}: the provider's events settle {told}.")
        if believe_bounces:
            click.echo(f"{issue}: {publication.accounts.believe_bounces(day)} addresses are suppressed now.")
        if resend or accept:
            state = LetterState.OWED if resend else LetterState.ACCEPTED
            count = publication.accounts.settle(day, state, addresses)
            click.echo(f"{issue}: {count} letters are {state.value} now.")
            if resend and count:
                click.echo(f"`digest send --date {issue}` sends them.")


def _show(issue: date, letters: Iterator[LetterRecord], timezone: ZoneInfo) -> None:
    from digest.cli import tell

    shown, more = list(islice(letters, _SHOWN)), sum(1 for _ in letters)
    if not shown:
        click.echo(f"{issue} has no letter whose fate is unknown.")
        return
    click.echo(f"{issue}: the fate of {len(shown) + more} letters is unknown.")
    for letter in shown:
        click.echo(f"  {letter.address}  {tell.fate(letter, timezone)}")
    if more:
        click.echo(f"  … and {more} more; `digest letters {issue} --state unknown` lists them all")
    click.echo(
        "\nEach had left when the connection broke or the sender ended, and may have arrived. Look for it in the\n"
        "provider's log, then give --accept or --resend; or --events FILE with what the provider's webhook told."
    )
