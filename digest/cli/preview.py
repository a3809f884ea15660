"""`digest preview`."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import click

from digest.cli.options import IssueDate, config_option, load_settings


@click.command("preview")
@click.option("--date", "day", type=IssueDate(), help="The issue's date. Without it: the newest made-up issue.")
@click.option("--text", is_flag=True, help="Print the text part instead.")
@click.option("--no-open", is_flag=True, help="Only say where the page is.")
@config_option
def command(day: date | None, text: bool, no_open: bool, config: Path | None) -> None:
    """Open the made-up issue in the browser, as an invented reader would get it.

    The archive is not touched: the page is a copy in the folder for temporary files.

    \b
    Example:
      digest preview
      digest preview --date 2026-11-20 --text
    """
    settings = load_settings(config)
    from digest import app, clock
    from digest.cli import show

    with app.open_dry_run(settings, clock.now) as publication:
        rendered = publication.rendered(day.isoformat() if day else publication.newest_issue())
        if text:
            click.echo(publication.readers_text(rendered))
            return
        folder = Path(tempfile.mkdtemp(prefix="digest-preview-"))
        page = publication.write_browser_copy(rendered, folder)
    click.echo(f"{rendered.subject}\n  {show.near(page)}")
    if not no_open and click.launch(page.as_uri()) != 0:
        click.echo("No browser could be opened here; open that file in one.", err=True)
