"""How often the sign-up was tried, and how many were turned away: kept over restarts, and shared by all processes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert

from digest.record.database import Database
from digest.record.schema_readers import attempt

_TURNED_AWAY = "turned away"
_ADD = insert(attempt).on_conflict_do_update(
    index_elements=["bucket", "opens"], set_={"count": attempt.c.count + insert(attempt).excluded.count}
)


class Attempts:
    """Counts by bucket and stretch of time. A bucket's name tells nobody's address or network."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, buckets: Sequence[tuple[str, datetime, int]], *, hour: datetime) -> int | None:
        """Counts one attempt in every bucket (its name, when its stretch opens, how many it holds). When one is full,
        nothing is counted but, for its `hour`, that somebody was turned away, and its place is given."""
        with self._database.writing() as connection:
            for place, (bucket, opens, most) in enumerate(buckets):
                counted = select(attempt.c.count).where(attempt.c.bucket == bucket, attempt.c.opens == opens)
                if (connection.execute(counted).scalar() or 0) >= most:
                    connection.execute(_ADD, {"bucket": _TURNED_AWAY, "opens": hour, "count": 1})
                    return place
            connection.execute(_ADD, [{"bucket": name, "opens": opens, "count": 1} for name, opens, _ in buckets])
            return None

    def turned_away(self, *, since: datetime) -> tuple[int, datetime | None]:
        """How many were turned away in the hours from `since` on, and the first of these hours."""
        found = select(func.coalesce(func.sum(attempt.c.count), 0), func.min(attempt.c.opens))
        with self._database.reading() as connection:
            row = connection.execute(found.where(attempt.c.bucket == _TURNED_AWAY, attempt.c.opens >= since)).one()
        return int(row[0]), row[1]

    def expire(self, *, before: datetime) -> int:
        """Drops counts of stretches that opened before that. Returns how many."""
        with self._database.writing() as connection:
            return connection.execute(delete(attempt).where(attempt.c.opens < before)).rowcount
