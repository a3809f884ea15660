"""One reading of the list into the table of subscribers, row by row and in little memory.

Rows go to the database in chunks, by the driver itself: nearly all are of addresses that occur once, and one statement
settles those. Only where its count of changes tells of more, the rows of that chunk are looked up and told apart.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, false, select

from digest.model import LeftOut
from digest.model.roster import (
    DISABLED,
    ERASED,
    SUPPRESSED,
    RosterRow,
    left_out,
    refused_before,
    refused_later,
    repeated,
)
from digest.record.schema import roster, subscriber

KEPT_FAULTS = 10_000
"""How many of the rows left out are kept word for word; all are counted."""

_CHUNK = 500
_ADDRESS = re.compile(r"[^\s<>\"'(),;:@]+@[^\s<>\"'(),;:@]*[^\s<>\"'(),;:@.]")

# The reading is a number of ours; it stands in the text, so that rows can be bound as they are. What readers have
# chosen themselves (`own`) the file does not change.
_LIST = """
INSERT INTO subscriber (line, address, name, categories, timezone, domain, reason, detail, language, rhythm, listed)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, {reading})
ON CONFLICT (address) DO UPDATE SET
    line = excluded.line, domain = excluded.domain, reason = excluded.reason, detail = excluded.detail,
    listed = {reading},
    name = iif(own, name, excluded.name),
    categories = iif(own, categories, excluded.categories),
    timezone = iif(own, timezone, excluded.timezone),
    language = iif(own, language, excluded.language),
    rhythm = iif(own, rhythm, excluded.rhythm)
WHERE listed <> {reading} AND listed <> -{reading}
"""
_KEPT = 10  # fields of a row that the statement binds

# Most lists say nothing but names, and to bind six empty texts a row takes half as long again.
_LIST_NAMED = """
INSERT INTO subscriber (line, address, name, domain, listed) VALUES (?, ?, ?, ?, {reading})
ON CONFLICT (address) DO UPDATE SET
    line = excluded.line, domain = excluded.domain, reason = '', detail = '', listed = {reading},
    name = iif(own, name, excluded.name),
    categories = iif(own, categories, ''),
    timezone = iif(own, timezone, ''),
    language = iif(own, language, ''),
    rhythm = iif(own, rhythm, '')
WHERE listed <> {reading} AND listed <> -{reading}
"""
_NAMED = itemgetter(0, 1, 2, 5)

# A reader whom a later row refuses keeps the line of the first row: it tells the rows of that address apart.
_REFUSE = """
INSERT INTO subscriber (line, address, domain, reason, detail, listed)
VALUES (?1, ?2, ?6, ?7, ?8, -{reading})
ON CONFLICT (address) DO UPDATE SET
    line = CASE listed WHEN {reading} THEN line ELSE excluded.line END,
    reason = excluded.reason, detail = excluded.detail, listed = -{reading}
WHERE listed <> -{reading}
"""

_REFUSED = 8

_LOOK_UP = """
SELECT asked.value, subscriber.line, subscriber.listed, subscriber.key, subscriber.joined IS NOT NULL
FROM json_each(?) AS asked CROSS JOIN subscriber ON subscriber.address = asked.value
"""

# Whom the list refuses now and did not before: their own earlier yes, or the operator's, does not hold any more.
_TELL_OF_IMPORT = """
INSERT INTO consent (subscriber, at, act, how, form, words)
SELECT subscriber.key, intake.at, 'imported', intake.how, intake.form, intake.words
FROM subscriber JOIN intake ON intake.at = subscriber.joined WHERE subscriber.key = ?
"""
_TELL_OF_REFUSAL = (
    "INSERT INTO consent (subscriber, at, act, how, words) VALUES (?, ?, 'refused by the list', 'file', ?)"
)
_PART = "UPDATE subscriber SET joined = NULL WHERE key = ?"


def last_number(connection: Connection) -> int:
    """The number of the last reading; 0 before the first."""
    return int(connection.execute(select(roster.c.reading)).scalar() or 0)


def on_the_list(connection: Connection) -> ColumnElement[bool]:
    """Of a subscriber: whether the file has them, or they joined beside it. Before the first reading it has nobody."""
    listed = subscriber.c.listed == last_number(connection) if last_number(connection) else false()
    return listed | subscriber.c.joined.is_not(None)


def say_names_alone(rows: Iterable[RosterRow]) -> bool:
    """Whether rows are of readers who have nothing beside addresses and names."""
    columns = list(zip(*rows, strict=True))  # by columns in half the time that it takes row by row
    return not any(any(columns[field]) for field in _BESIDE_NAMES)


_BESIDE_NAMES = (3, 4, 6, 7, 8, 9)


class _Standing(NamedTuple):
    """How an address stands: the line of its first row, the reading that listed (or, below zero, refused) it, its
    number, and whether somebody put it on the list beside the file."""

    line: int
    listed: int
    number: int = 0
    joined: int = 0


class Reading:
    """A reading of the list at an instant (as the store keeps it), under its number, within the transaction of
    `driver`. `is_forgotten` tells of an address whether it was erased, if any was."""

    def __init__(
        self, driver: sqlite3.Connection, number: int, now: int, is_forgotten: Callable[[str], bool] | None = None
    ) -> None:
        self.number = number
        self._now = now
        self._is_forgotten = is_forgotten
        self.readers = 0
        self.left_out: dict[str, int] = {}
        self._driver = driver
        self._list = _LIST.format(reading=number)
        self._list_named = _LIST_NAMED.format(reading=number)
        self._refuse = _REFUSE.format(reading=number)
        self._faults: list[LeftOut] = []

    def take_all(self, rows: Iterable[RosterRow]) -> None:
        """Takes the rows of the list, in its order."""
        coming = iter(rows)
        while chunk := list(islice(coming, _CHUNK)):
            self._take(self._without_forgotten(chunk) if self._is_forgotten else chunk)

    def first_faults(self) -> Sequence[LeftOut]:
        """The first rows that were left out, by line."""
        self._faults.sort(key=lambda fault: fault.line)
        del self._faults[KEPT_FAULTS:]
        return self._faults

    def _without_forgotten(self, chunk: Sequence[RosterRow]) -> Sequence[RosterRow]:
        """Leaves out who was erased, and keeps no trace of the address."""
        assert self._is_forgotten
        kept = []
        for row in chunk:
            if any(map(self._is_forgotten, _addresses_in(row))):
                self._leave(LeftOut(reason=SUPPRESSED, line=row.line, address="", detail=ERASED))
            else:
                kept.append(row)
        return kept

    def _take(self, chunk: Sequence[RosterRow]) -> None:
        if not chunk:
            return
        good = [row for row in chunk if not row.reason]
        for row in chunk:
            if row.reason:
                self._leave(left_out(row))
        new = self._insert(good)
        self.readers += new
        refusals = self._apply_refusals([row for row in chunk if row.reason == DISABLED], chunk[0].line)
        if new < len(good) or not refusals.keys().isdisjoint(row.address for row in good):
            self._tell_apart(good, refusals)

    def _insert(self, good: Sequence[RosterRow]) -> int:
        """Lists those whom this reading has not seen yet. Gives their number."""
        if not good:
            return 0
        # The driver binds a plain tuple in half the time that it takes for a named one.
        if say_names_alone(good):
            return self._driver.executemany(self._list_named, map(_NAMED, good)).rowcount
        return self._driver.executemany(self._list, [row[:_KEPT] for row in good]).rowcount

    def _apply_refusals(self, refusing: Sequence[RosterRow], start: int) -> Mapping[str, RosterRow]:
        """Takes those off the list who are refused. Gives the first refusal of each whom no earlier chunk refused.

        `start` is the line in which the chunk begins: rows before it were told apart already.
        """
        if not refusing:
            return {}
        before = self._standings(refusing)
        first = {row.address: row for row in reversed(refusing)}
        new = {address: row for address, row in first.items() if before.get(address, _NOBODY).listed != -self.number}
        for address, row in new.items():
            self._take_off(before.get(address, _NOBODY), row, start)
        self._driver.executemany(self._refuse, [row[:_REFUSED] for row in new.values()])
        self._part((before[address], row) for address, row in new.items() if address in before)
        return new

    def _part(self, refusals: Iterable[tuple[_Standing, RosterRow]]) -> None:
        """Takes those off who had joined. What the list had said before they did, it says no louder now."""
        said_before = 1 - self.number or None
        for standing, row in refusals:
            if standing.joined and standing.listed != said_before:
                self._driver.execute(_TELL_OF_IMPORT, (standing.number,))
                self._driver.execute(_TELL_OF_REFUSAL, (standing.number, self._now, row.detail))
                self._driver.execute(_PART, (standing.number,))

    def _take_off(self, standing: _Standing, refusal: RosterRow, start: int) -> None:
        if standing.listed == self.number:
            self.readers -= 1
            if standing.line < start:
                self._leave(refused_later(standing.line, refusal))

    def _tell_apart(self, good: Sequence[RosterRow], refusals: Mapping[str, RosterRow]) -> None:
        standings = self._standings(good)
        for row in good:
            fault = self._fault(row, standings[row.address], refusals.get(row.address))
            if fault:
                self._leave(fault)

    def _fault(self, row: RosterRow, standing: _Standing, refusal: RosterRow | None) -> LeftOut | None:
        """Why a row that is good by itself is left out all the same; None for a reader's.

        `refusal` is the first row that refuses this address, if it stands in this chunk.
        """
        if standing.listed != self.number and (refusal is None or refusal.line < row.line):
            return refused_before(row)
        if standing.line != row.line:
            return repeated(row, standing.line)
        return refused_later(row.line, refusal) if refusal else None

    def _standings(self, rows: Sequence[RosterRow]) -> dict[str, _Standing]:
        asked = json.dumps(list({row.address for row in rows}))
        return {address: _Standing(*row) for address, *row in self._driver.execute(_LOOK_UP, (asked,))}

    def _leave(self, fault: LeftOut) -> None:
        self.left_out[fault.reason] = self.left_out.get(fault.reason, 0) + 1
        self._faults.append(fault)
        if len(self._faults) > 2 * KEPT_FAULTS:
            self.first_faults()


_NOBODY = _Standing(0, 0)


def _addresses_in(row: RosterRow) -> Sequence[str]:
    """The addresses that a row names: its own, or what looks like one in a row that could not be read."""
    return _ADDRESS.findall(f"{row.address} {row.detail}") if row.reason else (row.address,)
