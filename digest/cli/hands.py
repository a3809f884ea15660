"""`digest pause`, `digest resume` and `digest stop`: the hands on a campaign, from any terminal, while it runs."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.options import config_option, issue_argument, load_settings
from digest.errors import ConfigurationError

if TYPE_CHECKING:
    from digest.office.accounts import Stopped


@click.command("pause")
@issue_argument
@config_option
def pause(issue: date, config: Path | None) -> None:
    """Pause an issue that is being sent: what is on the wire is finished, nothing more leaves.

    A sender that is at work waits for `digest resume`.

    \b
    Example:
      digest pause 2026-11-20
    """
    settings = load_settings(config)
    from digest import app, clock

    with app.open_publication(settings, clock.now) as publication:
        publication.accounts.pause(issue.isoformat())
    click.echo(f"{issue} is paused; `digest resume {issue}` goes on with it.")


@click.command("resume")
@issue_argument
@config_option
def resume(issue: date, config: Path | None) -> None:
    """Go on with an issue that was paused, kept back after its first slice, or held for any other reason.

    \b
    Example:
      digest resume 2026-11-20
    """
    settings = load_settings(config)
    from digest import app, clock

    with app.open_publication(settings, clock.now) as publication:
        publication.accounts.resume(issue.isoformat())
    click.echo(f"{issue} may be sent again; a sender that waits goes on by itself, else `digest send --date {issue}`.")


@click.command("stop")
@issue_argument
@click.option("--yes", is_flag=True, help="Do not ask.")
@config_option
def stop(issue: date, yes: bool, config: Path | None) -> None:
    """Stop an issue for good: letters that have not left never will.

    What a provider holds (`delivery.hold`) is called back, up to ten minutes before its time.

    \b
    Example:
      digest stop 2026-11-20
    """
    settings = load_settings(config)
    from digest import app, clock

    _ask(issue, yes)
    with app.open_publication(settings, clock.now) as publication:
        stopped = publication.accounts.stop(issue.isoformat())
    _tell(issue, stopped)


def _ask(issue: date, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise ConfigurationError(
            f"{issue} would be stopped for good and nobody is there to ask", hint="give --yes, or `digest pause` it"
        )
    click.confirm(f"Stop {issue} for good? (`digest pause` only pauses it.)", abort=True, err=True)


def _tell(issue: date, stopped: Stopped) -> None:
    click.echo(f"{issue} is stopped: {stopped.left_out} letters that were owed will not be sent.")
    held = stopped.held
    if held.letters:
        click.echo(f"{held.letters} letters were called back before the provider sent them.")
    if held.too_late:
        click.echo(f"{held.too_late} letters could not be called back and will go out: {'; '.join(held.words)}.")
