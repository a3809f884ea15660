"""What people read in the terminal of their readers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

from digest.cli.show import heading
from digest.model import LeftOut
from digest.model.readers import Act
from digest.model.roster import ImportReport

if TYPE_CHECKING:
    from rich.table import Table

    from digest.office.subscriptions import ListCheck, Statistics

_SHOWN_ROWS = 20
_TOLD = (Act.ASKED, Act.CONFIRMED, Act.IMPORTED, Act.LEFT, Act.CAME_BACK, Act.BOUNCED, Act.COMPLAINED)


def checked(found: ListCheck, path: str, provider: str) -> None:
    """The list: how many readers, which rows are none and why, and what looks like a slip."""
    left_out = found.roster.left_out
    click.echo(f"{path}: {found.roster.readers} readers, {sum(left_out.values())} left out")
    if found.roster.joined:
        click.echo(f"  {found.roster.joined} of the readers are not in the file: they signed up, or were imported")
    for reason, count in left_out.items():
        click.echo(f"  {count} left out: {reason}")
    _rows(found.roster.faults)
    for one in found.near_misses:
        click.echo(f"  line {one.line}, {click.style('warning', fg='yellow')}: {one.address}: {one.meant} meant?")
    if found.beyond_ascii:
        click.echo(
            f"  {click.style('warning', fg='yellow')}: {found.beyond_ascii} addresses have letters beyond ASCII before"
            f" the @, which {provider} does not take"
        )


def imported(report: ImportReport, name: str) -> None:
    """What an import came to."""
    if not report.changed:
        click.echo(f"{name}: nothing has changed.")
    else:
        click.echo(f"{name}: {report.added} new on the list, {sum(report.noes.values())} suppressed")
    for ground, count in report.noes.items():
        click.echo(f"  {count} suppressed, because the file says so: {ground}")
    told = (
        (report.suppressed, "of the new ones get no letter: they said no before"),
        (report.known, "were on the list already, and keep what they chose"),
        (report.refused, "not taken: your own list says no"),
        (report.forgotten, "not taken: they were erased at their wish"),
        (report.unconfirmed, "not taken: they never confirmed that they want the letter"),
    )
    for count, words in told:
        if count:
            click.echo(f"  {count} {words}")
    for reason, count in report.left_out.items():
        click.echo(f"  {count} left out: {reason}")
    _rows(report.faults[:_SHOWN_ROWS])
    if len(report.faults) > _SHOWN_ROWS:
        click.echo("    … and more; `--json` names them")


def _rows(faults: Iterable[LeftOut]) -> None:
    for row in faults:
        column = f", column {row.column}" if row.column else ""
        detail = f": {row.detail}" if row.detail else ""
        click.echo(f"  line {row.line}{column}, {row.reason}{detail}")


def known(told: Mapping[str, Any]) -> None:
    """All that is known of somebody, as `known_of` gives it."""
    click.echo(click.style(told["address"], bold=True))
    click.echo(f"  {'Gets letters.' if told['gets_letters'] else 'Gets no letters.'}{_lists(told)}")
    if refusal := told["not_written_to"]:
        since = f" since {_day(refusal['since'])}" if refusal["since"] else ""
        reason = refusal["reason"].removeprefix(refusal["because"]).removeprefix(": ")
        reason = f": {reason}" if reason else ""
        click.echo(f"  Not written to{since}, {refusal['because']}{reason}")
    if told["on_the_list"]:
        chosen = {name: value for name, value in told["choices"].items() if value and name != "own"}
        words = ", ".join(f"{name} {_listed(value)}" for name, value in chosen.items())
        click.echo(f"  {'Chose' if told['choices']['own'] else 'By your list'}: {words}")
    if told["waiting"]:
        click.echo(f"  Asked for letters on {_day(told['waiting']['asked_at'])}, not confirmed yet")
    _lines("Consent", [_consent(line) for line in told["consent"]])
    _lines("Letters", [f"{one['issue']}  {_words(one['state'], one['words'])}" for one in told["letters"]])
    came = [f"{_day(one['at'])}  {_words(one['what'], one['issue'], one['words'])}" for one in told["came_back"]]
    _lines("Came back", came)


def _lists(told: Mapping[str, Any]) -> str:
    lists = told["on_the_list"] or {}
    parts = [f"line {told['line']} of your list"] if told["line"] else []
    parts += [f"in the store since {_day(lists['joined_at'])}"] if lists.get("joined_at") else []
    return f" On: {', '.join(parts)}." if parts else " On no list."


def _consent(line: Mapping[str, Any]) -> str:
    how = _words(line["how"], line["form"], line["network"], line["language"])
    return f"{_day(line['at'])}  {line['what']}" + (f" ({how})" if how else "") + _quoted(line["words"])


def _quoted(words: str) -> str:
    return f": “{words}”" if words else ""


def _words(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _listed(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "; ".join(value)


def _day(instant: str) -> str:
    return instant[:16].replace("T", " ")


def _lines(title: str, lines: list[str]) -> None:
    if lines:
        heading(title)
    for line in lines:
        click.echo(f"  {line}")


def statistics(found: Statistics) -> None:
    """The readership in numbers."""
    from rich.console import Console

    census = found.census
    click.echo(f"{census.readers} readers: {census.listed} of your list, {census.signed_up} signed up or imported")
    if census.pending:
        click.echo(f"{census.pending} sign-ups wait to be confirmed")
    console = Console()
    for title, counts in (
        ("Get no letters", {ground.value: count for ground, count in census.suppressed.items()}),
        ("Rhythm", {rhythm.value: count for rhythm, count in census.rhythms.items()}),
        ("Language", {language or "the publication's": count for language, count in census.languages.items()}),
        ("Section", census.sections),
    ):
        if counts:
            console.print(_counted(title, counts))
    console.print(_weeks(found))


def _counted(title: str, counts: Mapping[str, int]) -> Table:
    from rich.markup import escape

    table = _table(title, "Readers" if title != "Get no letters" else "Addresses")
    for name, count in counts.items():
        table.add_row(escape(name), str(count))
    return table


def _weeks(found: Statistics) -> Table:
    table = _table("Week from", *(act.value.capitalize() for act in _TOLD))
    for monday, said in found.weeks.items():
        table.add_row(monday.isoformat(), *(str(said.get(act, 0)) for act in _TOLD))
    return table


def _table(first: str, *others: str) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(first)
    for other in others:
        table.add_column(other, justify="right")
    return table
