"""What people read in the terminal."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from digest.model import Audience, Cut, IssueRecord, LetterState, SourceReport, SourceStatus, Story
from digest.pipeline import Composed, Plan
from digest.settings import Settings

_SHOWN_CUTS = 60
_SHOWN_ROWS = 20
_SHOWN_READERS = 12


def heading(text: str) -> None:
    click.echo(f"\n{click.style(text, bold=True)}")


def source_line(report: SourceReport) -> None:
    """One line a source, and one more for each thing that is odd about it."""
    if report.status is SourceStatus.FAILED:
        since = f" (failing since {_day(report.failing_since)}" if report.failing_since else " ("
        good = f"; last good {_day(report.last_good)})" if report.last_good else "; never read yet)"
        click.echo(f"  {click.style('failed   ', fg='red')} {report.name}: {report.error}{since}{good}")
        return
    counts = f"{report.entries} entries, {report.new} new, {report.updated} updated"
    click.echo(
        f"  {report.status.value:9} {report.name}: {'' if report.status is SourceStatus.UNCHANGED else counts}".rstrip(
            ": "
        )
    )
    for warning in report.warnings:
        click.echo(f"            {warning}")


def issue(made: Composed, timezone: ZoneInfo) -> None:
    """The made-up issue: its sections and stories, then what was cut and why."""
    window = made.issue.window
    heading(f"Issue {made.issue.id}, number {made.issue.number}")
    click.echo(f"  Subject  {made.rendered.subject}")
    click.echo(f"  Covers   {_instant(window.opens, timezone)} to {_instant(window.closes, timezone)} ({timezone.key})")
    click.echo(f"  Stories  {len(made.issue.stories)}")
    if made.issue.lead:
        heading("Lead")
        _story(made.issue.lead)
    for section in made.issue.sections:
        heading(section.name)
        for story in section.stories:
            _story(story)
    cuts(made.cuts)


def cuts(cut: Sequence[Cut]) -> None:
    """What is not in the issue, grouped by reason."""
    if not cut:
        return
    heading(f"Cut ({len(cut)})")
    for each in cut[:_SHOWN_CUTS]:
        click.echo(f"  {_short(each.title or each.address or 'an entry without a title')}")
        click.echo(click.style(f"    {each.reason}", dim=True))
    if len(cut) > _SHOWN_CUTS:
        click.echo(f"  … and {len(cut) - _SHOWN_CUTS} more; `digest compose --json` lists them all")


def audience(who: Audience, owed: int) -> None:
    """Who gets the issue, and who is left out and why."""
    heading("Readers")
    click.echo(f"  {len(who.readers)} on the list, {owed} letters to send")
    for reader in who.readers[:_SHOWN_READERS]:
        click.echo(click.style(f"    {reader.address}", dim=True))
    if len(who.readers) > _SHOWN_READERS:
        click.echo(click.style(f"    … and {len(who.readers) - _SHOWN_READERS} more", dim=True))
    left_out_rows(who)


def plan_line(plan: Plan, settings: Settings) -> None:
    """When letters would leave, and through what."""
    pace = f", at most {settings.delivery.pace:g} a second" if settings.delivery.pace else ""
    click.echo(
        f"  {letters(plan.letters)}; through {settings.delivery.provider}{pace}, at once when it is sent for real"
    )


def left_out_rows(who: Audience) -> None:
    """The rows of the list that get no letter, by line."""
    for reason, count in left_out_counts(who).items():
        click.echo(f"  {count} left out: {reason}")
    told = [row for row in who.left_out if row.line]
    for row in told[:_SHOWN_ROWS]:
        detail = f": {row.detail}" if row.detail else ""
        click.echo(click.style(f"    line {row.line}, {row.reason}{detail}", dim=True))
    if len(told) > _SHOWN_ROWS:
        click.echo(f"    … and {len(told) - _SHOWN_ROWS} more; `digest subscribers check` lists them all")


def left_out_counts(who: Audience) -> dict[str, int]:
    """How many were left out, by reason, in the order of first appearance."""
    return dict(Counter(row.reason for row in who.left_out))


def sizes(made: Composed, letter: Path | None) -> None:
    """How large the issue is, in its parts and as a whole letter."""
    heading("Size")
    html, text = len(made.rendered.html.encode()), len(made.rendered.text.encode())
    whole = f", a whole letter {_kilobytes(letter.stat().st_size)}" if letter else ""
    click.echo(f"  HTML {_kilobytes(html)}, text {_kilobytes(text)}{whole}")


def files(named: Iterable[tuple[str, Path]]) -> None:
    """Paths, relative to where the command was called when they are below it."""
    heading("Files")
    for name, path in named:
        click.echo(f"  {name:9} {near(path)}")


def letters(counts: Mapping[LetterState, int]) -> str:
    """`12 accepted, 1 refused`: the states that occur."""
    named = [f"{count} {state.value.replace('_', ' ')}" for state, count in counts.items() if count]
    return ", ".join(named) or "no letters"


def status_table(records: Sequence[IssueRecord]) -> None:
    """The last issues and their letters."""
    from rich.console import Console
    from rich.table import Table

    states = (LetterState.OWED, LetterState.ACCEPTED, LetterState.REFUSED, LetterState.UNKNOWN, LetterState.LEFT_OUT)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Issue")
    table.add_column("State")
    for state in states:
        table.add_column(state.value.replace("_", " ").capitalize(), justify="right")
    for record in records:
        table.add_row(record.issue, record.state.value, *(str(record.letters.get(state, 0)) for state in states))
    Console().print(table)


@contextmanager
def progress(plan: Plan) -> Iterator[Callable[[Mapping[LetterState, int]], None]]:
    """A bar on standard error while letters go out; nothing where that is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns: tuple[Any, ...] = (TextColumn("Sending"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    owed = plan.letters.get(LetterState.OWED, 0)
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("letters", total=owed)
        yield lambda counts: bar.update(task, completed=owed - counts.get(LetterState.OWED, 0))


def near(path: Path) -> str:
    """The path as one would type it here."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def _story(story: Story) -> None:
    click.echo(f"  {_short(story.headline)}")
    click.echo(click.style(f"    {story.address}", dim=True))


def _short(text: str) -> str:
    return text if len(text) <= 110 else f"{text[:109]}…"


def _kilobytes(size: int) -> str:
    return f"{size / 1000:.1f} kB"


def _instant(instant: datetime, timezone: ZoneInfo) -> str:
    return f"{instant.astimezone(timezone):%a %Y-%m-%d %H:%M}"


def _day(instant: datetime | None) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC" if instant else ""
