"""Planning: who gets a letter of an issue, written as one statement; and who is taken out again."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from digest.record import ledger_sql
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
    now: datetime,
) -> bool:
    """See `Ledger.plan`."""
    row = require_issue(connection, issue_id)
    if row.stopped_at is not None or (row.planned_at is not None and row.state != "composed"):
        return False
    connection.execute(delete(letter).where(letter.c.issue == issue_id))
    driver = driver_of(connection)
    _keep_hours(driver, zones)
    values = {"issue": issue_id, "due": 0 if due is None else to_number(due), **last_reading(connection)}
    chosen = any(choices.values()) or None in choices.values()
    if chosen:
        _keep_choices(driver, choices)
    monthly = _is_first_of_month(connection, issue_id) or not driver.execute(ledger_sql.ANY_MONTHLY).fetchone()[0]
    statement = ledger_sql.plan(hours=bool(zones), choices=chosen, monthly=monthly)
    letters = driver.execute(statement, {**values, "too_little": TOO_LITTLE, "monthly": MONTHLY}).rowcount
    counted = ledger_sql.LEFT_OUT if monthly and not chosen else ledger_sql.NOT_OWED
    (left_out,) = driver.execute(counted, values).fetchone()
    planned = dict.fromkeys(("claimed", "accepted", "refused", "unknown"), 0)
    planned |= {"owed": letters - left_out, "left_out": left_out}
    connection.execute(update(issue).where(issue.c.id == issue_id).values(planned_at=now, **planned))
    return True


def _is_first_of_month(connection: Connection, issue_id: str) -> bool:
    """Whether no earlier issue of its calendar month has gone out, in part at least. An issue's id is its date."""
    month = issue_id[: len("2026-11")]
    earlier = select(issue.c.id).where(issue.c.id.startswith(month), issue.c.id < issue_id, issue.c.state.in_(OUT))
    return connection.execute(earlier.limit(1)).first() is None


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
