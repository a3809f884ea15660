"""`digest adopt`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from digest.cli.options import config_option, load_settings
from digest.errors import ConfigurationError


@click.command("adopt")
@click.option("--yes", is_flag=True, help="Do not ask.")
@config_option
def command(yes: bool, config: Path | None) -> None:
    """Let a store that was copied, moved without its seal, or put back from a backup send from now on.

    Such a store does not send by itself: letters that it takes for owed may have gone out since the copy was made.
    After this the other store must not be used any more. Issues that were under way are held until `digest resume`.

    \b
    Example:
      digest adopt
    """
    settings = load_settings(config)
    from digest import app, clock

    if not yes:
        if not sys.stdin.isatty():
            raise ConfigurationError("nobody is there to ask", hint="give --yes if no other copy will send")
        click.confirm("Will no other copy of this store send from now on?", abort=True, err=True)
    with app.open_publication(settings, clock.now) as publication:
        held = publication.accounts.adopt()
    click.echo("This store sends from now on.")
    for issue in held:
        click.echo(f"{issue} is held: see in the provider's log whether it went out, then `digest resume {issue}`.")
