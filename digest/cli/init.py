"""`digest init`."""

from __future__ import annotations

from pathlib import Path

import click

from digest.model import SourceKind

_KINDS = {
    SourceKind.WORDPRESS: "WordPress, which tells the whole week",
    SourceKind.FEED: "the feed",
    SourceKind.SITEMAP: "the sitemap",
}


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
@click.option("--sample", is_flag=True, help="Copy the invented sample newsroom instead, to try things out.")
@click.option("--name", help="The letter's name, such as Closing Arguments.")
@click.option("--publisher", help="Who publishes it, such as The Docket. Default: the name.")
@click.option("--site", help="The site's address, such as https://docket.example/.")
@click.option("--feed", "feeds", multiple=True, help="A feed's address or file. Default: what the site's page names.")
@click.option("--postal-address", help="The postal address for the footer; the law asks for one.")
@click.option("--timezone", help="Such as America/Los_Angeles.")
@click.option("--from", "from_", metavar="MAILBOX", help="Who the letter comes from: Name <letters@docket.example>.")
def command(
    folder: Path,
    sample: bool,
    name: str | None,
    publisher: str | None,
    site: str | None,
    feeds: tuple[str, ...],
    postal_address: str | None,
    timezone: str | None,
    from_: str | None,
) -> None:
    """Start a publication: write its digest.toml into FOLDER (default: here).

    Asks what it is not told; with every option given it asks nothing. Nothing that exists is overwritten.

    \b
    Example:
      digest init --sample .
      digest init closing-arguments --name "Closing Arguments" --site https://docket.example/ \\
        --postal-address "12 Court Street, Springfield" --timezone America/Los_Angeles \\
        --from "Closing Arguments <letters@docket.example>"
    """
    if sample:
        copy_sample(folder)
        return
    from digest import start

    start.check_empty(folder)
    name = name or click.prompt("The letter's name")
    site = site or click.prompt("The site's address")
    sources = [{"feed": feed} for feed in feeds] if feeds else [_find(site, publisher or name)]
    path = start.write_starter(
        folder,
        name=name,
        publisher=publisher or name,
        site=site,
        sources=sources,
        postal_address=postal_address or click.prompt("The postal address for the footer"),
        timezone=timezone or click.prompt("The time zone", default=start.local_timezone()),
        from_=from_ or click.prompt("Who the letter comes from (Name <address>)"),
    )
    click.echo(
        f"Wrote {path.resolve()}. Look it over, put your readers into subscribers.csv, then: digest run --dry-run"
    )


def copy_sample(folder: Path) -> None:
    """Copies the sample newsroom. Raises ConfigurationError where one of its files exists already."""
    from digest import start

    start.copy_sample(folder)
    click.echo(f"The sample newsroom is in {folder.resolve()}. Go there, and: digest run --dry-run")


def _find(site: str, name: str) -> dict[str, str]:
    """The best route to the site's stories, under that name; a feed that is asked for where none is found."""
    from digest import clock, start
    from digest.errors import SourceUnreadable

    try:
        route = start.find_source(site, now=clock.now())
    except SourceUnreadable as error:
        click.echo(f"{error}", err=True)
        return {"feed": click.prompt("The address of a feed")}
    click.echo(f"Found {_KINDS[route.kind]}: {route.address}")
    return {"name": name, route.kind.value: route.address}
