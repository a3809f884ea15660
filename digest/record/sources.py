"""What is known of each source: its validators, when it was last good, and since when it fails."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update
from sqlalchemy.dialects.sqlite import insert

from digest.model import FetchedSource, SourceReport, SourceStanding, SourceStatus, Validators
from digest.record.database import Database
from digest.record.entries import keep_entries
from digest.record.instants import Instant
from digest.record.schema import entry, source


class Sources:
    """The sources of the store, for gathering."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def validators(self, urls: Sequence[str]) -> dict[str, Validators]:
        """What to ask each known source's server with; sources that were never read are absent."""
        with self._database.reading() as connection:
            rows = connection.execute(select(source).where(source.c.url.in_(urls)))
            return {row.url: _validators(row) for row in rows}

    def first_read(self) -> datetime | None:
        """When the first of all sources was read for the first time; None before that."""
        with self._database.reading() as connection:
            first: datetime | None = connection.execute(
                select(func.min(source.c.first_read_at, type_=Instant()))
            ).scalar()
        return first

    def standings(self, urls: Sequence[str]) -> tuple[SourceStanding, ...]:
        """How the sources stand that were ever read, by name."""
        newest = func.max(func.coalesce(entry.c.published, entry.c.first_seen), type_=Instant())
        query = (
            select(
                source.c.name,
                source.c.failing_since,
                source.c.last_good_at,
                source.c.last_error,
                newest.label("newest"),
            )
            .outerjoin(entry, entry.c.source == source.c.url)
            .where(source.c.url.in_(urls))
            .group_by(source.c.url)
            .order_by(source.c.name)
        )
        with self._database.reading() as connection:
            return tuple(
                SourceStanding(
                    name=row.name,
                    failing_since=row.failing_since,
                    last_good=row.last_good_at,
                    newest=row.newest,
                    error=row.last_error,
                )
                for row in connection.execute(query)
            )

    def keep(self, fetched: FetchedSource, *, now: datetime) -> SourceReport:
        """Keeps what reading one source gave, all of it or nothing, and says what was new.

        Keeping the same entries again changes no entry. Validators are in the store only together with the entries
        they stand for.
        """
        with self._database.writing() as connection:
            known = _row_for(connection, fetched)
            changes = _changes(fetched, known, now)
            new, updated = keep_entries(connection, fetched.url, fetched.entries, now)
            connection.execute(update(source).where(source.c.url == fetched.url), changes)
        failed = fetched.status is SourceStatus.FAILED
        return SourceReport(
            name=fetched.name,
            url=fetched.url,
            status=fetched.status,
            entries=max(fetched.items, len(fetched.entries)),
            new=new,
            updated=updated,
            error=fetched.error,
            warnings=fetched.warnings,
            failing_since=changes["failing_since"],
            last_good=known.last_good_at if failed else None,
        )


def _row_for(connection: Connection, fetched: FetchedSource) -> Row[Any]:
    """The source's row, made when there is none."""
    connection.execute(insert(source).values(url=fetched.url, name=fetched.name).on_conflict_do_nothing())
    return connection.execute(select(source).where(source.c.url == fetched.url)).one()


def _changes(fetched: FetchedSource, known: Row[Any], now: datetime) -> dict[str, Any]:
    """What a reading changes in the source's row. A failure leaves the validators as they are."""
    if fetched.status is SourceStatus.FAILED:
        return {"name": fetched.name, "failing_since": known.failing_since or now, "last_error": fetched.error}
    validators = fetched.validators if fetched.status is SourceStatus.OK else _refreshed(_validators(known), fetched)
    return {
        "name": fetched.name,
        "etag": validators.etag,
        "last_modified": validators.last_modified,
        "moved_to": validators.moved_to,
        "first_read_at": known.first_read_at or now,
        "last_good_at": now,
        "failing_since": None,
        "last_error": "",
    }


def _refreshed(known: Validators, fetched: FetchedSource) -> Validators:
    """A 304 may bring new validators and need not repeat the old ones (RFC 9110, section 15.4.5)."""
    return Validators(
        etag=fetched.validators.etag or known.etag,
        last_modified=fetched.validators.last_modified or known.last_modified,
        moved_to=fetched.validators.moved_to or known.moved_to,
    )


def _validators(row: Row[Any]) -> Validators:
    return Validators(etag=row.etag, last_modified=row.last_modified, moved_to=row.moved_to)
