"""`digest preview`."""

from __future__ import annotations

import signal
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.options import IssueDate, config_option, load_settings
from digest.errors import TemplateError

if TYPE_CHECKING:
    from digest.settings import Settings
    from digest.web.preview.galley import Galley


@click.command("preview")
@click.option("--date", "day", type=IssueDate(), help="The issue's date. Without it: the newest made-up issue.")
@click.option("--text", is_flag=True, help="Print the text part instead.")
@click.option("--shot", type=click.Path(path_type=Path, file_okay=False), help="Write pictures of every form instead.")
@click.option("--no-open", is_flag=True, help="Only say where the page is.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Where the page answers. Without it: any free port."
)
@config_option
def command(day: date | None, text: bool, shot: Path | None, no_open: bool, port: int, config: Path | None) -> None:
    """Show the issue in the browser as its readers will see it, and what is not right with it.

    The page answers on this computer only, and shows a change of a template, of digest.toml or of note.txt at once.
    Nothing is kept and nobody is written to; Ctrl-C ends it.

    \b
    Example:
      digest preview
      digest preview --date 2026-11-20 --text
      digest preview --shot pictures
    """
    settings = load_settings(config)  # its warnings are said once
    if text:
        _print_text(settings, day)
        return
    from digest import clock
    from digest.config.load import find_configuration, load
    from digest.web.preview.galley import Galley

    path = find_configuration(config or click.get_current_context().find_root().obj)
    _end_as_if_interrupted()
    galley = Galley(lambda: load(path), clock.now, day=day)
    try:
        if shot:
            _take_pictures(galley, shot)
        else:
            with suppress(KeyboardInterrupt):
                _show(galley, port, no_open=no_open)
    finally:
        galley.close()


def _print_text(settings: Settings, day: date | None) -> None:
    """The text part of the made-up issue, as an invented reader gets it."""
    from digest import app, clock
    from digest.office.proofs import Proofs

    with app.open_dry_run(settings, clock.now) as publication:
        issue, rendered = publication.archive.load(day.isoformat() if day else publication.newest_issue())
        click.echo(Proofs(publication).specimen(issue, rendered).text)


def _take_pictures(galley: Galley, folder: Path) -> None:
    from digest.cli import show
    from digest.web.preview import chromium, shots

    chromium.find_browser()
    with galley.fresh() as (proofs, proof):
        for picture in shots.take(proofs, proof, folder):
            click.echo(f"  {show.near(picture)}")


def _show(galley: Galley, port: int, *, no_open: bool) -> None:
    from digest.web.preview.server import serve

    galley.refresh()
    # A template's fault is shown in the page and gone when it is mended; anything else is to be seen to first.
    if galley.trouble and not isinstance(galley.trouble, TemplateError):
        raise galley.trouble
    serve(galley, port=port, announce=lambda address: _announce(galley, address, no_open=no_open))


def _announce(galley: Galley, address: str, *, no_open: bool) -> None:
    subject = f"“{galley.sheet.proof.rendered.subject}”" if galley.sheet else "The issue cannot be made up yet."
    click.echo(f"{subject}\n  {address}\nOnly this computer can see the page. Ctrl-C ends it.")
    if not no_open and click.launch(address) != 0:
        click.echo("No browser could be opened here; open that address in one.", err=True)


def _end_as_if_interrupted() -> None:
    """However the command is ended, its copies of the store and the browser go with it."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: signal.raise_signal(signal.SIGINT))
