"""The ledger: a row for each letter, claimed on disk before a byte leaves and settled after.

    owed ──claim──► claimed ──settle──► accepted | refused
      ▲    │           │                 (never settled: unknown, and left alone)
      │    └► left out └──deferred, unsent──► owed

Runs. Each go of a sender is a run, numbered within its issue by its first claim, and a letter says from which run on it
may be claimed. Deferring moves that to the next run, so a run meets each letter that the provider defers once, however
many senders are at work, and comes to an end. An unsent letter keeps its place: nothing of it left the house, so the
same run may claim it again. (A sender whose provider leaves everything unsent must stop by itself.)
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from digest.model import Audience, Fate, LetterRecord, LetterState, Receipt, Subscriber
from digest.record import ledger_sql
from digest.record.database import Database, driver_of
from digest.record.instants import to_number
from digest.record.issues import letters_of, require_issue, start
from digest.record.schema import issue, letter, run

SUPPRESSED = "suppressed"
LEFT_THE_LIST = "no longer on the list"

_log = logging.getLogger(__name__)
_STATES = {
    "owed": LetterState.OWED,
    "claimed": LetterState.UNKNOWN,
    "accepted": LetterState.ACCEPTED,
    "refused": LetterState.REFUSED,
    "left_out": LetterState.LEFT_OUT,
}
_AFTER = {Fate.ACCEPTED: "accepted", Fate.REFUSED: "refused", Fate.DEFERRED: "owed", Fate.UNSENT: "owed"}


class Ledger:
    """The letters of the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def plan(self, issue_id: str, audience: Audience, *, now: datetime) -> bool:
        """Writes a row for each letter: owed to the readers in their order, left out for who is suppressed.

        Until the issue is being sent, a plan replaces the one before: who has left the list meanwhile gets no letter.
        From then on it is fixed: False, and nothing changes. Raises RecordError when the issue was never composed.
        """
        with self._database.writing() as connection:
            row = require_issue(connection, issue_id)
            if row.planned_at is not None and row.state != "composed":
                return False
            connection.execute(letter.delete().where(letter.c.issue == issue_id))
            driver = driver_of(connection)
            counts = {
                "owed": driver.executemany(ledger_sql.PLAN, _owed(issue_id, audience)).rowcount,
                "left_out": driver.executemany(ledger_sql.PLAN, _left_out(issue_id, audience)).rowcount,
            }
            planned = {state: max(count, 0) for state, count in counts.items()}
            connection.execute(update(issue).where(issue.c.id == issue_id).values(planned_at=now, **planned))
        return True

    def claim(self, issue_id: str, limit: int, *, by: str, now: datetime) -> tuple[Subscriber, ...]:
        """Takes the next `limit` owed letters for the run named `by`; on disk when this returns.

        No two claims get the same letter, from whatever thread or process, and a claimed letter is not claimed again
        unless its receipt says that it is still owed. Letters to addresses that are suppressed at this moment are left
        out. With the first claim the issue is being sent. Empty when nothing is left for this run. The ledger keeps
        address and name; the subscribers that it gives have no categories.
        """
        with self._database.writing() as connection:
            require_issue(connection, issue_id)
            start(connection, issue_id)
            driver = driver_of(connection)
            number, instant = _run_number(driver, issue_id, by, now), to_number(now)
            claimed, suppressed = _next_owed(driver, issue_id, number, limit)
            driver.executemany(ledger_sql.CLAIM, [(number, instant, key) for key, _ in claimed])
            driver.executemany(ledger_sql.LEAVE_OUT, [(SUPPRESSED, instant, key) for key in suppressed])
            moved = len(claimed) + len(suppressed)
            _count(driver, issue_id, {"owed": -moved, "claimed": len(claimed), "left_out": len(suppressed)})
        return tuple(reader for _, reader in claimed)

    def withdraw(self, issue_id: str, readers: Collection[str], *, now: datetime) -> int:
        """Leaves out the owed letters of everybody who is not among `readers` any more. Returns how many.

        Who has left the list since the letters were planned has said no.
        """
        with self._database.writing() as connection:
            driver = driver_of(connection)
            owed = driver.execute(ledger_sql.STILL_OWED, (issue_id,)).fetchall()
            gone = [(LEFT_THE_LIST, to_number(now), key) for key, address in owed if address not in readers]
            driver.executemany(ledger_sql.LEAVE_OUT, gone)
            _count(driver, issue_id, {"owed": -len(gone), "left_out": len(gone)})
        return len(gone)

    def settle(self, issue_id: str, receipts: Sequence[Receipt], *, provider: str, now: datetime) -> int:
        """Records what became of claimed letters; on disk when this returns. Returns how many letters it settled.

        ACCEPTED and REFUSED are final. DEFERRED letters are owed again from the next run on, UNSENT ones at once,
        UNKNOWN ones stay claimed. A receipt for a letter that is not claimed changes nothing, except that a letter
        which the provider has ACCEPTED is never owed.
        """
        values = {"issue": issue_id, "provider": provider, "now": to_number(now)}
        with self._database.writing() as connection:
            driver = driver_of(connection)
            by_fate = _by_fate(receipts, values)
            settled = sum(_settle(driver, issue_id, fate, rows) for fate, rows in by_fate.items())
            if settled:
                start(connection, issue_id)
        if settled < len(receipts):
            missed = len(receipts) - settled
            _log.warning("issue %s: %d of %d receipts fit no claimed letter", issue_id, missed, len(receipts))
        return settled

    def counts(self, issue_id: str) -> Mapping[LetterState, int]:
        """How many letters are in each state; quick, whatever the size of the issue."""
        with self._database.reading() as connection:
            row = connection.execute(select(issue).where(issue.c.id == issue_id)).one_or_none()
        return letters_of(row) if row else dict.fromkeys(LetterState, 0)

    def left_out_counts(self, issue_id: str) -> Mapping[str, int]:
        """How many letters were left out for each reason."""
        query = (
            select(letter.c.words, func.count().label("letters"))
            .where(letter.c.issue == issue_id, letter.c.state == "left_out")
            .group_by(letter.c.words)
        )
        with self._database.reading() as connection:
            return {row.words: row.letters for row in connection.execute(query)}

    def letters(self, issue_id: str, state: LetterState) -> tuple[LetterRecord, ...]:
        """Every letter of an issue that is in that state, in the order of the list."""
        kept = next(column for column, known in _STATES.items() if known is state)
        query = (
            select(letter, run.c.name.label("run"))
            .outerjoin(run, (run.c.issue == letter.c.issue) & (run.c.number == letter.c.claimed_by))
            .where(letter.c.issue == issue_id, letter.c.state == kept)
            .order_by(letter.c.key)
        )
        with self._database.reading() as connection:
            return tuple(_letter_record(row) for row in connection.execute(query))

    def unknown(self, issue_id: str) -> tuple[LetterRecord, ...]:
        """Letters that were claimed and not settled: on the wire at this moment, or lost sight of."""
        return self.letters(issue_id, LetterState.UNKNOWN)


def _owed(issue_id: str, audience: Audience) -> Iterator[tuple[str, ...]]:
    return ((issue_id, reader.address, reader.name, "owed", "") for reader in audience.readers)


def _left_out(issue_id: str, audience: Audience) -> Iterator[tuple[str, ...]]:
    suppressed = (one for one in audience.left_out if one.reason == SUPPRESSED)
    return ((issue_id, one.address, "", "left_out", one.reason) for one in suppressed)


def _next_owed(
    driver: sqlite3.Connection, issue_id: str, run_number: int, limit: int
) -> tuple[list[tuple[int, Subscriber]], list[int]]:
    """The next `limit` letters (key, reader) that may be written, and the keys of those on the way that may not."""
    claimed: list[tuple[int, Subscriber]] = []
    suppressed: list[int] = []
    with closing(driver.execute(ledger_sql.OWED, (issue_id, run_number))) as owed:
        while len(claimed) < limit and (letter_row := owed.fetchone()):
            key, address, name, is_suppressed = letter_row
            if is_suppressed:
                suppressed.append(key)
            else:
                claimed.append((key, Subscriber(address=address, name=name)))
    return claimed, suppressed


def _run_number(driver: sqlite3.Connection, issue_id: str, name: str, now: datetime) -> int:
    """The number of the run of that name, which it gets with its first claim."""
    known = driver.execute("SELECT number FROM run WHERE issue = ? AND name = ?", (issue_id, name)).fetchone()
    if known:
        return int(known[0])
    (number,) = driver.execute("SELECT coalesce(max(number), 0) + 1 FROM run WHERE issue = ?", (issue_id,)).fetchone()
    driver.execute("INSERT INTO run VALUES (?, ?, ?, ?)", (issue_id, number, name, to_number(now)))
    return int(number)


def _settle(driver: sqlite3.Connection, issue_id: str, fate: Fate, rows: list[dict[str, Any]]) -> int:
    settled = driver.executemany(ledger_sql.SETTLE[fate], rows).rowcount
    if fate in _AFTER:
        _count(driver, issue_id, {"claimed": -settled, _AFTER[fate]: settled})
    if fate is Fate.ACCEPTED and settled < len(rows):
        late = driver.executemany(ledger_sql.ACCEPT_OWED, rows).rowcount
        _count(driver, issue_id, {"owed": -late, "accepted": late})
        settled += late
    return settled


def _by_fate(receipts: Sequence[Receipt], values: Mapping[str, Any]) -> dict[Fate, list[dict[str, Any]]]:
    rows: dict[Fate, list[dict[str, Any]]] = {}
    for one in receipts:
        row = {**values, "address": one.address, "words": one.words, "provider_id": one.provider_id}
        rows.setdefault(one.fate, []).append(row)
    return rows


def _count(driver: sqlite3.Connection, issue_id: str, changes: Mapping[str, int]) -> None:
    """Moves the issue's counts along with its letters."""
    terms = ", ".join(f"{state} = {state} + {change:d}" for state, change in changes.items())
    driver.execute(f"UPDATE issue SET {terms} WHERE id = ?", (issue_id,))


def _letter_record(row: Any) -> LetterRecord:
    return LetterRecord(
        address=row.address,
        name=row.name,
        state=_STATES[row.state],
        words=row.words,
        attempts=row.attempts,
        run=row.run or "",
        claimed_at=row.claimed_at,
        settled_at=row.settled_at,
        provider=row.provider,
        provider_id=row.provider_id,
    )
