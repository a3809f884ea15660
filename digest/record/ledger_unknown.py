"""Settling letters whose fate is unknown: by hand, or by what the provider tells afterwards."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from datetime import datetime

from digest.model import LetterState
from digest.model.ledger import STOPPED
from digest.record.counts import count, finish
from digest.record.instants import to_number

_ALL = """
UPDATE letter SET state = :state, words = nullif(:words, ''), due = 0,
       settled_at = CASE WHEN :state = 'owed' THEN NULL ELSE :now END
WHERE issue = :issue AND state = 'unknown'
"""
_ONE = f"{_ALL} AND subscriber = :key"


def settle(
    driver: sqlite3.Connection,
    issue_id: str,
    keys: Collection[int] | None,
    state: LetterState,
    words: str,
    *,
    now: datetime,
) -> int:
    """See `Ledger.settle_unknown`."""
    state, words = _as_stopped(driver, issue_id, state, words)
    values = {"issue": issue_id, "state": state.value, "words": words, "now": to_number(now)}
    if keys is None:
        settled = driver.execute(_ALL, values).rowcount
    else:
        settled = driver.executemany(_ONE, [{**values, "key": key} for key in keys]).rowcount if keys else 0
    count(driver, issue_id, {"unknown": -settled, state.value: settled})
    finish(driver, issue_id)
    return settled


def _as_stopped(driver: sqlite3.Connection, issue_id: str, state: LetterState, words: str) -> tuple[LetterState, str]:
    """Nothing is owed of an issue that was stopped."""
    stopped = driver.execute("SELECT 1 FROM issue WHERE id = ? AND stopped_at IS NOT NULL", (issue_id,)).fetchone()
    return (LetterState.LEFT_OUT, STOPPED) if stopped and state is LetterState.OWED else (state, words)
