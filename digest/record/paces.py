"""How fast letters may leave, and how many have left: kept over restarts and shared by all senders."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from datetime import datetime

from digest.model import Allowance, Usage
from digest.record.instants import to_instant, to_number

_MINUTE = 60_000_000
_HOUR, _DAY = 60, 24 * 60
_ALL = "SELECT coalesce(sum(letters), 0) FROM used WHERE minute >= ? AND domain = ''"
_BY_DOMAIN = "SELECT domain, sum(letters) FROM used WHERE minute >= ? AND domain <> '' GROUP BY domain"
_USE = """
INSERT INTO used (minute, domain, letters) VALUES (?, ?, ?)
ON CONFLICT DO UPDATE SET letters = letters + excluded.letters
"""


def usage(driver: sqlite3.Connection, domains: Collection[str], *, now: datetime) -> Usage:
    """What was used of the limits, over the hour and the day just past."""
    minute = to_number(now) // _MINUTE
    by_domain = driver.execute(_BY_DOMAIN, (minute - _HOUR,)) if domains else ()
    rate, rate_since, free_at, began = _pace(driver)
    return Usage(
        last_hour=_since(driver, minute - _HOUR),
        last_day=_since(driver, minute - _DAY),
        domains=dict(by_domain),
        rate=rate,
        rate_since=_instant(rate_since),
        free_at=_instant(free_at),
        began=_instant(began),
    )


def _since(driver: sqlite3.Connection, minute: int) -> int:
    (letters,) = driver.execute(_ALL, (minute,)).fetchone()
    return int(letters)


def use(
    driver: sqlite3.Connection, letters: int, by_domain: Mapping[str, int], allowance: Allowance, *, now: datetime
) -> None:
    """Counts letters that may leave now; at a rate they occupy the time until the next may."""
    if not letters:
        return
    instant = to_number(now)
    rows = [(instant // _MINUTE, "", letters), *((instant // _MINUTE, *each) for each in by_domain.items())]
    driver.executemany(_USE, rows)
    if allowance.rate:
        free_at = to_number(allowance.free_after(letters, now))
        driver.execute("UPDATE pace SET free_at = ? WHERE id = 1", (free_at,))


def give_back(driver: sqlite3.Connection, batch: int, letters: int) -> None:
    """Letters of a batch that were claimed and did not leave count for nothing, at the minute in which they counted."""
    (claimed_at,) = driver.execute("SELECT claimed_at FROM batch WHERE number = ?", (batch,)).fetchone()
    driver.execute(_USE, (claimed_at // _MINUTE, "", -letters))


def begin(driver: sqlite3.Connection, *, now: datetime) -> None:
    """Notes when the first letter ever was claimed, and forgets what no limit looks at any more."""
    driver.execute("INSERT INTO pace (id, began) VALUES (1, ?) ON CONFLICT DO NOTHING", (to_number(now),))
    driver.execute("DELETE FROM used WHERE minute < ?", (to_number(now) // _MINUTE - 2 * _DAY,))


def set_rate(driver: sqlite3.Connection, rate: float, *, now: datetime) -> None:
    """Sets the rate to which a provider's push-back lowers us; 0 lifts it."""
    driver.execute("UPDATE pace SET rate = ?, rate_since = ? WHERE id = 1", (rate, to_number(now)))


def _pace(driver: sqlite3.Connection) -> tuple[float, int | None, int | None, int | None]:
    found = driver.execute("SELECT rate, rate_since, free_at, began FROM pace WHERE id = 1").fetchone()
    return found or (0.0, None, None, None)


def _instant(number: int | None) -> datetime | None:
    return None if number is None else to_instant(number)
