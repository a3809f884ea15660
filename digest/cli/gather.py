"""`digest gather`."""

from __future__ import annotations

from pathlib import Path

import click

from digest.cli.options import config_option, json_option, load_settings


@click.command("gather")
@click.option("--whole", is_flag=True, help="Ask for the whole week anew, whatever is known; also sources that wait.")
@config_option
@json_option
def command(whole: bool, config: Path | None, as_json: bool) -> None:
    """Read the sources back to the beginning of the week, and keep what they hold.

    As often as you like: a source that has not changed costs one small request, and nothing is kept twice.

    \b
    Example:
      digest gather
    """
    settings = load_settings(config)
    from digest import app, clock
    from digest.cli import contract, show
    from digest.errors import GatherFailed
    from digest.office.completing import Completed

    reports, pages = [], Completed()
    failed: GatherFailed | None = None
    with app.open_publication(settings, clock.now) as publication:
        try:
            for report in publication.gather(whole=whole):
                reports.append(report)
                if not as_json:
                    show.source_line(report)
            pages = publication.complete()
            if not as_json:
                show.pages_line(pages)
        except GatherFailed as error:
            failed = error
    if as_json:
        contract.print_object(contract.gathered(reports, pages))
    if failed:
        raise failed
