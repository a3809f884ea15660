"""`digest archive`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from digest.cli.options import config_option, load_settings


@click.group("archive")
def command() -> None:
    """List the back issues, or write them out as a folder of files.

    \b
    Example:
      digest archive list
      digest archive export public/
    """


@command.command("list")
@config_option
def show(config: Path | None) -> None:
    """List the issues that readers can look at, the newest first.

    Those that have gone out and are not damaged. Issues that were stopped are not shown to anybody.

    \b
    Example:
      digest archive list
    """
    settings = load_settings(config)
    from digest import app, clock
    from digest.office.back_issues import BackIssues

    with app.open_pages(settings, clock.now) as pages:
        back_issues = BackIssues(pages.settings, pages.store, pages.archive, pages.clock)
        faults, known = back_issues.faults(), back_issues.catalogue().issues
    for one in known:
        click.echo(f"{one.id}  No. {one.number:<4} {one.stories:>3} stories  {one.headline}")
    if not known:
        click.echo("No issue has gone out yet.")
    _tell_faults(faults)


@command.command("export")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@config_option
def export(folder: Path, config: Path | None) -> None:
    """Write the back issues to FOLDER, for a web server that shows it at `web.address`.

    What has not changed stays untouched; files of an earlier export that are gone go. A folder with other files in it
    is refused. Searching needs `digest serve`.

    \b
    Example:
      digest archive export public/
    """
    settings = load_settings(config)
    from digest import app, clock
    from digest.office.exporting import Exporting

    with app.open_pages(settings, clock.now) as pages:
        done = Exporting(pages).export(folder)
    click.echo(
        f"{folder}: {done.issues} issues; {done.written} files written, {done.unchanged} as they were, "
        f"{done.removed} removed"
    )
    _tell_faults(done.faults)


def _tell_faults(faults: Mapping[str, str]) -> None:
    for issue, fault in faults.items():
        click.echo(f"digest: the issue of {issue} cannot be shown: {fault}", err=True)
    if faults:
        click.echo("  → put its files back from a copy of the archive", err=True)
