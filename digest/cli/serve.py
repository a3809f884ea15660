"""`digest serve`."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import click

from digest.cli.options import config_option, load_settings


@click.command("serve")
@click.option("--host", help="Where to listen; serve.host when not given.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; serve.port when not given, 0 for any free one.")
@config_option
def command(host: str | None, port: int | None, config: Path | None) -> None:
    """Serve the readers' pages, behind your web server: sign-up, leaving, choices, back issues.

    It sends the letters that confirm a sign-up, and takes what SendGrid tells of letters too.

    \b
    Example:
      digest serve
      digest serve --port 8030
    """
    settings = load_settings(config)
    from digest import app, clock
    from digest.web.site.server import serve

    place = settings.readers.serve
    place = replace(place, host=host or place.host, port=place.port if port is None else port)
    with app.open_pages(settings, clock.now) as pages, pages.errands.at_work(), suppress(KeyboardInterrupt):
        serve(pages, place, announce=lambda address: click.echo(f"Serving {address}"))
