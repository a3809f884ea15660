"""How often strangers tried to have letters sent, and what was averted of it: kept over restarts, and shared by all
processes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from digest.model.errands import Averted, AvertedCount
from digest.record.database import Database
from digest.record.quick import Quick
from digest.record.schema_readers import attempt


def _adding() -> Any:
    row = insert(attempt)
    more = attempt.c.count + row.excluded.count
    return row.on_conflict_do_update(index_elements=["bucket", "opens"], set_={"count": more})


def _counting() -> Any:
    return select(attempt.c.count).where(attempt.c.bucket == bindparam("name"), attempt.c.opens == bindparam("since"))


_ADD = Quick(_adding, writes=("bucket", "opens", "count"))
_COUNTED = Quick(_counting)


class Attempts:
    """Counts by bucket and stretch of time. A bucket's name tells nobody's address or network."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(
        self, buckets: Sequence[tuple[str, datetime, int]], *, hour: datetime, turned_away: Averted = Averted.SIGN_UP
    ) -> int | None:
        """Counts one attempt in every bucket (its name, when its stretch opens, how many it holds). When one is full,
        its place is given, and only it goes on counting, beside how many were `turned_away` in the `hour`."""
        with self._database.writing() as connection:
            for place, (bucket, opens, most) in enumerate(buckets):
                if _count(connection, bucket, opens) >= most:
                    _add(connection, (bucket, opens), (turned_away, hour))
                    return place
            _add(connection, *((name, opens) for name, opens, _ in buckets))
            return None

    def seen(self, bucket: str, opens: datetime) -> int:
        """How many attempts a bucket has counted in the stretch that opened then."""
        with self._database.reading() as connection:
            return _count(connection, bucket, opens)

    def note_averted(self, kind: Averted, count: int, *, hour: datetime) -> None:
        """Counts so many more of a kind in the `hour`."""
        with self._database.writing() as connection:
            _ADD.run(connection, bucket=kind, opens=hour, count=count)

    def averted(self, *, since: datetime) -> Mapping[Averted, AvertedCount]:
        """What was averted in the hours from `since` on, every kind named."""
        found = select(attempt.c.bucket, func.sum(attempt.c.count), func.min(attempt.c.opens))
        of_kinds = found.where(attempt.c.bucket.in_(list(Averted)), attempt.c.opens >= since)
        with self._database.reading() as connection:
            rows = connection.execute(of_kinds.group_by(attempt.c.bucket)).all()
        counted = {Averted(name): AvertedCount(count=int(count), since=opens) for name, count, opens in rows}
        return {kind: counted.get(kind, AvertedCount()) for kind in Averted}

    def expire(self, *, before: datetime) -> int:
        """Drops counts of stretches that opened before that. Returns how many."""
        with self._database.writing() as connection:
            return connection.execute(delete(attempt).where(attempt.c.opens < before)).rowcount


def _count(connection: Connection, bucket: str, opens: datetime) -> int:
    return int(_COUNTED.value(connection, name=bucket, since=opens) or 0)


def _add(connection: Connection, *stretches: tuple[str, datetime]) -> None:
    for bucket, opens in stretches:
        _ADD.run(connection, bucket=bucket, opens=opens, count=1)
