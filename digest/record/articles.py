"""What articles' own pages said, kept with their entries; and the entries that lead to an address."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.sqlite import insert

from digest.model import ArticlePage
from digest.record.database import Database
from digest.record.schema import article, entry, source
from digest.record.serial import article_to_json

_CHUNK = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPage:
    """When the page of an entry was asked for, how often in a row in vain, and whether its entry changed since."""

    at: datetime
    failures: int
    is_stale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEntry:
    """An entry of the store as an editor would name it."""

    key: int
    source: str
    title: str
    link: str
    first_seen: datetime


class Articles:
    """The pages of the store's entries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def asked(self, keys: Collection[int]) -> dict[int, AskedPage]:
        """What came of asking for the pages of these entries; those that were never asked for are absent."""
        columns = (article.c.entry_key, article.c.asked_at, article.c.failures, entry.c.last_changed)
        query = select(*columns).join(entry).where(article.c.entry_key.in_(list(keys)[:_CHUNK]))
        with self._database.reading() as connection:
            return {
                row.entry_key: AskedPage(
                    at=row.asked_at, failures=row.failures, is_stale=row.last_changed > row.asked_at
                )
                for row in connection.execute(query)
            }

    def keep(self, key: int, page: ArticlePage, *, now: datetime) -> None:
        """Keeps what the page of an entry says."""
        row = {"address": page.address, "asked_at": now, "failures": 0, "error": "", "page": article_to_json(page)}
        statement = insert(article).values(entry_key=key, **row)
        with self._database.writing() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["entry_key"], set_=row))
            # By its words it can be compared only now.
            told_by_page = (entry.c.key == key) & (entry.c.content == "") & (entry.c.summary == "")
            connection.execute(update(entry).where(told_by_page).values(compared_at=None))

    def note_failure(self, key: int, address: str, error: str, *, now: datetime) -> None:
        """Notes that the page of an entry could not be read. What it said before stays."""
        row = {"address": address, "asked_at": now, "error": error}
        statement = insert(article).values(entry_key=key, failures=1, **row)
        again = {**row, "failures": article.c.failures + 1}
        with self._database.writing() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["entry_key"], set_=again))

    def linking(self, words: str) -> tuple[KnownEntry, ...]:
        """The entries in whose link these words stand, in the order of first sight."""
        columns = (entry.c.key, source.c.name, entry.c.title, entry.c.link, entry.c.first_seen)
        query = select(*columns).join(source).where(func.instr(func.lower(entry.c.link), words.lower()) > 0)
        with self._database.reading() as connection:
            return tuple(
                KnownEntry(key=row.key, source=row.name, title=row.title, link=row.link, first_seen=row.first_seen)
                for row in connection.execute(query.order_by(entry.c.key))
            )
