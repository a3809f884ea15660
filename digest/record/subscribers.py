"""The list of subscribers as the store keeps it: everybody who was ever on it, each with a key for good."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, exists, func, insert, literal, select

from digest.model import LeftOut, LetterState, Subscriber
from digest.model.readers import Choice
from digest.model.roster import ERASED, RosterReport, RosterRow, SubscriberRecord
from digest.record.database import Database, driver_of
from digest.record.grounds import forgotten
from digest.record.instants import to_number
from digest.record.reader_rows import choice_of
from digest.record.roster_reading import KEPT_FAULTS, Reading, last_number, on_the_list
from digest.record.schema import letter, roster, roster_fault, subscriber, suppression

# Without a parameter for the empty text: with one SQLite could not tell that the index has all that is asked for.
CHOICES = "SELECT DISTINCT categories FROM subscriber WHERE (listed = ? OR joined IS NOT NULL) AND categories <> ''"
_READER = (
    subscriber.c.key,
    subscriber.c.address,
    subscriber.c.name,
    subscriber.c.categories,
    subscriber.c.timezone,
)


class Subscribers:
    """The subscribers of the store. Addresses come normalised; letter case is ignored besides.

    The column `listed` names the reading of the list that last saw an address: as itself where it was a reader, below
    zero where the list said no. Who bears the number of the last reading is on the list, and who has `joined` beside
    the file: by signing up, or by an import.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, rows: Iterable[RosterRow], *, path: str, stamp: str, now: datetime) -> RosterReport:
        """Makes the list what `rows` say, in one transaction: all of it is on disk when this returns, or nothing.

        Of several rows with one address the first counts, and one that says no holds for all. Who is not on the list
        any more keeps row and key. Whom the list newly refuses is off it even if they had joined beside it. When `path`
        and `stamp` are those of the last reading, `rows` are not even begun.

        Raises RecordError, and whatever `rows` raise; nothing has changed then.
        """
        with self._database.reading() as connection:
            if _is_same(connection, path, stamp):
                return _report(connection)
        with self._database.writing() as connection:
            if _is_same(connection, path, stamp):
                return _report(connection)
            return _read(connection, rows, path, stamp, now)

    def report(self) -> RosterReport:
        """What the last reading came to, with its first 10,000 rows left out; an empty one before the first."""
        with self._database.reading() as connection:
            return _report(connection)

    def was_read(self) -> bool:
        """Whether a file was ever read."""
        with self._database.reading() as connection:
            return last_number(connection) > 0

    def rows_of_erased(self) -> tuple[int, ...]:
        """The lines of the file that name somebody who was erased."""
        query = select(roster_fault.c.line).where(roster_fault.c.detail == ERASED).order_by(roster_fault.c.line)
        with self._database.reading() as connection:
            return tuple(connection.execute(query).scalars())

    def find(self, address: str) -> SubscriberRecord | None:
        """What is known of an address; None if it was never on the list."""
        query = select(subscriber).where(subscriber.c.address == address)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
            return _record(row, last_number(connection)) if row else None

    def sample(self, limit: int) -> tuple[Subscriber, ...]:
        """The first so many readers."""
        return tuple(reader for _, reader in self.iterate(limit))

    def sample_of(self, issue: str, limit: int) -> tuple[Subscriber, ...]:
        """The first so many readers of an issue whose letters are planned."""
        query = select(*_READER[1:]).join(letter, letter.c.subscriber == subscriber.c.key)
        gets_it = (letter.c.issue == issue) & (letter.c.state != LetterState.LEFT_OUT.value)
        with self._database.reading() as connection:
            found = connection.execute(query.where(gets_it).order_by(letter.c.subscriber).limit(limit))
            return tuple(_subscriber(*row) for row in found)

    def search(self, words: str, limit: int) -> tuple[Subscriber, ...]:
        """The first so many readers in whose address or name `words` stand, letter case ignored (of ASCII letters)."""
        found = subscriber.c.address.icontains(words, autoescape=True) | subscriber.c.name.icontains(
            words, autoescape=True
        )
        with self._database.reading() as connection:
            query = select(*_READER).where(on_the_list(connection), found).order_by(subscriber.c.key).limit(limit)
            return tuple(_subscriber(*row[1:]) for row in connection.execute(query))

    def iterate(self, limit: int | None = None) -> Generator[tuple[int, Subscriber], None, None]:
        """The readers with their keys, in the order of the list, as they were when it began; memory does not grow.

        Run it to its end or close it: till then it keeps the store's log from being put back into the file.
        """
        with self._database.reading() as connection:
            query = select(*_READER).where(on_the_list(connection)).order_by(subscriber.c.key).limit(limit)
            rows = connection.execution_options(yield_per=1000).execute(query)
            for key, address, name, categories, timezone in rows:
                yield key, _subscriber(address, name, categories, timezone)

    def timezones(self) -> tuple[str, ...]:
        """Every time zone that a reader has, each once."""
        with self._database.reading() as connection:
            query = select(subscriber.c.timezone).where(on_the_list(connection), subscriber.c.timezone != "").distinct()
            return tuple(sorted(connection.execute(query).scalars()))

    def languages(self) -> tuple[str, ...]:
        """The code of every language that a reader has, each once."""
        with self._database.reading() as connection:
            query = select(subscriber.c.language).where(on_the_list(connection), subscriber.c.language != "").distinct()
            return tuple(sorted(connection.execute(query).scalars()))

    def chosen(self) -> Generator[tuple[Choice, int], None, None]:
        """How many readers made which choice, of those who may be written to. Their names are no part of it."""
        columns = tuple(subscriber.c["categories", "rhythm", "language", "timezone"])
        may_be_written_to = ~exists().where(suppression.c.address == subscriber.c.address)
        with self._database.reading() as connection:
            query: Select[Any] = select(*columns, literal("").label("name"), func.count().label("readers"))
            query = query.where(on_the_list(connection), may_be_written_to).group_by(*columns)
            for row in connection.execution_options(yield_per=1000).execute(query):
                yield choice_of(row), row.readers

    def choices(self) -> tuple[tuple[str, ...], ...]:
        """Every choice of sections that a reader has made, each once."""
        with self._database.reading() as connection:
            found = driver_of(connection).execute(CHOICES, (last_number(connection) or None,)).fetchall()
        return tuple(tuple(written.split("\n")) for (written,) in found)


def _read(connection: Connection, rows: Iterable[RosterRow], path: str, stamp: str, now: datetime) -> RosterReport:
    number, instant = last_number(connection) + 1, to_number(now)
    reading = Reading(driver_of(connection), number, instant, forgotten(connection))
    reading.take_all(rows)
    values = {"id": 1, "reading": reading.number, "path": path, "stamp": stamp}
    counts = {"readers": reading.readers, "left_out": json.dumps(reading.left_out)}
    connection.execute(roster.delete())
    connection.execute(insert(roster).values(**values, **counts))
    _keep_faults(connection, reading.first_faults())
    return _report(connection, changed=True)


def _keep_faults(connection: Connection, faults: Iterable[LeftOut]) -> None:
    connection.execute(roster_fault.delete())
    driver_of(connection).executemany(
        "INSERT INTO roster_fault (line, address, reason, detail, column_name) VALUES (?, ?, ?, ?, ?)",
        ((fault.line, fault.address, fault.reason, fault.detail, fault.column) for fault in faults),
    )


def _is_same(connection: Connection, path: str, stamp: str) -> bool:
    row = connection.execute(select(roster.c.path, roster.c.stamp)).one_or_none()
    return row is not None and tuple(row) == (path, stamp)


def _report(connection: Connection, *, changed: bool = False) -> RosterReport:
    row = connection.execute(select(roster)).one_or_none()
    beside = _joined_beside(connection, row.reading if row else 0)
    if row is None:
        return RosterReport(readers=beside, joined=beside)
    faults = connection.execute(select(roster_fault).order_by(roster_fault.c.key).limit(KEPT_FAULTS))
    return RosterReport(
        readers=row.readers + beside,
        joined=beside,
        left_out=json.loads(row.left_out),
        faults=tuple(
            LeftOut(reason=one.reason, line=one.line, address=one.address, detail=one.detail, column=one.column_name)
            for one in faults
        ),
        changed=changed,
    )


def _joined_beside(connection: Connection, reading: int) -> int:
    """How many are on the list without the file."""
    joined = select(func.count()).where(subscriber.c.joined.is_not(None), subscriber.c.listed != (reading or -1))
    return connection.execute(joined).scalar_one()


def _record(row: Row[tuple[object, ...]], reading: int) -> SubscriberRecord:
    seen = bool(reading) and abs(row.listed) == reading
    return SubscriberRecord(
        key=row.key,
        subscriber=_subscriber(row.address, row.name, row.categories, row.timezone),
        listed=seen and row.listed > 0,
        joined=row.joined,
        line=row.line,
        reason=row.reason if seen else "",
        detail=row.detail if seen else "",
    )


def _subscriber(address: str, name: str, categories: str, timezone: str) -> Subscriber:
    split = tuple(categories.split("\n")) if categories else ()
    return Subscriber(address=address, name=name, categories=split, timezone=timezone)
