"""The list of back issues, page by page. A page has whole months, from one on backwards, until it is full enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from digest.model.back_issues import BackIssue

_ENOUGH = 8
"""Issues on a page: the months of a weekly letter's eight weeks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month's issues, the newest first. `begins` is its first day."""

    begins: date
    issues: tuple[BackIssue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A page of the list. `latest` stands apart, on the first page alone; `months` are of one or more years.

    `year` is the one that the page belongs to. `earlier` is where the list goes on, None at its end.
    """

    year: int
    years: tuple[tuple[int, int], ...]
    """Every year with issues, the newest first, and how many it has."""
    latest: BackIssue | None
    months: tuple[Month, ...]
    earlier: date | None

    @property
    def by_year(self) -> tuple[tuple[int, tuple[Month, ...]], ...]:
        return tuple((year, tuple(months)) for year, months in groupby(self.months, key=lambda one: one.begins.year))

    @property
    def goes_on_at(self) -> str:
        """The place of the next page: a month of this year, or the year before."""
        if self.earlier is None:
            return ""
        same = self.earlier.year == self.year
        return place_of(self.earlier.year, self.earlier.month if same else 0)


def first_page(issues: Sequence[BackIssue]) -> Listing:
    """The first page of the list: the latest issue by itself, then the months. There is at least one issue."""
    months = _months(issues[1:])
    return _listing(issues, issues[0].date.year, months, latest=issues[0], shown=1)


def page_of(issues: Sequence[BackIssue], year: int, month: int = 0) -> Listing | None:
    """The page of a year, or of a year from a month on backwards; None where that has nothing."""
    within = [one for one in issues if one.date.year == year and (not month or one.date.month <= month)]
    if not within or (month and within[0].date.month != month):
        return None
    before = [one for one in issues if one.date.year < year]
    listing = _listing(issues, year, _months(within), latest=None, shown=0)
    if listing.earlier is None and before:
        return Listing(
            year=year, years=listing.years, latest=None, months=listing.months, earlier=before[0].date.replace(day=1)
        )
    return listing


def places(issues: Sequence[BackIssue]) -> tuple[str, ...]:
    """The place of every page but the first: `issues/2026/`, `issues/2026/09/`."""
    found = dict.fromkeys(
        place for one in issues for place in (place_of(one.date.year), place_of(one.date.year, one.date.month))
    )
    return tuple(found)


def place_of(year: int, month: int = 0) -> str:
    """Where a year's page is, or that of a month and what was before it, under the root of the pages."""
    return f"issues/{year}/{month:02}/" if month else f"issues/{year}/"


def _listing(
    issues: Sequence[BackIssue], year: int, months: Sequence[Month], *, latest: BackIssue | None, shown: int
) -> Listing:
    taken: list[Month] = []
    for month in months:
        if shown >= _ENOUGH:
            break
        taken.append(month)
        shown += len(month.issues)
    rest = months[len(taken) :]
    return Listing(
        year=year,
        years=tuple(Counter(one.date.year for one in issues).items()),
        latest=latest,
        months=tuple(taken),
        earlier=rest[0].begins if rest else None,
    )


def _months(issues: Sequence[BackIssue]) -> list[Month]:
    grouped = groupby(issues, key=lambda one: one.date.replace(day=1))
    return [Month(begins=begins, issues=tuple(months)) for begins, months in grouped]
