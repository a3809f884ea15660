"""Settling: what became of a batch's letters, recorded in one transaction with whatever follows from it."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from digest.model import LetterState, Settled, Settlement
from digest.model.ledger import STOPPED
from digest.record import ledger_sql, mail_event_doubts, paces
from digest.record.counts import count, finish
from digest.record.database import driver_of
from digest.record.instants import to_number

_log = logging.getLogger(__name__)
_FORGOTTEN = "SELECT key FROM subscriber WHERE key IN (SELECT value FROM json_each(?)) AND NOT instr(address, '@')"
_RUN = 4
"""A run of keys is worth one statement while it is no more than so many times as wide as the batch."""


def settle(
    connection: Connection,
    issue_id: str,
    batch: int,
    settlements: Sequence[Settlement],
    *,
    trouble: bool,
    recalled: bool,
    now: datetime,
) -> Settled:
    """See `Ledger.settle`."""
    driver, instant = driver_of(connection), to_number(now)
    settlements = _without_forgotten(driver, _without_stopped(driver, issue_id, settlements))
    settled = _accept_run(driver, issue_id, batch, settlements, instant) if _is_run(settlements) else 0
    if settled < len(settlements):
        settled += _one_by_one(driver, issue_id, batch, settlements, instant)
    if in_doubt := [each.key for each in settlements if each.state is LetterState.UNKNOWN]:
        mail_event_doubts.settle_by_kept(driver, issue_id, in_doubt, now=now)
    unsent = sum(1 for each in settlements if each.state is LetterState.OWED and not each.tried)
    if _close(driver, batch, settlements, "recalled" if recalled else "settled", instant) and unsent:
        paces.give_back(driver, batch, unsent)
    accepted = any(each.state is LetterState.ACCEPTED for each in settlements)
    in_a_row = failures(driver, issue_id, accepted=accepted, trouble=trouble)
    finish(driver, issue_id)
    missed = len(settlements) - settled
    if missed:
        _log.warning("issue %s: %d of %d letters were settled by somebody else", issue_id, missed, len(settlements))
    return Settled(failures=in_a_row, missed=missed)


def _without_stopped(
    driver: sqlite3.Connection, issue_id: str, settlements: Sequence[Settlement]
) -> Sequence[Settlement]:
    """Letters that would be owed again are left out when the issue was stopped meanwhile."""
    (stopped_at,) = driver.execute("SELECT stopped_at FROM issue WHERE id = ?", (issue_id,)).fetchone()
    if stopped_at is None:
        return settlements
    return [
        replace(each, state=LetterState.LEFT_OUT, words=STOPPED) if each.state is LetterState.OWED else each
        for each in settlements
    ]


def _without_forgotten(driver: sqlite3.Connection, settlements: Sequence[Settlement]) -> Sequence[Settlement]:
    """Servers name the reader in their words: of who was erased while the letter was in hand none are kept."""
    told = [each.key for each in settlements if each.words or each.suppress]
    gone = {key for (key,) in driver.execute(_FORGOTTEN, (json.dumps(told),))} if told else ()
    if not gone:
        return settlements
    return [replace(each, words="", suppress="") if each.key in gone else each for each in settlements]


def _is_run(settlements: Sequence[Settlement]) -> bool:
    """Whether a batch was accepted as a whole, with nothing to say of any single letter of it."""
    if len({(each.state, each.words, each.tried, each.provider_id) for each in settlements}) != 1:
        return False
    one, keys = settlements[0], [each.key for each in settlements]
    plain = one.state is LetterState.ACCEPTED and one.tried and not one.words
    return plain and max(keys) - min(keys) < _RUN * len(keys)


def _accept_run(
    driver: sqlite3.Connection, issue_id: str, batch: int, settlements: Sequence[Settlement], instant: int
) -> int:
    """Accepts it by one statement. The provider's id for all of them stands with the batch."""
    keys = [each.key for each in settlements]
    values = {"issue": issue_id, "batch": batch, "first": min(keys), "last": max(keys), "now": instant}
    accepted = driver.execute(ledger_sql.ACCEPT_RUN, values).rowcount
    count(driver, issue_id, {"claimed": -accepted, "accepted": accepted})
    return accepted


def _one_by_one(
    driver: sqlite3.Connection, issue_id: str, batch: int, settlements: Sequence[Settlement], instant: int
) -> int:
    settled = 0
    for state in LetterState:
        rows = [_row(issue_id, batch, each, instant) for each in settlements if each.state is state]
        if rows:
            settled += _settle(driver, issue_id, state, rows)
    driver.executemany(
        ledger_sql.SUPPRESS,
        [{"key": each.key, "suppress": each.suppress, "now": instant} for each in settlements if each.suppress],
    )
    return settled


def _settle(driver: sqlite3.Connection, issue_id: str, state: LetterState, rows: list[dict[str, Any]]) -> int:
    settled = driver.executemany(ledger_sql.SETTLE[state.value], rows).rowcount
    count(driver, issue_id, {"claimed": -settled, state.value: settled})
    if state is LetterState.ACCEPTED and settled < len(rows):
        settled += sum(_accept_late(driver, issue_id, rows, before) for before in ("unknown", "owed"))
    return settled


def _accept_late(driver: sqlite3.Connection, issue_id: str, rows: list[dict[str, Any]], before: str) -> int:
    late = driver.executemany(ledger_sql.ACCEPT_LATE, [{**row, "before": before} for row in rows]).rowcount
    count(driver, issue_id, {before: -late, "accepted": late})
    return late


def _row(issue_id: str, batch: int, each: Settlement, instant: int) -> dict[str, Any]:
    return {
        "issue": issue_id,
        "batch": batch,
        "key": each.key,
        "due": 0 if each.due is None else to_number(each.due),
        "words": each.words,
        "provider_id": each.provider_id,
        "tried": int(each.tried),
        "now": instant,
    }


def _close(driver: sqlite3.Connection, batch: int, settlements: Sequence[Settlement], state: str, instant: int) -> bool:
    """Closes the batch; False when somebody else did. From now on it counts the letters that the provider has."""
    ids = {each.provider_id for each in settlements}
    accepted = sum(1 for each in settlements if each.state is LetterState.ACCEPTED)
    values = (state, instant, ids.pop() if len(ids) == 1 else "", accepted, batch)
    closed = driver.execute(
        "UPDATE batch SET state = ?, settled_at = ?, provider_id = ?, letters = ? WHERE number = ? AND state = 'open'",
        values,
    )
    return bool(closed.rowcount)


def failures(driver: sqlite3.Connection, issue_id: str, *, accepted: bool, trouble: bool) -> int:
    """How many batches in a row have come to nothing; one that got anything through ends the row."""
    if trouble:
        driver.execute("UPDATE issue SET failures = failures + 1 WHERE id = ?", (issue_id,))
    elif accepted:
        driver.execute("UPDATE issue SET failures = 0 WHERE id = ? AND failures > 0", (issue_id,))
    (found,) = driver.execute("SELECT failures FROM issue WHERE id = ?", (issue_id,)).fetchone()
    return int(found)


def call_back(driver: sqlite3.Connection, issue_id: str, batch: int, words: str, *, now: datetime) -> int:
    """See `Ledger.call_back`."""
    values = {"issue": issue_id, "batch": batch, "words": words, "now": to_number(now)}
    out = driver.execute(ledger_sql.CALL_BACK, values).rowcount
    driver.execute("UPDATE batch SET state = 'recalled' WHERE number = ?", (batch,))
    count(driver, issue_id, {"accepted": -out, "left_out": out})
    return out
