"""`digest subscribers`."""

from __future__ import annotations

from pathlib import Path

import click

from digest.cli.options import config_option, load_settings


@click.group("subscribers")
def command() -> None:
    """Check the list, suppress an address.

    \b
    Example:
      digest subscribers check
      digest subscribers suppress reader@example.com
    """


@command.command("check")
@config_option
def check(config: Path | None) -> None:
    """Read the list and name every row that gets no letter.

    \b
    Example:
      digest subscribers check
    """
    settings = load_settings(config)
    from digest import app, clock
    from digest.cli import show

    with app.open_dry_run(settings, clock.now) as publication:
        roster = publication.roster()
    left_out = sum(roster.left_out.values())
    click.echo(f"{show.near(settings.subscribers)}: {roster.readers} readers, {left_out} left out")
    for reason, count in roster.left_out.items():
        click.echo(f"  {count} left out: {reason}")
    for row in roster.faults:
        detail = f": {row.detail}" if row.detail else ""
        click.echo(f"  line {row.line}, {row.reason}{detail}")


@command.command("suppress")
@click.argument("address")
@click.option("--reason", default="by hand", show_default=True, help="Why, for your own record.")
@config_option
def suppress(address: str, reason: str, config: Path | None) -> None:
    """Never write to ADDRESS again, even while it stands in the list.

    The unsubscribe link of somebody's letter will do as well.

    \b
    Example:
      digest subscribers suppress reader@example.com --reason "asked by phone"
      digest subscribers suppress https://letters.docket.example/u/6nqxHeYyjqbp-b0uaSl2Yg
    """
    settings = load_settings(config)
    from digest import app, clock

    with app.open_publication(settings, clock.now) as publication:
        added = publication.suppress(address, reason=reason)
    click.echo("Suppressed: no letter will go there." if added else "It was suppressed already.")


@command.command("allow")
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
        removed = publication.allow(address)
    click.echo("Allowed again." if removed else "It was not suppressed.")
