"""Planning: who gets a letter of an issue, written as one statement; and who is taken out again."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from digest.model.ledger import NOT_IN_SEGMENT
from digest.model.segments import Selection
from digest.record import ledger_sql, segment_sql
from digest.record.counts import count
from digest.record.database import driver_of
from digest.record.entries import OUT
from digest.record.instants import to_number
from digest.record.issues import require_issue
from digest.record.schema import issue, letter, roster

LEFT_THE_LIST = "no longer on the list"
TOO_LITTLE = "too little in the sections chosen"
MONTHLY = "monthly: gets the first issue of each month"
_NONE = -1


def plan(
    connection: Connection,
    issue_id: str,
    *,
    due: datetime | None,
    zones: Mapping[str, datetime],
    choices: Mapping[tuple[str, ...], int | None],
    selection: Selection | None,
    now: datetime,
) -> bool:
    """See `Ledger.plan`."""
    row = require_issue(connection, issue_id)
    if row.stopped_at is not None or (row.planned_at is not None and row.state != "composed"):
        return False
    connection.execute(delete(letter).where(letter.c.issue == issue_id))
    driver = driver_of(connection)
    _keep_hours(driver, zones)
    chosen = any(choices.values()) or None in choices.values()
    if chosen:
        _keep_choices(driver, choices)
    values = {"issue": issue_id, "due": 0 if due is None else to_number(due), **last_reading(connection)}
    out = _outside(driver, selection) | _monthly(connection, issue_id)
    statement = ledger_sql.plan(hours=bool(zones), choices=chosen, without=out.conditions)
    letters = driver.execute(statement, {**values, "too_little": TOO_LITTLE, **out.values}).rowcount
    counted = ledger_sql.NOT_OWED if out.conditions or chosen else ledger_sql.LEFT_OUT
    (left_out,) = driver.execute(counted, values).fetchone()
    planned = dict.fromkeys(("claimed", "accepted", "refused", "unknown"), 0)
    planned |= {"owed": letters - left_out, "left_out": left_out}
    segment = selection.words if selection else ""
    connection.execute(update(issue).where(issue.c.id == issue_id).values(planned_at=now, segment=segment, **planned))
    return True


@dataclass(frozen=True, slots=True)
class _Out:
    """Conditions under which readers get no letter, each with the parameter of its reason, and what they want."""

    conditions: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)

    def __or__(self, other: _Out) -> _Out:
        return _Out({**self.conditions, **other.conditions}, {**self.values, **other.values})


def _outside(driver: sqlite3.Connection, selection: Selection | None) -> _Out:
    """Whoever is not in the segment."""
    if selection is None:
        return _Out()
    segment_sql.keep_choices(driver, selection)
    inside = segment_sql.condition_of(selection)
    return _Out({f"NOT {inside.sql}": "elsewhere"}, {"elsewhere": NOT_IN_SEGMENT, **inside.values})


def _monthly(connection: Connection, issue_id: str) -> _Out:
    """Monthly readers who have had an issue of this calendar month. An issue's id is its date."""
    month = issue_id[: len("2026-11")]
    query = select(issue.c.segment).where(issue.c.id >= month, issue.c.id < issue_id, issue.c.state.in_(OUT))
    segments = set(connection.execute(query).scalars())
    if not segments or not driver_of(connection).execute(ledger_sql.ANY_MONTHLY).fetchone()[0]:
        return _Out()
    had = ledger_sql.HAS_MONTHLY if "" in segments else ledger_sql.HAS_MONTHLY_OF_SEGMENT
    return _Out({had: "monthly"}, {"monthly": MONTHLY, "month": month})


def withdraw(connection: Connection, issue_id: str, *, now: datetime) -> int:
    """See `Ledger.withdraw`."""
    values = {"issue": issue_id, "words": LEFT_THE_LIST, "now": to_number(now), **last_reading(connection)}
    driver = driver_of(connection)
    gone = driver.execute(ledger_sql.WITHDRAW, values).rowcount
    count(driver, issue_id, {"owed": -gone, "left_out": gone})
    return gone


def last_reading(connection: Connection) -> dict[str, int | None]:
    """The last reading (None before the first), and whether it was `empty`."""
    row = connection.execute(select(roster.c.reading, roster.c.readers)).one_or_none()
    return {"reading": row.reading if row else None, "empty": int(row is None or not row.readers)}


def _keep_hours(driver: sqlite3.Connection, zones: Mapping[str, datetime]) -> None:
    """The instants by time zone, where the statement can join them."""
    driver.execute("CREATE TEMP TABLE IF NOT EXISTS hour (timezone TEXT PRIMARY KEY, due INTEGER) WITHOUT ROWID")
    driver.execute("DELETE FROM temp.hour")
    driver.executemany("INSERT INTO temp.hour VALUES (?, ?)", [(zone, to_number(due)) for zone, due in zones.items()])


def _keep_choices(driver: sqlite3.Connection, choices: Mapping[tuple[str, ...], int | None]) -> None:
    """The bodies by what readers chose, likewise."""
    driver.execute("CREATE TEMP TABLE IF NOT EXISTS choice (categories TEXT PRIMARY KEY, variant INT) WITHOUT ROWID")
    driver.execute("DELETE FROM temp.choice")
    rows = [("\n".join(choice), _NONE if variant is None else variant) for choice, variant in choices.items()]
    driver.executemany("INSERT INTO temp.choice VALUES (?, ?)", rows)
