"""What people read in the terminal."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from digest.model import (
    Correction,
    Cut,
    IssueRecord,
    LetterState,
    Progress,
    RosterReport,
    SourceReport,
    SourceStatus,
    Story,
    Subscriber,
)
from digest.model.pictures import PassedOver
from digest.model.segments import SegmentCount
from digest.settings import Settings

if TYPE_CHECKING:
    from digest.office.completing import Completed
    from digest.pipeline import Composed, Plan

_SILENT = {SourceStatus.WAITING, SourceStatus.RETIRED}
_SHOWN_CUTS = 60
_SHOWN_PICTURES = 20
_SHOWN_ROWS = 20
_SHOWN_PARTS = 4
_SHOWN_PAGES = 3
SHOWN_READERS = 12


def heading(text: str) -> None:
    click.echo(f"\n{click.style(text, bold=True)}")


def source_line(report: SourceReport) -> None:
    """One line a source, one for whether its week is complete, and one more for each thing that is odd about it."""
    if report.status in _SILENT:
        click.echo(f"  {report.status.value:9} {report.name}: {report.why}")
        return
    if report.status is SourceStatus.FAILED:
        since = f" (failing since {_day(report.failing_since)}" if report.failing_since else " ("
        good = f"; last good {_day(report.last_good)})" if report.last_good else "; never read yet)"
        click.echo(f"  {click.style('failed   ', fg='red')} {report.name}: {report.error}{since}{good}")
        return
    click.echo(f"  {report.status.value:9} {report.name}{_counts(report)}")
    mark = "" if report.complete else click.style("not complete", fg="yellow")
    click.echo(f"            {mark or 'complete'} for the week: {report.why}")
    for line in (*report.warnings, *map(_corrected, report.corrections)):
        click.echo(f"            {line}")


def pages_line(found: Completed) -> None:
    """One line on the pages that were asked for what feeds leave out; nothing where there were none."""
    if not (found.asked or found.left):
        return
    parts = [f"{found.read} of {found.asked} read"]
    parts += [f"{found.refused} kept from programs by robots.txt"] if found.refused else []
    parts += [f"{len(found.failed)} failed"] if found.failed else []
    parts += [f"{found.left} left for the next time"] if found.left else []
    click.echo(f"  pages     asked for what feeds leave out: {', '.join(parts)}")
    for address, error in found.failed[:_SHOWN_PAGES]:
        click.echo(f"            {address}: {error}")


def _counts(report: SourceReport) -> str:
    if report.status is SourceStatus.UNCHANGED:
        return ""
    pages = f" on {report.pages_read} pages" if report.pages_read > 1 else ""
    gone = f", {report.gone} gone" if report.gone else ""
    kinds = f"{report.new} new, {report.updated} updated, {report.unchanged} unchanged{gone}"
    back = f"; back to {_day(report.oldest)}" if report.oldest else ""
    return f": {report.entries} entries{pages}, {kinds}{back}"


def _corrected(correction: Correction) -> str:
    headline = "" if correction.before == correction.after else f", now “{correction.after}”"
    return f"corrected after it ran in {correction.issue}: “{correction.before}”{headline}"


def issue(made: Composed, timezone: ZoneInfo) -> None:
    """The made-up issue: its sections and stories, then what was cut and why."""
    window = made.issue.window
    heading(f"Issue {made.issue.id}, number {made.issue.number}")
    click.echo(f"  Subject  {made.rendered.subject}")
    click.echo(f"  Covers   {_instant(window.opens, timezone)} to {_instant(window.closes, timezone)} ({timezone.key})")
    click.echo(f"  Stories  {len(made.issue.stories)}, {_with_pictures(made)} with a picture")
    if made.issue.lead:
        heading("Lead")
        _story(made.issue.lead)
    for section in made.issue.sections:
        heading(section.name)
        for story in section.stories:
            _story(story)
    cuts(made.cuts)
    pictures_passed_over(made.passed_over)


def pictures_passed_over(passed_over: Sequence[PassedOver]) -> None:
    """The pictures that stories of the issue do not show, and why."""
    if not passed_over:
        return
    heading(f"Pictures not shown ({len(passed_over)})")
    for each in passed_over[:_SHOWN_PICTURES]:
        without = "it has none now" if each.alone else "it has another one"
        click.echo(f"  {short(each.headline)} ({without})")
        click.echo(click.style(f"    {each.address}: {each.reason}", dim=True))
    if len(passed_over) > _SHOWN_PICTURES:
        click.echo(f"  … and {len(passed_over) - _SHOWN_PICTURES} more; `digest compose --json` lists them all")


def _with_pictures(made: Composed) -> int:
    return sum(story.picture is not None for story in made.issue.stories)


def cuts(cut: Sequence[Cut]) -> None:
    """What is not in the issue, and why: first what an editor may want after all."""
    if not cut:
        return
    heading(f"Cut ({len(cut)})")
    for each in sorted(cut, key=lambda one: not one.other)[:_SHOWN_CUTS]:
        click.echo(f"  {short(each.title or each.address or 'an entry without a title')}")
        click.echo(click.style(f"    {each.reason}", dim=True))
        if each.other:
            click.echo(click.style(f"    it runs all the same with --keep {each.address}", dim=True))
    if len(cut) > _SHOWN_CUTS:
        click.echo(f"  … and {len(cut) - _SHOWN_CUTS} more; `digest compose --json` lists them all")


def audience(plan: Plan, readers: Sequence[Subscriber], count: SegmentCount | None = None) -> None:
    """Who gets the issue, and who is left out and why. `readers` are the first few who get it, `count` says how many
    are in the segment that was asked for."""
    heading("Readers")
    total, owed = plan.roster.readers, plan.letters.get(LetterState.OWED, 0)
    joined = f" ({plan.roster.joined} signed up or imported)" if plan.roster.joined else ""
    click.echo(f"  {total} on the list{joined}, {owed} letters to send")
    if plan.segment:
        _segment(plan.segment, count)
    for reader in readers:
        click.echo(click.style(f"    {reader.address}", dim=True))
    if owed > len(readers):
        click.echo(click.style(f"    … and {owed - len(readers)} more", dim=True))
    left_out_rows(plan.roster, plan.left_out)


def _segment(words: str, count: SegmentCount | None) -> None:
    """To which readers alone the issue goes; and how many each part of that has, while nothing has gone out yet."""
    if count is None:
        click.echo(f"  it goes only to {words}")
        return
    click.echo(f"  {count.selected} of {count.readers} are in the segment {words}")
    if len(count.terms) > 1:
        for term, number in count.terms.items():
            click.echo(f"    {number} in {term}")


def plan_line(plan: Plan, settings: Settings) -> None:
    """When letters would leave, and through what."""
    per_second = settings.delivery.limits.per_second
    pace = f", at most {per_second:g} a second" if per_second else ""
    click.echo(
        f"  {letters(plan.letters)}; through {settings.delivery.provider}{pace}, at once when it is sent for real"
    )


def left_out_rows(roster: RosterReport, left_out: Mapping[str, int]) -> None:
    """How many get no letter, by reason, and the rows of the list that do not, by line."""
    for reason, count in left_out.items():
        click.echo(f"  {count} left out: {reason}")
    for row in roster.faults[:_SHOWN_ROWS]:
        detail = f": {row.detail}" if row.detail else ""
        click.echo(click.style(f"    line {row.line}, {row.reason}{detail}", dim=True))
    more = sum(roster.left_out.values()) - _SHOWN_ROWS
    if more > 0:
        click.echo(f"    … and {more} more; `digest subscribers check` lists them")


def sizes(made: Composed, letter: Path | None) -> None:
    """How large the issue is, in its parts and as a whole letter."""
    heading("Size")
    html, text = len(made.rendered.html.encode()), len(made.rendered.text.encode())
    whole = f", a whole letter {_kilobytes(letter.stat().st_size)}" if letter else ""
    click.echo(f"  HTML {_kilobytes(html)}, text {_kilobytes(text)}{whole}")
    largest = sorted(made.weights.items(), key=lambda part: part[1], reverse=True)[:_SHOWN_PARTS]
    click.echo(f"  Largest: {', '.join(f'{part} {_kilobytes(size)}' for part, size in largest)}")


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

    states = tuple(LetterState)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Issue")
    table.add_column("State")
    for state in states:
        table.add_column(state.value.replace("_", " ").capitalize(), justify="right")
    for record in records:
        table.add_row(record.issue, record.state.value, *(str(record.letters.get(state, 0)) for state in states))
    Console().print(table)
    for record in records:
        if record.segment:
            click.echo(f"{record.issue} goes only to {record.segment}")


@contextmanager
def progress(plan: Plan) -> Iterator[Callable[[Progress], None]]:
    """A bar with rate and end on standard error while letters go out; where that is no terminal, a line when nothing
    may leave for a while."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns: tuple[Any, ...] = (
        TextColumn("Sending"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[pace]}")
    )  # fmt: skip
    owed, said = plan.letters.get(LetterState.OWED, 0), [""]
    with Bar(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("letters", total=owed, pace="")

        def tell(now: Progress) -> None:
            left = now.letters.get(LetterState.OWED, 0) + now.letters.get(LetterState.CLAIMED, 0)
            bar.update(task, completed=owed - left, pace=_pace(now))
            if now.hold and now.hold != said[0] and not console.is_terminal:
                click.echo(f"digest: {_held(now)}", err=True)
            said[0] = now.hold

        yield tell


def _pace(now: Progress) -> str:
    if now.hold:
        return _held(now)
    refused = now.letters.get(LetterState.REFUSED, 0)
    parts = [f"{now.rate:.0f} a second"] if now.rate >= 1 else []
    parts += [f"done at {now.ends.astimezone():%H:%M:%S}"] if now.ends and now.rate else []
    parts += [f"{refused} refused"] if refused else []
    return ", ".join(parts)


def _held(now: Progress) -> str:
    again = f"; goes on at {now.held_until.astimezone():%H:%M:%S}" if now.held_until else ""
    return f"{now.hold}{again}"


def near(path: Path) -> str:
    """The path as one would type it here."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def _story(story: Story) -> None:
    click.echo(f"  {short(story.headline)}")
    click.echo(click.style(f"    {story.address}", dim=True))


def short(text: str) -> str:
    """A headline in a line."""
    return text if len(text) <= 110 else f"{text[:109]}…"


def _kilobytes(size: int) -> str:
    return f"{size / 1000:.1f} kB"


def _instant(instant: datetime, timezone: ZoneInfo) -> str:
    return f"{instant.astimezone(timezone):%a %Y-%m-%d %H:%M}"


def _day(instant: datetime | None) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC" if instant else ""
