"""The issue's counts of letters by state: they move in the transaction that moves the letters."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping


def count(driver: sqlite3.Connection, issue_id: str, changes: Mapping[str, int]) -> None:
    """Moves the issue's counts along with its letters."""
    terms = ", ".join(f"{state} = {state} + {change:d}" for state, change in changes.items() if change)
    if terms:
        driver.execute(f"UPDATE issue SET {terms} WHERE id = ?", (issue_id,))


def finish(driver: sqlite3.Connection, issue_id: str) -> None:
    """Calls an issue sent that is being sent and has no open letter left."""
    driver.execute(
        "UPDATE issue SET state = 'sent' WHERE id = ? AND state = 'sending'"
        " AND planned_at IS NOT NULL AND owed = 0 AND claimed = 0 AND unknown = 0",
        (issue_id,),
    )
