"""The readers of the list by the domain of their mailbox, as it was last read."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, func, select

from digest.record.database import Database
from digest.record.roster_reading import last_number
from digest.record.schema import subscriber


class Domains:
    """Domains come in ASCII and in small letters, as in normalised addresses."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def counts(self) -> dict[str, int]:
        """How many readers of the list each domain has."""
        query = select(subscriber.c.domain, func.count()).group_by(subscriber.c.domain)
        with self._database.reading() as connection:
            return {row.domain: row[1] for row in connection.execute(query.where(_is_listed(connection)))}

    def lines(self, domains: Collection[str]) -> tuple[tuple[int, str, str], ...]:
        """The readers of the list at those domains: line, address, domain, in the order of the list."""
        query = select(*subscriber.c["line", "address", "domain"]).order_by(subscriber.c.line)
        with self._database.reading() as connection:
            found = connection.execute(query.where(_is_listed(connection), subscriber.c.domain.in_(domains)))
            return tuple((row.line, row.address, row.domain) for row in found)

    def beyond_ascii(self) -> int:
        """How many readers of the list have an address that is not ASCII."""
        query = select(func.count()).where(subscriber.c.address.op("GLOB")("*[^ -~]*"))
        with self._database.reading() as connection:
            return int(connection.execute(query.where(_is_listed(connection))).scalar_one())


def _is_listed(connection: Connection) -> ColumnElement[bool]:
    return subscriber.c.listed == (last_number(connection) or None)
