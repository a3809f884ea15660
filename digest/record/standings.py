"""How the sources stand: whether they can be read, how much comes from them, and what is odd about it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Connection, Row, func, select

from digest.model import SourceStanding
from digest.record.database import Database
from digest.record.instants import Instant
from digest.record.schema import entry, source

WEEKS = 8
"""The past weeks that tell what is usual."""

_WEEK = timedelta(days=7)
_SKEW = timedelta(hours=1)
"""Servers' clocks differ: a story dated minutes ahead of its first sight is not dated into the future."""


class Standings:
    """The sources of the store as an editor asks after them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, urls: Sequence[str], *, since: datetime) -> tuple[SourceStanding, ...]:
        """How the sources stand that were ever read, by name. The week that is looked at begins at `since`."""
        with self._database.reading() as connection:
            rows = connection.execute(select(source).where(source.c.url.in_(urls)).order_by(source.c.name)).all()
            newest = {row.url: row.newest for row in connection.execute(_newest(urls))}
            dates = _dates(connection, urls, since - WEEKS * _WEEK)
        return tuple(_standing(row, newest.get(row.url), weekly(dates[row.url], since)) for row in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """What an entry says of its date, and when it was seen first."""

    published: datetime | None
    updated: datetime | None
    first_seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """How many stories came since the week began, and how many usually do; how many of this week's have no date, or
    one of the future."""

    this_week: int = 0
    usual: float = 0.0
    undated: int = 0
    ahead: int = 0


def weekly(entries: Iterable[Dates], since: datetime) -> Weekly:
    """What a source's entries of the last weeks come to.

    Usual is the median of the weeks before, from the first one on that has a story.
    """
    entries = tuple(entries)
    week = [one for one in entries if (one.published or one.first_seen) > since]
    past = [one.published for one in entries if one.published and one.published <= since]
    by_week = Counter((since - published) // _WEEK for published in past)
    return Weekly(
        this_week=len(week),
        usual=_usual(by_week),
        undated=sum(not (one.published or one.updated) for one in week),
        ahead=sum(bool(one.published) and one.published > one.first_seen + _SKEW for one in week if one.published),
    )


def _usual(by_week: Mapping[int, int]) -> float:
    weeks = range(min(max(by_week, default=-1) + 1, WEEKS))
    return float(median(by_week.get(number, 0) for number in weeks)) if weeks else 0.0


def _standing(row: Row[Any], newest: datetime | None, found: Weekly) -> SourceStanding:
    return SourceStanding(
        name=row.name,
        url=row.url,
        failing_since=row.failing_since,
        failures=row.failures,
        retry_at=max(filter(None, (row.retry_at, row.told_until)), default=None),
        retired_at=row.retired_at,
        last_good=row.last_good_at,
        newest=newest,
        error=row.last_error,
        complete=bool(row.complete) and row.failing_since is None,
        why=row.why,
        usual=found.usual,
        this_week=found.this_week,
        undated=found.undated,
        ahead=found.ahead,
    )


def _newest(urls: Sequence[str]) -> Any:
    # Two searches of an index, where a maximum over both columns would look at the entries of years.
    mine = entry.c.source == source.c.url
    dated = select(func.max(entry.c.published)).where(mine, entry.c.published.is_not(None)).scalar_subquery()
    undated = select(func.max(entry.c.first_seen)).where(mine, entry.c.published.is_(None)).scalar_subquery()
    return select(source.c.url, func.coalesce(dated, undated, type_=Instant()).label("newest")).where(
        source.c.url.in_(urls)
    )


def _dates(connection: Connection, urls: Sequence[str], cutoff: datetime) -> defaultdict[str, list[Dates]]:
    columns = (entry.c.source, entry.c.published, entry.c.updated, entry.c.first_seen)
    undated = entry.c.published.is_(None) & (entry.c.first_seen > cutoff)
    query = select(*columns).where(entry.c.source.in_(urls), (entry.c.published > cutoff) | undated)
    found: defaultdict[str, list[Dates]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.source].append(Dates(published=row.published, updated=row.updated, first_seen=row.first_seen))
    return found
