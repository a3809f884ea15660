"""`digest status`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.options import IssueDate, config_option, json_option, load_settings
from digest.model import IssueState, LetterState
from digest.model.errands import Averted

if TYPE_CHECKING:
    from digest.model.errands import AvertedCount, ErrandState
    from digest.office.accounts import IssueStatus
    from digest.settings import Settings

_SHOWN = 8


@click.command("status")
@click.argument("issue", type=IssueDate(), required=False)
@click.option("--limit", default=8, show_default=True, type=click.IntRange(min=1), help="How many issues.")
@config_option
@json_option
def command(issue: date | None, limit: int, config: Path | None, as_json: bool) -> None:
    """Show the last issues and the counts of their letters; or how one ISSUE stands, at any moment of its sending.

    \b
    Example:
      digest status
      digest status 2026-11-20 --json
    """
    settings = load_settings(config)
    from digest import app, clock
    from digest.cli import contract, returned, show, verdict

    with app.open_reading(settings, clock.now) as publication:
        if issue:
            found = publication.accounts.issue(issue.isoformat())
            despite = publication.accounts.overrides(issue.isoformat())
            if as_json:
                contract.print_object({**contract.issue_status(found), **contract.overridden(despite)})
                return
            _print(found, settings)
            returned.tell(found.returned, settings.readers.rates)
            verdict.overrides(despite, settings)
            return
        records, last = publication.status(limit), publication.accounts.last_returned()
        not_sent = publication.accounts.letters_to_one_not_sent()
        averted = publication.accounts.averted()
        erased = publication.accounts.rows_of_erased()
    if as_json:
        contract.print_object({**contract.status(records), **contract.averted(averted)})
        return
    _letters_to_one(not_sent)
    _averted(averted, settings)
    _erased(erased, settings)
    if not records:
        click.echo("No issue has been made up yet. Start with `digest gather` and `digest compose`.")
        return
    show.status_table(records)
    owed = sum(record.letters.get(LetterState.OWED, 0) for record in records if record.state is IssueState.SENDING)
    unknown = sum(record.letters.get(LetterState.UNKNOWN, 0) for record in records)
    if owed:
        click.echo(f"\n{owed} letters are owed; `digest send` goes on with them.")
    returned.warn(last, settings.readers.rates)
    if unknown:
        click.echo(f"\nThe fate of {unknown} letters is unknown; `digest settle ISSUE` shows them.")


def _averted(averted: Mapping[Averted, AvertedCount], settings: Settings) -> None:
    """The alarm for robots: somebody uses the pages to have letters sent to strangers."""
    for kind, (words, advice) in _AVERTED.items():
        count, since = averted[kind].count, averted[kind].since
        if since is not None:
            local = since.astimezone(settings.publication.timezone)
            click.echo(f"{count} {words.format(since=f'since {local:%Y-%m-%d %H}:00')}")
            click.echo(f"  → {advice}")


_AVERTED = {
    Averted.SIGN_UP: (
        "sign-ups were turned away {since}, because they were over the limits",
        "if no article of yours brings so many, lower the limits under sign_up until it is over",
    ),
    Averted.LETTER: (
        "confirmation letters were withdrawn {since}, because their network asked for too many at once",
        "nothing to do; a reader among them can sign up again from the next full hour on",
    ),
    Averted.DATA_REQUEST: (
        "requests of readers for their data were turned away {since}, because they were over the limits",
        "a reader can ask again tomorrow; `digest subscribers show ADDRESS` has what they asked for",
    ),
}


def _erased(lines: Sequence[int], settings: Settings) -> None:
    """Readers who had their data erased, but for the list that only the operator changes."""
    if lines:
        from digest.cli import show

        named = ", ".join(map(str, lines[:_SHOWN])) + (" …" if len(lines) > _SHOWN else "")
        click.echo(f"{show.near(settings.subscribers)} names readers who were erased, in line {named}")
        click.echo("  → take these rows out by hand; no letter goes there meanwhile")


def _letters_to_one(not_sent: Mapping[tuple[ErrandState, str], int]) -> None:
    """Confirmations and their like that did not go out, or of which nobody knows."""
    for (state, words), count in not_sent.items():
        click.echo(f"{count} letters to single readers (confirmations and the like), {state.value}: {words}")


def _print(status: IssueStatus, settings: Settings) -> None:
    from digest.cli import show, tell

    record, timezone = status.record, settings.publication.timezone
    click.echo(f"{record.issue}, number {record.number}: {record.state.value}")
    click.echo(f"  {show.letters(record.letters)}")
    if record.segment:
        click.echo(f"  only to {record.segment}")
    if status.hold:
        until = f", until {tell.instant(record.held_until, timezone)}" if record.held_until else ""
        click.echo(f"  held{until}: {status.hold}")
    if record.letters.get(LetterState.OWED) and status.next_due and status.next_due.year > 1970:
        click.echo(f"  next due {tell.instant(status.next_due, timezone)}")
    if status.senders:
        click.echo(f"  {status.senders} at work on it")
    if status.held_letters:
        held = f"{status.held_letters} letters in {status.held_batches} requests"
        click.echo(f"  {held} are held by {settings.delivery.provider}; `digest stop` calls back what it can")
    for each in status.corrections:
        now = "" if each.before == each.after else f", now “{each.after}”"
        click.echo(f"  corrected {tell.instant(each.at, timezone)}, after it ran: “{each.before}”{now}")
    _reasons("refused", status.refused)
    _reasons("left out", status.left_out)
    if record.letters.get(LetterState.UNKNOWN):
        click.echo(f"  `digest settle {record.issue}` shows what is unknown")


def _reasons(state: str, reasons: Mapping[str, int]) -> None:
    for words, count in list(reasons.items())[:_SHOWN]:
        click.echo(f"  {count} {state}: {words or 'no reason given'}")
    if len(reasons) > _SHOWN:
        click.echo(f"  … and {len(reasons) - _SHOWN} other reasons")
