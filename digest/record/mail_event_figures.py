"""What came back of an issue, counted by readers."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from sqlalchemy import Connection

from digest.model.feedback import BOUNCES, DROPS, Figures
from digest.model.readers import EventKind
from digest.record.database import driver_of
from digest.record.mail_event_sql import quoted

_MOST_LINKS = 50
_TELLING = "FROM mail_event INDEXED BY mail_event_telling WHERE issue = ? AND kind <> 'delivered' AND kind"
_READERS = f"SELECT count(DISTINCT subscriber) {_TELLING} IN ({{kinds}})"
_DELIVERED = "SELECT count(DISTINCT subscriber) FROM mail_event WHERE issue = ? AND kind = 'delivered'"

# Somebody whose letter a machine opened may have read it besides.
_OPENS = f"""
SELECT count(*), coalesce(sum(only_machines), 0) FROM (
  SELECT min(is_machine) AS only_machines FROM mail_event WHERE issue = ? AND kind = '{EventKind.OPEN.value}'
  GROUP BY subscriber)
"""
_CLICKS = f"""
SELECT url, count(DISTINCT subscriber) AS readers FROM mail_event WHERE issue = ? AND kind = '{EventKind.CLICK.value}'
GROUP BY url ORDER BY readers DESC, url LIMIT {_MOST_LINKS}
"""


def of(connection: Connection, issue: str) -> Figures:
    """See `MailEvents.figures`."""
    driver, judged = driver_of(connection), rates(connection, issue)
    opened, by_machines = driver.execute(_OPENS, (issue,)).fetchone()
    return replace(
        judged,
        delivered=_one(driver, _DELIVERED, issue),
        dropped=_readers(driver, issue, DROPS),
        unsubscribed=_readers(driver, issue, frozenset({EventKind.UNSUBSCRIBE})),
        opens=opened - by_machines,
        machine_opens=by_machines,
        clicks=dict(driver.execute(_CLICKS, (issue,)).fetchall()),
    )


def rates(connection: Connection, issue: str) -> Figures:
    """See `MailEvents.rates`."""
    driver = driver_of(connection)
    row = driver.execute("SELECT accepted, bounces FROM issue WHERE id = ?", (issue,)).fetchone()
    if row is None:
        return Figures(issue=issue)
    return Figures(
        issue=issue,
        letters=row[0],
        bounced=_readers(driver, issue, BOUNCES),
        gone=_readers(driver, issue, frozenset({EventKind.HARD_BOUNCE})),
        complaints=_readers(driver, issue, frozenset({EventKind.COMPLAINT})),
        doubted=row[1] == "doubted",
    )


def _readers(driver: sqlite3.Connection, issue: str, kinds: frozenset[EventKind]) -> int:
    return _one(driver, _READERS.format(kinds=quoted(kinds)), issue)


def _one(driver: sqlite3.Connection, statement: str, issue: str) -> int:
    (number,) = driver.execute(statement, (issue,)).fetchone()
    return int(number)
