"""Putting people on the list by the operator's word, within a transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from digest.model.readers import Act, Choice, Origin
from digest.record.grounds import known_number
from digest.record.reader_rows import choice_columns, note
from digest.record.roster_reading import last_number
from digest.record.schema import subscriber


def add(connection: Connection, address: str, choice: Choice, act: Act, origin: Origin, *, now: datetime) -> bool:
    """See `Readers.add`. Not their own yes: it outlives no word that says no, the file's neither."""
    number = known_number(connection, address)
    row = connection.execute(select(subscriber).where(subscriber.c.key == number)).one_or_none()
    if row is None or row.joined is not None or (row.listed and row.listed == -last_number(connection)):
        return False
    values: dict[str, object] = {"joined": now}
    if not row.own:
        # A file that has them too must not take back what the import says.
        values |= {**choice_columns(choice), "own": True}
    connection.execute(update(subscriber).where(subscriber.c.key == number).values(values))
    note(connection, number, act, origin, at=now)
    return True
