"""`digest check`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from digest.cli.options import IssueDate, config_option, json_option, load_settings
from digest.errors import NotCleared


@click.command("check")
@click.argument("issue", type=IssueDate(), required=False)
@click.option("--links/--no-links", default=None, help="Ask for the letter's links, or not; else `preflight.links`.")
@click.option("--spam", is_flag=True, help="Ask SpamAssassin too, where it is installed.")
@config_option
@json_option
def command(issue: date | None, links: bool | None, spam: bool, config: Path | None, as_json: bool) -> None:
    """Look at a made-up ISSUE before it leaves: the newest one, or that of a date.

    Errors keep an issue back (the exit code is 10), warnings do not. The same is done by compose and before every send.

    \b
    Example:
      digest check
      digest check 2026-11-20 --no-links --spam
    """
    settings = load_settings(config)
    from digest import app, clock
    from digest.cli import contract, verdict

    with app.open_reading(settings, clock.now) as publication:
        day = issue.isoformat() if issue else publication.newest_issue()
        wanted = settings.preflight.links if links is None else links
        found = publication.clearance.preflight(day, links=wanted, ask_for_spam=spam)
    if as_json:
        contract.print_object({"issue": day, **contract.preflight(found)})
    else:
        click.echo(day)
        verdict.tell(found, everything=True)
    if found.blocking:
        checks = ", ".join(dict.fromkeys(error.check for error in found.blocking))
        raise NotCleared(
            f"{day} has errors: {checks}", hint=f"correct them and make it up again: digest compose --date {day}"
        )
