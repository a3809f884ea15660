"""`digest run`."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeGuard

import click

from digest.cli.options import IssueDate, config_option, load_settings, only_option
from digest.errors import AtWork, DigestError, LettersUnknown, SendingStopped
from digest.model import IssueState, LetterState

if TYPE_CHECKING:
    from digest.app import Publication
    from digest.model.segments import Segment
    from digest.pipeline import Plan
    from digest.settings import Settings


@click.command("run")
@click.option("--date", "day", type=IssueDate(), help="The issue's date. Without it: the issue that is due.")
@click.option("--since", type=IssueDate(), help="Reach back to this day instead of the last issue's close.")
@only_option
@click.option("--dry-run", is_flag=True, help="The whole way without sending; leaves its work in the outbox only.")
@click.option("--yes", is_flag=True, help="Do not ask before the first letter.")
@click.option(
    "--on-time", is_flag=True, help="Do nothing unless an issue has closed in the last 24 hours (for timers)."
)
@click.option("--no-wait", is_flag=True, help="Send what is due now and end; do not stay for what was put off.")
@config_option
def command(
    day: date | None,
    since: date | None,
    only: str | None,
    dry_run: bool,
    yes: bool,
    on_time: bool,
    no_wait: bool,
    config: Path | None,
) -> None:
    """Gather, compose and send: the whole week in one go.

    It sends an issue once, however often it is called. Letters that an earlier run still owes go out first.

    \b
    Example:
      digest run --dry-run
      digest run --yes
    """
    settings = load_settings(config)
    if dry_run:
        try_out(settings, day, since, only)
        return
    from digest import app, clock
    from digest.cli.send import deliver

    with app.open_publication(settings, clock.now) as publication:
        segment = publication.segments.read(only)
        if day:
            publication.segments.refuse_another(day.isoformat(), segment)
        unfinished = finish_owed(publication, settings, patient=not no_wait)
        try:
            with publication.store.alone():
                day = day or (publication.closed_lately() if on_time else publication.due())
                asking = not yes and sys.stdin.isatty()
                plan = None
                if is_time(day, publication):
                    plan = prepare(publication, settings, day, since, ask=asking, only=segment)
        except AtWork as busy:
            say_busy(publication, busy)
            return
        if plan:
            deliver(publication, plan, settings, as_json=False, patient=not no_wait)
    if unfinished:
        raise unfinished


def try_out(settings: Settings, day: date | None, since: date | None, only: str | None) -> None:
    """The whole way on a copy of the store. What it made is left in the outbox, and nothing else is."""
    from digest import app, clock
    from digest.cli import show, verdict

    folder = app.dry_run_folder(settings)
    with app.open_dry_run(settings, clock.now, archive=folder) as publication:
        segment = publication.segments.read(only)
        show.heading("Sources")
        for report in publication.gather(whole=True):
            show.source_line(report)
        show.pages_line(publication.complete(day, since=since))
        made = publication.compose(day, since=since, illustrate=True)
        plan = publication.sending.plan(made.issue.id, segment)
        count = publication.segments.count(segment)
        found = publication.preflight(made.issue.id, links=settings.preflight.links)
        publication.sending.check_provider()
        letters = publication.sending.write_samples(plan, made.folder)
        page = publication.write_browser_copy(made.rendered, made.folder)
        readers = publication.readers(show.SHOWN_READERS, made.issue.id)
    show.issue(made, settings.publication.timezone)
    show.audience(plan, readers, count)
    show.plan_line(plan, settings)
    show.sizes(made, letters[0] if letters else None)
    verdict.tell(found)
    named = [("HTML", made.folder / "issue.html"), ("Text", made.folder / "issue.txt"), ("To look at", page)]
    show.files([*named, *(("Letter", path) for path in letters)])
    click.echo(
        "\nThis was a dry run: nothing was sent, and the store, the feeds' state and the archive are as they were."
    )


def finish_owed(publication: Publication, settings: Settings, *, patient: bool) -> DigestError | None:
    """Sends what earlier runs still owe. What stays open is said and given back: it must not cost the next week."""
    from digest.cli.send import deliver

    unfinished: DigestError | None = None
    for record in reversed(publication.status(limit=8)):
        open_letters = sum(record.letters.get(state, 0) for state in (LetterState.OWED, LetterState.CLAIMED))
        if record.state is IssueState.SENDING and publication.sending.is_at_work(record.issue):
            click.echo(f"{record.issue} is being sent; {open_letters} letters are open.")
        elif record.state is IssueState.SENDING and open_letters:
            click.echo(f"{record.issue} still owes {open_letters} letters; they go first.")
            try:
                deliver(publication, publication.sending.plan(record.issue), settings, as_json=False, patient=patient)
            except (SendingStopped, LettersUnknown) as error:
                click.echo(f"digest: {record.issue}: {error}", err=True)
                unfinished = error
    return unfinished


def say_busy(publication: Publication, busy: AtWork) -> None:
    """A timer that fires while a long send goes on finds its work in good hands; anything else is an error."""
    if not any(record.state is IssueState.SENDING for record in publication.status(limit=2)):
        raise busy
    click.echo(f"Nothing to do: {busy}.")


def is_time(day: date | None, publication: Publication) -> TypeGuard[date]:
    """Whether the issue of `day` is to go out now; says so when not."""
    if day is None:
        click.echo("Nothing to do: no issue has closed in the last 24 hours that was not sent.")
        return False
    closes = publication.closes(day)
    state = next((record.state for record in publication.status(limit=60) if record.issue == day.isoformat()), None)
    if state in {IssueState.SENDING, IssueState.SENT, IssueState.STOPPED}:
        click.echo(f"{day} has gone out already; nothing to do.")
    elif publication.clock() < closes:
        click.echo(f"Nothing to do: the issue of {day} closes on {closes:%A, %Y-%m-%d at %H:%M %Z}.")
    else:
        return True
    return False


def prepare(
    publication: Publication,
    settings: Settings,
    day: date,
    since: date | None,
    *,
    ask: bool,
    only: Segment | None = None,
) -> Plan:
    """Gathers, composes and plans the issue of `day`. When this returns nobody makes it up again."""
    from digest.cli import show, verdict
    from digest.cli.send import confirm

    show.heading("Sources")
    for report in publication.gather(whole=True):
        show.source_line(report)
    show.pages_line(publication.complete(day, since=since))
    made = publication.compose(day, since=since, illustrate=True)
    click.echo(f"\n{made.issue.id}: {len(made.issue.stories)} stories, {len(made.cuts)} cut; “{made.rendered.subject}”")
    show.pictures_passed_over(made.passed_over)
    plan = publication.sending.plan(made.issue.id, only)
    show.left_out_rows(plan.roster, plan.left_out)
    found = verdict.look(publication, made.issue.id, settings)
    publication.clearance.refuse(made.issue.id, found)
    if ask and plan.letters.get(LetterState.OWED):
        confirm(plan, settings)
    publication.sending.begin(plan, found)
    return plan
