"""What is known of each source: its pages, how far its stories are covered, when it was good, since when it fails."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update
from sqlalchemy.dialects.sqlite import insert

from digest.model import FetchedSource, KnownSource, PageKnown, SourceReport, SourceStatus
from digest.record.afterwards import note_corrections, note_gone
from digest.record.database import Database
from digest.record.entries import keep_entries
from digest.record.instants import Instant
from digest.record.schema import entry, source, source_page

_ASKED = {SourceStatus.OK, SourceStatus.UNCHANGED}


class Sources:
    """The sources of the store, for gathering."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, urls: Sequence[str]) -> dict[str, KnownSource]:
        """What the store knows of each source; sources that were never read are absent."""
        # A story that is dated into the future is not the newest one.
        dated = (entry.c.source == source.c.url, entry.c.published <= source.c.last_good_at)
        newest = select(func.max(entry.c.published, type_=Instant())).where(*dated).scalar_subquery()
        with self._database.reading() as connection:
            rows = connection.execute(select(source, newest.label("newest")).where(source.c.url.in_(urls))).all()
            pages: defaultdict[str, dict[str, PageKnown]] = defaultdict(dict)
            for page in connection.execute(select(source_page).where(source_page.c.source.in_(urls))):
                pages[page.source][page.address] = _page(page)
        return {row.url: _known(row, pages[row.url]) for row in rows}

    def first_read(self) -> datetime | None:
        """When the first of all sources was read for the first time; None before that."""
        with self._database.reading() as connection:
            first: datetime | None = connection.execute(
                select(func.min(source.c.first_read_at, type_=Instant()))
            ).scalar()
        return first

    def keep(self, fetched: FetchedSource, *, now: datetime, retry_at: datetime | None = None) -> SourceReport:
        """Keeps what reading one source gave, all of it or nothing, and says what was new.

        Keeping the same entries again changes no entry. What to ask its pages with is in the store only together with
        the entries that it stands for. `retry_at` is before when a source that failed is not asked again.
        """
        with self._database.writing() as connection:
            known = _row_for(connection, fetched)
            kept = keep_entries(connection, fetched.url, fetched.entries, now)
            corrections = note_corrections(connection, kept.corrected, now)
            gone = note_gone(connection, fetched, now)
            if fetched.status in _ASKED:
                _keep_pages(connection, fetched)
            changes = _changes(fetched, known, now, retry_at)
            connection.execute(_CHANGE, {"url_": fetched.url, **changes})
        silent = fetched.status not in _ASKED
        return SourceReport(
            name=fetched.name,
            url=fetched.url,
            status=fetched.status,
            through=fetched.through,
            entries=max(fetched.items, len(fetched.entries)),
            pages_read=fetched.pages_read,
            new=kept.new,
            updated=kept.updated,
            unchanged=len(fetched.entries) - kept.new - kept.updated,
            gone=gone.count,
            oldest=fetched.oldest,
            complete=fetched.complete,
            why=fetched.why,
            error=fetched.error,
            warnings=(*fetched.warnings, *gone.warnings),
            corrections=corrections,
            failing_since=changes.get("failing_since", known.failing_since),
            last_good=known.last_good_at if silent else None,
            retry_at=changes.get("retry_at", known.retry_at) if silent else None,
        )


# Made once: of many sources that have not changed, to make statements would be the most of the work.
_ROW = select(source).where(source.c.url == bindparam("url_"))
_CHANGE = update(source).where(source.c.url == bindparam("url_"))
_PAGES = insert(source_page)
_KEEP_PAGES = _PAGES.on_conflict_do_update(
    index_elements=["source", "address"],
    set_={name: _PAGES.excluded[name] for name in ("etag", "last_modified", "body_hash")},
)


def _row_for(connection: Connection, fetched: FetchedSource) -> Row[Any]:
    """The source's row, made when there is none."""
    row = connection.execute(_ROW, {"url_": fetched.url}).one_or_none()
    if row is not None:
        return row
    connection.execute(insert(source).values(url=fetched.url, name=fetched.name))
    return connection.execute(_ROW, {"url_": fetched.url}).one()


def _changes(fetched: FetchedSource, known: Row[Any], now: datetime, retry_at: datetime | None) -> dict[str, Any]:
    """What a reading changes in the source's row. A failure leaves what was known as it is."""
    if fetched.status in {SourceStatus.WAITING, SourceStatus.RETIRED}:
        return {"name": fetched.name}
    if fetched.status is SourceStatus.FAILED:
        return _failure(fetched, known, now, retry_at)
    return {
        "name": fetched.name,
        "moved_to": fetched.moved_to or known.moved_to,
        "api": fetched.api or known.api,
        "covered_since": fetched.covered_since or known.covered_since,
        "whole_at": now if fetched.whole else known.whole_at,
        "complete": fetched.complete,
        "why": fetched.why,
        "first_read_at": known.first_read_at or now,
        "last_good_at": now,
        "failing_since": None,
        "last_error": "",
        "failures": 0,
        "retry_at": None,
        "told_until": None,
        "retired_at": None,
    }


def _failure(fetched: FetchedSource, known: Row[Any], now: datetime, retry_at: datetime | None) -> dict[str, Any]:
    told = now + timedelta(seconds=fetched.retry_after) if fetched.retry_after else None
    return {
        "name": fetched.name,
        "failing_since": known.failing_since or now,
        "last_error": fetched.error,
        "failures": known.failures + 1,
        "retry_at": retry_at,
        "told_until": told,
        "retired_at": (known.retired_at or now) if fetched.retired else None,
    }


def _keep_pages(connection: Connection, fetched: FetchedSource) -> None:
    """A 304 may bring new validators and need not repeat the old ones (RFC 9110, section 15.4.5): the reader has put
    the two together."""
    rows = [
        {
            "source": fetched.url,
            "address": page.address,
            "etag": page.etag,
            "last_modified": page.last_modified,
            "body_hash": page.body_hash,
        }
        for page in fetched.pages
    ]
    if rows:
        connection.execute(_KEEP_PAGES, rows)


def _known(row: Row[Any], pages: dict[str, PageKnown]) -> KnownSource:
    return KnownSource(
        moved_to=row.moved_to,
        pages=pages,
        api=row.api,
        covered_since=row.covered_since,
        newest=row.newest,
        whole_at=row.whole_at,
        failures=row.failures,
        retry_at=row.retry_at,
        told_until=row.told_until,
        retired_at=row.retired_at,
    )


def _page(row: Row[Any]) -> PageKnown:
    return PageKnown(address=row.address, etag=row.etag, last_modified=row.last_modified, body_hash=row.body_hash)
