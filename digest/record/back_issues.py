"""The index of back issues: what lists say of them, and the words that a search looks through.

The archive is the truth; everything here is made of it and can be made again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from digest.model.back_issues import (
    MARK_BEGINS,
    MARK_ENDS,
    BackIssue,
    Findings,
    FoundStory,
    IndexedStory,
)
from digest.record.database import Database, driver_of
from digest.record.entries import OUT
from digest.record.schema import back_issue, correction, issue
from digest.record.serial import back_issue_from_json, back_issue_to_json

_MOST_TERMS = 12
_MOST_FOUND = 60
_PLACES = 1_000
"""A story's row is its issue's day times this, less its place: so rows in falling order are the newest issue's stories
in reading order, and SQLite gives them without sorting."""

_COUNT = "SELECT count(*) FROM back_issue_story WHERE back_issue_story MATCH ?"
_FIND = """
    SELECT rowid, highlight(back_issue_story, 0, ?, ?), snippet(back_issue_story, 1, ?, ?, '…', 32)
    FROM back_issue_story WHERE back_issue_story MATCH ? AND rowid <= ? ORDER BY rowid DESC LIMIT ?
"""


class BackIssues:
    """The index of one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def gone_out(self) -> tuple[tuple[str, bool], ...]:
        """The issues that have gone out, in part at least, and were not stopped, the newest first; and of each whether
        it is in the index."""
        query = (
            select(issue.c.id, back_issue.c.issue.is_not(None))
            .outerjoin(back_issue)
            .where(issue.c.state.in_(OUT), issue.c.stopped_at.is_(None))
            .order_by(issue.c.id.desc())
        )
        with self._database.reading() as connection:
            return tuple((row[0], bool(row[1])) for row in connection.execute(query))

    def last_correction(self) -> int:
        """A number that grows whenever a correction of an issue is noted."""
        with self._database.reading() as connection:
            return connection.execute(select(func.max(correction.c.key))).scalar_one() or 0

    def keep(self, shown: BackIssue, stories: Iterable[IndexedStory]) -> None:
        """Puts an issue into the index, in place of what it said of it before."""
        rows = [(_row_of(shown.id, one.place), one.headline, one.deck, one.about) for one in stories]
        with self._database.writing() as connection:
            _write(connection, shown.id, shown=back_issue_to_json(shown), fault="")
            driver_of(connection).executemany(
                "INSERT INTO back_issue_story (rowid, headline, deck, about) VALUES (?, ?, ?, ?)", rows
            )

    def keep_fault(self, issue_id: str, fault: str) -> None:
        """Notes why an issue cannot be shown."""
        with self._database.writing() as connection:
            _write(connection, issue_id, shown="", fault=fault)

    def all(self) -> tuple[BackIssue, ...]:
        """Every issue that can be shown, the newest first."""
        query = (
            select(back_issue.c.shown)
            .join(issue)
            .where(back_issue.c.fault == "", issue.c.stopped_at.is_(None))
            .order_by(back_issue.c.issue.desc())
        )
        with self._database.reading() as connection:
            return tuple(map(back_issue_from_json, connection.execute(query).scalars()))

    def faults(self) -> dict[str, str]:
        """Why issues cannot be shown, by their ids."""
        query = select(back_issue.c.issue, back_issue.c.fault).where(back_issue.c.fault != "")
        with self._database.reading() as connection:
            return {row.issue: row.fault for row in connection.execute(query.order_by(back_issue.c.issue.desc()))}

    def forget(self, issue_ids: Sequence[str]) -> None:
        """Takes issues out of the index, so that they are looked at again."""
        with self._database.writing() as connection:
            for issue_id in issue_ids:
                _forget(connection, issue_id)

    def search(self, words: str, *, before: str = "") -> Findings:
        """The stories that have all `words`, or words that begin like them; a few dozen, of whole issues only, those
        before the issue `before`. Letter case and accents do not matter. Whatever is asked is words, never syntax."""
        expression = _expression(words)
        if not expression:
            return Findings()
        last = _row_of(before, _PLACES) if before else _row_of(date.max.isoformat(), 0)
        marks = (MARK_BEGINS, MARK_ENDS)
        with self._database.reading() as connection:
            driver = driver_of(connection)
            stories = driver.execute(_COUNT, (expression,)).fetchone()[0]
            rows = driver.execute(_FIND, (*marks, *marks, expression, last, _MOST_FOUND + 1)).fetchall()
        return _whole_issues(stories, rows)


def _whole_issues(stories: int, rows: list[tuple[int, str, str]]) -> Findings:
    """Where there are more rows than are given at once, the last issue may lack some and is left for the next time."""
    found = [_found(*row) for row in rows]
    by_issue = [tuple(group) for _, group in groupby(found, key=lambda one: one.issue)]
    goes_on = ""
    if len(rows) > _MOST_FOUND:
        by_issue = by_issue[:-1] or by_issue
        goes_on = by_issue[-1][-1].issue
    return Findings(stories=stories, found=tuple(one for group in by_issue for one in group), goes_on=goes_on)


def _expression(words: str) -> str:
    """What FTS5 is asked: each word as a quoted text, which it cuts into tokens itself, and any ending to it."""
    terms = [word for word in words.replace("\0", " ").split() if any(map(str.isalnum, word))]
    return " ".join('"{}"*'.format(term.replace('"', '""')) for term in terms[:_MOST_TERMS])


def _row_of(issue_id: str, place: int) -> int:
    return date.fromisoformat(issue_id).toordinal() * _PLACES + _PLACES - 1 - place


def _found(row: int, headline: str, deck: str) -> FoundStory:
    day, rest = divmod(row, _PLACES)
    return FoundStory(issue=date.fromordinal(day).isoformat(), place=_PLACES - 1 - rest, headline=headline, deck=deck)


def _write(connection: Connection, issue_id: str, **values: str) -> None:
    _forget(connection, issue_id)
    connection.execute(insert(back_issue).values(issue=issue_id, **values))


def _forget(connection: Connection, issue_id: str) -> None:
    connection.execute(delete(back_issue).where(back_issue.c.issue == issue_id))
    driver: sqlite3.Connection = driver_of(connection)
    driver.execute(
        "DELETE FROM back_issue_story WHERE rowid BETWEEN ? AND ?",
        (_row_of(issue_id, _PLACES - 1), _row_of(issue_id, 0)),
    )
