"""What the store holds of somebody beside their standing and their letters: a sign-up that waits, what came back."""

from __future__ import annotations

from sqlalchemy import select

from digest.model.readers import MailEvent, SignUp
from digest.record.database import Database, driver_of
from digest.record.mail_event_sql import events_of
from digest.record.reader_rows import sign_up_of
from digest.record.schema import sign_up


class Traces:
    """Addresses come normalised; letter case is ignored besides."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self, address: str) -> SignUp | None:
        """The sign-up of an address that nobody has confirmed yet."""
        with self._database.reading() as connection:
            row = connection.execute(select(sign_up).where(sign_up.c.address == address)).one_or_none()
        return sign_up_of(row) if row else None

    def events(self, number: int) -> tuple[MailEvent, ...]:
        """What came back of a reader's letters, oldest first."""
        with self._database.reading() as connection:
            return events_of(driver_of(connection), number)
