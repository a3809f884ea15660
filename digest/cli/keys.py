"""`digest keys`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from digest.cli.options import config_option, load_settings
from digest.errors import ConfigurationError


@click.group("keys", invoke_without_command=True)
@config_option
@click.pass_context
def command(context: click.Context, config: Path | None) -> None:
    """Show the keys that sign readers' links, by their fingerprints; make a new one, get rid of an old one.

    The newest key signs. Links that older ones signed work until you drop the key.

    \b
    Example:
      digest keys
      digest keys rotate
      digest keys drop 3f2a91bc
    """
    if context.invoked_subcommand is None:
        _show(config)


def _show(config: Path | None) -> None:
    settings = load_settings(config)
    from digest import app, clock

    with app.open_publication(settings, clock.now) as publication:
        records = publication.keyring.records()
    for record in records:
        made = f"made {record.made}" if record.made else "age unknown"
        signs = "signs" if record.signs else "is believed"
        click.echo(f"{record.fingerprint}  {made:15}  {signs:11}  in {record.place.value}")


def _of_the_group() -> Path | None:
    """The configuration of `digest keys --config PATH rotate`."""
    group = click.get_current_context().parent
    return group.params.get("config") if group else None


@command.command("rotate")
@config_option
def rotate(config: Path | None) -> None:
    """Make a new key, which signs from now on. Every link that is out there goes on working.

    The key goes to the top of the file that DIGEST_SECRET_FILE names, or into the store.

    \b
    Example:
      digest keys rotate
    """
    settings = load_settings(config or _of_the_group())
    from digest import app, clock

    with app.open_publication(settings, clock.now) as publication:
        record = publication.keyring.rotate(now=clock.now())
    click.echo(f"{record.fingerprint} signs from now on. It is in {record.place.value}.")


@command.command("drop")
@click.argument("fingerprint")
@click.option("--yes", is_flag=True, help="Do not ask.")
@config_option
def drop(fingerprint: str, yes: bool, config: Path | None) -> None:
    """Get rid of a key that is out of use, or that somebody else may know.

    Links that it signed do nothing any more, also those to unsubscribe in letters that readers have kept.

    \b
    Example:
      digest keys drop 3f2a91bc
    """
    settings = load_settings(config or _of_the_group())
    from digest import app, clock

    if not yes:
        if not sys.stdin.isatty():
            raise ConfigurationError("nobody is there to ask", hint="give --yes if the links of that key may die")
        click.confirm("Links in letters that this key signed will do nothing any more. Drop it?", abort=True, err=True)
    with app.open_publication(settings, clock.now) as publication:
        record = publication.keyring.drop(fingerprint)
    click.echo(f"{record.fingerprint} is gone from {record.place.value}.")
