"""How the sources stand, in an editor's words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.table import Table

from digest.model import SourceStanding

if TYPE_CHECKING:
    from digest.office.gathering import Health


def show(health: Health, timezone: ZoneInfo, *, now: datetime) -> None:
    """A line a source, then what an editor should look at."""
    opens = health.window.opens.astimezone(timezone)
    click.echo(f"Stories since {opens:%A, %Y-%m-%d at %H:%M %Z}\n")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, justify in (("source", "left"), ("last good", "left"), ("this week", "right"), ("usual", "right")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    table.add_column("complete")
    for standing in health.standings:
        table.add_row(*_cells(standing, timezone))
    Console(highlight=False, markup=False, emoji=False).print(table)
    lines = [line for standing in health.standings for line in oddities(standing, timezone, now)]
    lines += [f"{name} has {_count(found)} so far" for name, found in health.thin]
    if lines:
        click.echo("\nTo look at")
        for line in lines:
            click.echo(f"  {line}")


def oddities(standing: SourceStanding, timezone: ZoneInfo, now: datetime) -> Iterator[str]:
    """What is wrong with a source, or may be, a sentence each."""
    name = standing.name
    if standing.retired_at:
        yield f"{name} is gone for good since {_day(standing.retired_at, timezone)}; take it out of digest.toml"
    elif standing.failing_since:
        again = f"; asked again after {_minute(standing.retry_at, timezone)}" if _is_later(standing, now) else ""
        since = _minute(standing.failing_since, timezone)
        yield f"{name} has failed {_times(standing.failures)} since {since}: {standing.error}{again}"
    elif standing.last_good is None:
        yield f"{name} was never read; run `digest gather`"
    elif standing.is_silent:
        yield f"{name} has nothing this week, and {standing.usual:g} stories in others"
    elif not standing.complete:
        yield f"{name} is not complete for the week: {standing.why or 'it was not read to the end'}"
    if standing.undated:
        yield f"{name}: {_count(standing.undated)} without a date, counted from when first seen"
    if standing.ahead:
        yield f"{name}: {_count(standing.ahead)} dated into the future, counted from when first seen"


def as_object(health: Health) -> dict[str, Any]:
    """`sources --json`."""
    return {
        "since": health.window.opens.isoformat(),
        "sources": [
            {
                "name": each.name,
                "url": each.url,
                "last_good": _iso(each.last_good),
                "failing_since": _iso(each.failing_since),
                "failures": each.failures,
                "error": each.error or None,
                "retry_at": _iso(each.retry_at),
                "retired_at": _iso(each.retired_at),
                "newest": _iso(each.newest),
                "this_week": each.this_week,
                "usual": each.usual,
                "undated": each.undated,
                "dated_ahead": each.ahead,
                "complete": each.complete,
                "why": each.why or None,
            }
            for each in health.standings
        ],
        "thin_sections": [{"name": name, "stories": found} for name, found in health.thin],
    }


def _cells(standing: SourceStanding, timezone: ZoneInfo) -> tuple[str, ...]:
    good = _minute(standing.last_good, timezone) if standing.last_good else "never"
    return standing.name, good, str(standing.this_week), f"{standing.usual:g}", _completeness(standing)


def _completeness(standing: SourceStanding) -> str:
    if standing.failing_since or standing.last_good is None:
        return "?"
    return "yes" if standing.complete else "no"


def _is_later(standing: SourceStanding, now: datetime) -> bool:
    return standing.retry_at is not None and standing.retry_at > now


def _count(number: int) -> str:
    return "one story" if number == 1 else f"{number or 'no'} stories"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _day(instant: datetime, timezone: ZoneInfo) -> str:
    return f"{instant.astimezone(timezone):%Y-%m-%d}"


def _minute(instant: datetime | None, timezone: ZoneInfo) -> str:
    return f"{instant.astimezone(timezone):%Y-%m-%d %H:%M}" if instant else ""


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
