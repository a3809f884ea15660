"""Who must never get a letter again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert

from digest.model import Suppression
from digest.model.readers import Choice, Ground, Reader
from digest.record.database import Database
from digest.record.reader_rows import ground_of
from digest.record.roster_reading import last_number
from digest.record.schema import subscriber, suppression


class Suppressions:
    """The suppressed addresses. Addresses come normalised; letter case is ignored besides."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, address: str, reason: str, *, now: datetime, ground: Ground = Ground.BY_HAND) -> bool:
        """Suppresses an address, whatever else was said. False when it was so already; its first reason and date stay.
        Words of readers and of the operator go through `Readers`, which keeps them on record."""
        row = insert(suppression).values(address=address, reason=reason, since=now, ground=ground)
        with self._database.writing() as connection:
            return bool(connection.execute(row.on_conflict_do_nothing()).rowcount)

    def remove(self, address: str) -> bool:
        """Takes a suppression back. False when there was none."""
        with self._database.writing() as connection:
            return bool(connection.execute(delete(suppression).where(suppression.c.address == address)).rowcount)

    def contains(self, address: str) -> bool:
        """Whether an address is suppressed."""
        query = select(suppression.c.address).where(suppression.c.address == address)
        with self._database.reading() as connection:
            return connection.execute(query).one_or_none() is not None

    def find(self, address: str) -> Suppression | None:
        """The suppression of an address, if there is one."""
        query = select(suppression).where(suppression.c.address == address)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return Suppression(address=row.address, reason=row.reason, since=row.since) if row else None

    def on_the_list(self) -> tuple[int, int]:
        """How many readers are suppressed: of those whom the file has, as it was last read, and of those beside it."""
        both = suppression.join(subscriber, subscriber.c.address == suppression.c.address)
        query = select(func.count()).select_from(both)
        with self._database.reading() as connection:
            listed = subscriber.c.listed == (last_number(connection) or -1)
            beside = subscriber.c.joined.is_not(None) & ~listed
            return (
                connection.execute(query.where(listed)).scalar_one(),
                connection.execute(query.where(beside)).scalar_one(),
            )

    def strangers(self) -> Iterator[Reader]:
        """The suppressed addresses that no list ever had, as readers without a number."""
        known = select(subscriber.c.key).where(subscriber.c.address == suppression.c.address).exists()
        query = select(suppression).where(~known, suppression.c.address.contains("@"))
        with self._database.reading() as connection:
            for row in connection.execution_options(yield_per=1000).execute(query):
                yield Reader(
                    number=0,
                    address=row.address,
                    choice=Choice(),
                    is_listed=False,
                    joined_at=None,
                    own_choice=False,
                    ground=ground_of(row.ground),
                    suppressed_since=row.since,
                )

    def addresses(self) -> frozenset[str]:
        """Every suppressed address."""
        with self._database.reading() as connection:
            return frozenset(connection.execute(select(suppression.c.address)).scalars())

    def listing(self) -> tuple[Suppression, ...]:
        """Every suppression, the newest first."""
        query = select(suppression).order_by(suppression.c.since.desc(), suppression.c.address)
        with self._database.reading() as connection:
            return tuple(
                Suppression(address=row.address, reason=row.reason, since=row.since)
                for row in connection.execute(query)
            )
