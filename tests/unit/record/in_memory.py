"""A list put together in memory, row after row: the same verdicts as the store's, with nothing but dictionaries."""

from __future__ import annotations

from pathlib import Path

from digest.audience.roster import stream_roster
from digest.model import LeftOut, RosterRow, Subscriber
from digest.model.roster import DISABLED, left_out, refused_before, refused_later, repeated
from tests.unit.audience.reading import Audience


def read_in_memory(path: Path) -> Audience:
    """The readers of a list in its order, and the rows that are left out, by line.

    Beside the reasons of `stream_roster` there is `duplicate` (the first row of an address counts); and `disabled`
    holds for every row of that address, wherever it stands. Raises ConfigurationError as `stream_roster` does.
    """
    gathering = _Gathering()
    for row in stream_roster(path):
        gathering.take(row)
    return gathering.audience()


class _Gathering:
    """The rows of a list, put together."""

    def __init__(self) -> None:
        self._readers: dict[str, Subscriber] = {}
        self._lines: dict[str, int] = {}
        self._left_out: list[LeftOut] = []

    def audience(self) -> Audience:
        by_line = sorted(self._left_out, key=lambda row: row.line)
        return Audience(tuple(self._readers.values()), tuple(by_line))

    def take(self, row: RosterRow) -> None:
        if row.reason == DISABLED:
            self._refuse(row)
        elif row.reason:
            self._left_out.append(left_out(row))
        elif row.address in self._lines:
            self._repeat(row)
        else:
            self._lines[row.address] = row.line
            self._readers[row.address] = _reader(row)

    def _refuse(self, row: RosterRow) -> None:
        self._left_out.append(left_out(row))
        if self._readers.pop(row.address, None):
            self._left_out.append(refused_later(self._lines[row.address], row))
        self._lines.setdefault(row.address, row.line)

    def _repeat(self, row: RosterRow) -> None:
        known = row.address in self._readers
        self._left_out.append(repeated(row, self._lines[row.address]) if known else refused_before(row))


def _reader(row: RosterRow) -> Subscriber:
    categories = tuple(row.categories.split("\n")) if row.categories else ()
    return Subscriber(address=row.address, name=row.name, categories=categories, timezone=row.timezone)
