"""`digest sources`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from digest.cli.options import config_option, configuration, json_option, load_settings
from digest.errors import ConfigurationError


@click.group("sources", invoke_without_command=True)
@config_option
@json_option
@click.pass_context
def command(context: click.Context, config: Path | None, as_json: bool) -> None:
    """Show how the sources stand; find and add others, and give their list away.

    \b
    Example:
      digest sources
      digest sources add https://docket.example/
      digest sources add subscriptions.opml
      digest sources export > subscriptions.opml
    """
    if context.invoked_subcommand is None:
        _show_health(config, as_json=as_json)


def _show_health(config: Path | None, *, as_json: bool) -> None:
    settings = load_settings(config)
    from digest import app, clock
    from digest.cli import contract, source_health

    with app.open_reading(settings, clock.now) as publication:
        health = publication.gathering.health(publication.due())
    if as_json:
        contract.print_object(source_health.as_object(health))
    else:
        source_health.show(health, settings.publication.timezone, now=clock.now())


def _of_the_group() -> Path | None:
    """The configuration of `digest sources --config PATH add …`."""
    group = click.get_current_context().parent
    return group.params.get("config") if group else None


@command.command("add")
@click.argument("address")
@click.option("--name", default="", help="The source's name in reports. Default: what the site calls itself.")
@click.option("--dry-run", is_flag=True, help="Look and tell, and write nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before writing.")
@config_option
@json_option
def add(address: str, name: str, dry_run: bool, yes: bool, config: Path | None, as_json: bool) -> None:
    """Look at what a site offers, and write the best of it into digest.toml.

    ADDRESS is a site's, a feed's or a sitemap's; or a file: a feed, or a list of feeds (OPML) as feed readers export.
    Nothing else in digest.toml changes; nothing is written when it is there already.

    \b
    Example:
      digest sources add https://docket.example/
      digest sources add subscriptions.opml --dry-run
    """
    config = config or _of_the_group()
    settings = load_settings(config)
    from digest.cli import source_list, source_offers
    from digest.office import sourcing

    path = configuration(config)
    if not (yes or dry_run or sys.stdin.isatty()):
        raise ConfigurationError(
            "nobody is there to ask", hint="give --yes to write without asking, or --dry-run to look alone"
        )
    if sourcing.sources_are_elsewhere():
        click.echo(f"digest: DIGEST_SOURCES names the sources, so those in {path.name} do not count", err=True)
    sourcing.check_name(name, settings.sources)
    feeds = sourcing.list_in(address, settings.fetching)
    if feeds is None:
        source_offers.add_one(address, settings, path, name=name, dry_run=dry_run, yes=yes, as_json=as_json)
    elif name:
        raise ConfigurationError("--name goes with one source, and this is a list", hint="leave --name out")
    else:
        source_list.add_all(feeds, settings, path, dry_run=dry_run, yes=yes, as_json=as_json)


@command.command("export")
@config_option
def export(config: Path | None) -> None:
    """Print the feeds as a list that feed readers take (OPML 2.0).

    \b
    Example:
      digest sources export > subscriptions.opml
    """
    settings = load_settings(config or _of_the_group())
    from digest import clock
    from digest.office import sourcing

    click.echo(sourcing.exported(settings, now=clock.now()), nl=False)
