"""What the store holds of consent beside how readers stand: a sign-up that waits, and how often what was said."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

from sqlalchemy import select

from digest.model.readers import Act, SignUp
from digest.record.database import Database, driver_of
from digest.record.instants import to_instant, to_number
from digest.record.reader_rows import sign_up_of
from digest.record.schema import sign_up

# By days, which are in weeks by themselves: a year of changes is a few hundred rows. An import is told once of many.
_SAID = """
SELECT min(at), act, count(*) FROM consent WHERE at >= :since GROUP BY at / 86400000000, act
UNION ALL
SELECT at, :imported, count(*) FROM intake JOIN subscriber ON joined = at WHERE at >= :since GROUP BY at
"""


class Traces:
    """Addresses come normalised; letter case is ignored besides."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self, address: str) -> SignUp | None:
        """The sign-up of an address that nobody has confirmed yet."""
        with self._database.reading() as connection:
            row = connection.execute(select(sign_up).where(sign_up.c.address == address)).one_or_none()
        return sign_up_of(row) if row else None

    def acts_since(self, instant: datetime) -> Counter[tuple[date, Act]]:
        """How often each thing was said of consent since then, by the Monday (UTC) of its week."""
        found = Counter[tuple[date, Act]]()
        values = {"since": to_number(instant), "imported": Act.IMPORTED.value}
        with self._database.reading() as connection:
            for at, act, count in driver_of(connection).execute(_SAID, values).fetchall():
                day = to_instant(at).date()
                found[day - timedelta(days=day.weekday()), Act(act)] += count
        return found
