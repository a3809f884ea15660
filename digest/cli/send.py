"""`digest send`."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli import crew
from digest.cli.options import IssueDate, config_option, json_option, load_settings, only_option
from digest.errors import ConfigurationError, LettersUnknown, SendingStopped
from digest.model import LetterState

if TYPE_CHECKING:
    from digest.app import Publication
    from digest.model.segments import Segment
    from digest.pipeline import Plan, SendReport
    from digest.settings import Settings


@click.command("send")
@click.option("--date", "day", type=IssueDate(), help="The issue's date. Without it: the newest made-up issue.")
@click.option("--dry-run", is_flag=True, help="Say who would get what, write the first few letters, change nothing.")
@click.option("--to", "test_address", metavar="ADDRESS", help="Send one copy marked as a test to this address instead.")
@click.option("--yes", is_flag=True, help="Do not ask before the first letter.")
@click.option("--despite", multiple=True, metavar="CHECK", help="Send it though this check found errors; repeatable.")
@only_option
@click.option("--limit", type=click.IntRange(min=1), help="Send so many letters at most; the rest stays owed.")
@click.option("--no-wait", is_flag=True, help="Send what is due now and end; do not stay for what was put off.")
@click.option("--beside", "share", type=crew.Share(), hidden=True, help="Which of several senders this is, like 2/4.")
@config_option
@json_option
def command(
    day: date | None,
    dry_run: bool,
    test_address: str | None,
    yes: bool,
    despite: tuple[str, ...],
    only: str | None,
    limit: int | None,
    no_wait: bool,
    share: tuple[int, int] | None,
    config: Path | None,
    as_json: bool,
) -> None:
    """Send the made-up issue to the subscribers.

    It stays until nothing is owed: what was put off is tried again, and a provider that fails is given time. Sending
    again sends only what is still owed. A letter whose fate is unknown is reported and not sent twice.

    An issue with errors is kept back (see `digest check`); --despite lets it go, and is put on record.

    \b
    Example:
      digest send --dry-run
      digest send --to you@example.com
      digest send --dry-run --only "section:Environment and language:es"
      digest send
    """
    settings = load_settings(config)
    if dry_run:
        try_out(settings, day.isoformat() if day else None, as_json=as_json, despite=despite, only=only)
        return
    from digest import app, clock
    from digest.cli import verdict

    with app.open_publication(settings, clock.now) as publication:
        issue = day.isoformat() if day else publication.newest_issue()
        if test_address:
            words = publication.sending.send_test_copy(issue, test_address)
            click.echo(f"A test copy of {issue} went out through {settings.delivery.provider}: {words}", err=as_json)
            return
        if share:  # the sender that started this one has looked at the issue
            help_out(publication, publication.sending.plan(issue), share, patient=not no_wait)
            return
        publication.clearance.check_names(despite)
        segment = publication.segments.read(only)
        publication.segments.refuse_another(issue, segment)
        found = verdict.look(publication, issue, settings)
        publication.clearance.refuse(issue, found, despite=despite)
        if not yes:
            # Asked before anything is held: a question may stay open over the weekend.
            ask(publication, issue, settings, segment)
        with publication.store.among_senders():
            plan = publication.sending.plan(issue, segment)
            publication.sending.begin(plan, found, despite=despite)
        deliver(publication, plan, settings, as_json=as_json, patient=not no_wait, limit=limit)


def ask(publication: Publication, issue: str, settings: Settings, only: Segment | None) -> None:
    """Asks whether what is owed of the issue may go out."""
    with publication.store.among_senders():
        plan = publication.sending.plan(issue, only)
    if plan.letters.get(LetterState.OWED):
        confirm(plan, settings)


def try_out(
    settings: Settings, issue: str | None, *, as_json: bool, despite: tuple[str, ...], only: str | None
) -> None:
    """The dry run: everything up to the provider's door, on a copy of the store."""
    from digest import app, clock
    from digest.cli import contract, show, verdict

    folder = app.dry_run_folder(settings)
    with app.open_dry_run(settings, clock.now) as publication:
        publication.clearance.check_names(despite)
        segment = publication.segments.read(only)
        plan = publication.sending.plan(issue or publication.newest_issue(), segment)
        count = publication.segments.count(segment)
        publication.sending.check_provider()
        found = publication.preflight(plan.rendered.issue, links=settings.preflight.links)
        found = replace(found, overridden=found.overridden | set(despite))
        written = publication.sending.write_samples(plan, folder / plan.rendered.issue)
        readers = publication.readers(show.SHOWN_READERS, plan.rendered.issue)
    if as_json:
        provider = settings.delivery.provider
        preflight = contract.preflight(found)
        sent = contract.sent(plan, provider, plan.letters, count)
        contract.print_object({**sent, "preflight": preflight})
        return
    show.audience(plan, readers, count)
    show.plan_line(plan, settings)
    verdict.tell(found)
    show.files([("Letter", path) for path in written])
    click.echo("\nThis was a dry run: nothing was sent and nothing was changed.")


def confirm(plan: Plan, settings: Settings) -> None:
    """Asks before the first real letter. Raises ConfigurationError where nobody can answer."""
    owed = plan.letters[LetterState.OWED]
    if not sys.stdin.isatty():
        raise ConfigurationError(
            f"{owed} letters would go out and nobody is there to ask",
            hint="give --yes to send without asking, or --dry-run to try it out",
        )
    click.echo(f"{plan.rendered.issue}: “{plan.rendered.subject}”", err=True)
    if plan.segment:
        click.echo(f"  only to {plan.segment}; nobody else gets this issue afterwards", err=True)
    click.confirm(f"Send {owed} letters through {settings.delivery.provider} now?", abort=True, err=True)


def deliver(
    publication: Publication,
    plan: Plan,
    settings: Settings,
    *,
    as_json: bool,
    patient: bool = True,
    limit: int | None = None,
) -> None:
    """Sends and reports. Raises SendingStopped while letters are owed, LettersUnknown when a fate is unknown."""
    from digest.cli import contract, show

    senders = publication.sending.senders(plan) if limit is None else 1
    with (
        show.progress(plan) as progress,
        _interruptible() as interrupted,
        crew.beside(plan.rendered.issue, senders, patient=patient),
    ):
        report = publication.sending.send(
            plan, patient=patient, limit=limit, share=(1, senders), interrupted=interrupted, progress=progress
        )
    if senders > 1:  # the others have ended after this one
        report = replace(report, letters=publication.store.ledger.counts(report.issue))
    if as_json:
        contract.print_object(contract.sent(plan, settings.delivery.provider, report.letters))
    else:
        click.echo(f"{report.issue}: {show.letters(report.letters)}")
    _judge(report)


def help_out(publication: Publication, plan: Plan, share: tuple[int, int], *, patient: bool) -> None:
    """Sends beside another sender, which does the reporting, until that one ends."""
    left_alone = crew.left_alone()
    with _interruptible(quiet=True) as interrupted:
        publication.sending.send(plan, patient=patient, share=share, interrupted=lambda: interrupted() or left_alone())


def _judge(report: SendReport) -> None:
    owed, unknown = report.letters.get(LetterState.OWED, 0), report.letters.get(LetterState.UNKNOWN, 0)
    if owed or report.stopped:
        raise SendingStopped(
            f"{report.stopped or 'not everything was due'}; {owed} letters are still owed",
            hint=f"`digest resume {report.issue}` lets it go on"
            if report.held
            else "`digest send` goes on where it stopped; nobody gets a second letter",
        )
    if unknown:
        raise LettersUnknown(
            f"the fate of {unknown} letters is unknown: they may have arrived, and are not sent again by themselves",
            hint=f"`digest settle {report.issue}` shows them and what can be done",
        )


@contextmanager
def _interruptible(*, quiet: bool = False) -> Iterator[Callable[[], bool]]:
    """The first SIGINT or SIGTERM ends the sending after the batch on the wire; a second one ends it at once."""
    caught: list[int] = []

    def note(number: int, frame: object) -> None:
        if caught:
            raise KeyboardInterrupt
        caught.append(number)
        if not quiet:
            click.echo("Stopping after the letters on the wire …", err=True)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(caught)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
