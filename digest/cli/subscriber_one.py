"""`digest subscribers suppress`, `allow`, `show` and `forget`: what is done to single readers."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from digest.cli.options import config_option, json_option, load_settings
from digest.errors import ConfigurationError


@click.command("suppress")
@click.argument("addresses", metavar="[ADDRESS]...", nargs=-1)
@click.option(
    "--file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A file of addresses, one a line."
)
@click.option("--reason", default="by hand", show_default=True, help="Why, for your own record.")
@config_option
def suppress(addresses: tuple[str, ...], file: Path | None, reason: str, config: Path | None) -> None:
    """Never write to ADDRESS again, even while it stands in the list.

    The unsubscribe link of somebody's letter will do as well.

    \b
    Example:
      digest subscribers suppress reader@example.com --reason "asked by phone"
      digest subscribers suppress https://letters.docket.example/u/6nqxHeYyjqbp-b0uaSl2Yg
      digest subscribers suppress --file left.txt
    """
    named = (*addresses, *(_lines(file) if file else ()))
    if not named:
        raise ConfigurationError("no address is given", hint="name one or more, or a file of them by --file")
    settings = load_settings(config)
    from digest import app, clock

    with app.open_publication(settings, clock.now) as publication:
        added = publication.subscriptions.suppress_all(named, reason=reason)
    _tell_suppressed(added, len(named))


@click.command("allow")
@click.argument("address")
@config_option
def allow(address: str, config: Path | None) -> None:
    """Take a suppression back: ADDRESS gets letters again if it stands in the list.

    \b
    Example:
      digest subscribers allow reader@example.com
    """
    settings = load_settings(config)
    from digest import app, clock

    with app.open_publication(settings, clock.now) as publication:
        removed = publication.subscriptions.allow(address)
    click.echo("Allowed again." if removed else "It was not suppressed.")


@click.command("show")
@click.argument("address")
@config_option
@json_option
def show(address: str, config: Path | None, as_json: bool) -> None:
    """Show all that is known of ADDRESS. With --json it is what the reader may download themselves.

    \b
    Example:
      digest subscribers show reader@example.com
    """
    settings = load_settings(config)
    from digest import app, clock
    from digest.cli import show_readers

    with app.open_publication(settings, clock.now) as publication:
        known = publication.subscriptions.known_of(address)
    if as_json:
        import json

        own = {key: value for key, value in (known or {"address": address}).items() if key != "line"}
        click.echo(json.dumps(own, ensure_ascii=False, indent=2))
    elif known is None:
        click.echo("Nothing is known of this address.")
    else:
        show_readers.known(known)


@click.command("forget")
@click.argument("address")
@click.option("--yes", is_flag=True, help="Do not ask.")
@config_option
def forget(address: str, yes: bool, config: Path | None) -> None:
    """Erase ADDRESS and all that is known of it; what stays is a salted hash, so that no list brings it back.

    \b
    Example:
      digest subscribers forget reader@example.com
    """
    settings = load_settings(config)
    from digest import app, clock
    from digest.cli import show as showing

    if not yes:
        _confirm(address)
    with app.open_publication(settings, clock.now) as publication:
        done = publication.subscriptions.forget(address)
    click.echo("Forgotten: only a salted hash is left." if done.known else "Nothing was known of this address.")
    if done.line:
        click.echo(
            f"{showing.near(settings.subscribers)} still has it in line {done.line}. The program never edits your list:"
            " take the line out by hand. No letter goes there meanwhile."
        )


def _confirm(address: str) -> None:
    if not sys.stdin.isatty():
        raise ConfigurationError(
            f"{address} would be erased for good and nobody is there to ask", hint="give --yes to erase without asking"
        )
    click.confirm(f"Erase {address} and all that is known of it, for good?", abort=True, err=True)


def _lines(file: Path) -> Sequence[str]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{file} cannot be read: {error}", hint="save it as UTF-8, one address a line"
        ) from error
    return [line.strip() for line in text.splitlines() if line.strip()]


def _tell_suppressed(added: int, named: int) -> None:
    if named == 1:
        click.echo("Suppressed: no letter will go there." if added else "It was suppressed already.")
        return
    already = f"; {named - added} were suppressed already" if named > added else ""
    click.echo(f"{added} suppressed: no letter will go there{already}.")
