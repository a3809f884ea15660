"""Claiming: the next owed letters, taken durably before a byte of them leaves. The last guard before every letter."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, Row, update

from digest.model import Claim, ClaimedLetter, Standing, Wish
from digest.model.roster import SUPPRESSED
from digest.record import ledger_sql, paces
from digest.record.counts import count
from digest.record.database import driver_of
from digest.record.instants import to_instant, to_number
from digest.record.issues import record_of, require_issue, start
from digest.record.ledger_plan import LEFT_THE_LIST, last_reading
from digest.record.schema import issue

_LONGEST_LOOK = 50
"""How many times the letters wished for are looked at, at most, before one claim gives up for now."""
_DOMAIN_REST = timedelta(minutes=5)
_RUN = 4
"""A run of keys is worth one statement while it is no more than so many times as wide as the batch."""


def claim(connection: Connection, issue_id: str, wish: Wish, *, now: datetime) -> Claim:
    """See `Ledger.claim`."""
    row = require_issue(connection, issue_id)
    standing = _standing(row, now)
    if standing.hold or standing.stopped or not row.owed:
        return Claim(standing=_with_due(connection, issue_id, standing))
    slice_left, kept_back = _slice(row, wish)
    if kept_back:
        connection.execute(
            update(issue).where(issue.c.id == issue_id).values(hold=kept_back, held_until=None, slice_left=None)
        )
        return Claim(standing=replace(standing, hold=kept_back))
    if slice_left == 0:
        return Claim(standing=replace(standing, why="waiting for the first slice"))
    driver = driver_of(connection)
    wanted = min(wish.letters, slice_left) if slice_left else wish.letters
    allowance = wish.allow(paces.usage(driver, wish.domains, now=now), wanted)
    if not allowance.letters:
        return Claim(standing=replace(standing, wait=allowance.wait, why=allowance.why))
    start(connection, issue_id, now)  # not before: the first slice begins with the first letters
    taken = _look(connection, issue_id, min(wanted, allowance.letters), allowance.domains, now)
    number = _take(driver, issue_id, wish, taken, now)
    _count_slice(connection, row, slice_left, len(taken.letters))
    paces.use(driver, len(taken.letters), taken.by_domain, allowance, now=now)
    if not taken.letters:
        return Claim(standing=_with_due(connection, issue_id, _standing(require_issue(connection, issue_id), now)))
    return Claim(
        number=number,
        letters=tuple(taken.letters),
        reference=wish.reference,
        send_at=wish.send_at,
        starts_in=allowance.starts_in,
        rate=allowance.rate,
    )


@dataclass(slots=True)
class _Taken:
    """What a look at the owed letters came to; `first_due` and `last_due` say whether they are one run."""

    letters: list[ClaimedLetter] = field(default_factory=list)
    suppressed: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    put_off: list[int] = field(default_factory=list)
    by_domain: dict[str, int] = field(default_factory=dict)
    first_due: int = 0
    last_due: int = 0
    variant: int | None = None


def _standing(row: Row[Any], now: datetime) -> Standing:
    held = record_of(row).is_held(now)
    return Standing(
        owed=row.owed,
        claimed=row.claimed,
        hold=row.hold if held else "",
        held_until=row.held_until if held else None,
        stopped=row.stopped_at is not None,
    )


def _with_due(connection: Connection, issue_id: str, standing: Standing) -> Standing:
    found = driver_of(connection).execute(ledger_sql.NEXT_DUE, (issue_id,)).fetchone()
    return replace(standing, due=to_instant(found[0]) if found else None)


def _slice(row: Row[Any], wish: Wish) -> tuple[int | None, str]:
    """How many letters of the first slice may still go (None: no slice counts any more), and why the rest may not."""
    if row.sending_since is None and wish.first_slice:
        return wish.first_slice, ""
    if row.slice_left != 0:
        return row.slice_left, ""
    if row.claimed:
        return 0, ""
    return None, wish.judge_slice(row.accepted, row.refused)


def _count_slice(connection: Connection, row: Row[Any], slice_left: int | None, taken: int) -> None:
    left = None if slice_left is None else slice_left - taken
    if left != row.slice_left:
        connection.execute(update(issue).where(issue.c.id == row.id).values(slice_left=left))


def _look(connection: Connection, issue_id: str, limit: int, domains: Mapping[str, int], now: datetime) -> _Taken:
    """Reads the next owed letters until `limit` of them may be written, and sorts out those on the way that may not."""
    taken, left = _Taken(), dict(domains)
    values = {"issue": issue_id, "now": to_number(now), **last_reading(connection)}
    looked = 0
    with closing(driver_of(connection).execute(ledger_sql.OWED, values)) as owed:
        while len(taken.letters) < limit and looked < limit * _LONGEST_LOOK:
            rows = _of_one_body(taken, owed.fetchmany(limit - len(taken.letters)))
            if not rows:
                break
            looked += len(rows)
            if left or not all(row[8] and not row[9] for row in rows):
                for row in rows:
                    _sort(taken, row, left)
            else:
                _take_all(taken, rows)
    return taken


def _of_one_body(taken: _Taken, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows up to the first one with another body than the batch has: a call has one body for all."""
    if rows and taken.variant is None:
        taken.variant = rows[0][5]
    return list(takewhile(lambda row: row[5] == taken.variant, rows))


def _take_all(taken: _Taken, rows: list[tuple[Any, ...]]) -> None:
    """What `_sort` does for letters that may all be written, in half the time. Nearly every claim finds just those."""
    if not taken.letters:
        taken.first_due = rows[0][6]
    taken.last_due = rows[-1][6]
    taken.letters += map(ClaimedLetter._make, [row[:6] for row in rows])


def _sort(taken: _Taken, row: tuple[Any, ...], left: dict[str, int]) -> None:
    due, domain, is_listed, is_suppressed = row[6:]
    if is_suppressed:
        taken.suppressed.append(row[0])
    elif not is_listed:
        taken.gone.append(row[0])
    elif left and left.get(domain, 1) <= 0:
        taken.put_off.append(row[0])
    else:
        if not taken.letters:
            taken.first_due = due
        taken.last_due = due
        taken.letters.append(ClaimedLetter._make(row[:6]))
        if domain in left:
            left[domain] -= 1
            taken.by_domain[domain] = taken.by_domain.get(domain, 0) + 1


def _take(driver: sqlite3.Connection, issue_id: str, wish: Wish, taken: _Taken, now: datetime) -> int:
    """Writes down what the look came to; gives the batch's number, 0 without letters."""
    instant = to_number(now)
    for keys, words in ((taken.suppressed, SUPPRESSED), (taken.gone, LEFT_THE_LIST)):
        values = [{"issue": issue_id, "key": key, "words": words, "now": instant} for key in keys]
        driver.executemany(ledger_sql.LEAVE_OUT, values)
    later = to_number(now + _DOMAIN_REST)
    driver.executemany(ledger_sql.PUT_OFF, [{"issue": issue_id, "key": key, "due": later} for key in taken.put_off])
    out = len(taken.suppressed) + len(taken.gone)
    claimed = len(taken.letters)
    count(driver, issue_id, {"owed": -claimed - out, "claimed": claimed, "left_out": out})
    return _batch(driver, issue_id, wish, taken, instant) if claimed else 0


def _batch(driver: sqlite3.Connection, issue_id: str, wish: Wish, taken: _Taken, instant: int) -> int:
    send_at = None if wish.send_at is None else to_number(wish.send_at)
    values = (issue_id, wish.sender, wish.journal, wish.provider, len(taken.letters), instant, wish.reference, send_at)
    number = driver.execute(
        "INSERT INTO batch (issue, sender, journal, provider, letters, claimed_at, reference, send_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        values,
    ).lastrowid
    assert number is not None
    _mark(driver, issue_id, number, taken)
    return number


def _mark(driver: sqlite3.Connection, issue_id: str, number: int, taken: _Taken) -> None:
    """Letters of one due instant and body are all that there are between two keys: those are taken by one statement."""
    keys = [letter.key for letter in taken.letters]
    is_run = taken.first_due == taken.last_due and keys[-1] - keys[0] < _RUN * len(keys)
    if is_run and not taken.put_off:
        run: dict[str, Any] = {"issue": issue_id, "batch": number, "first": keys[0], "last": keys[-1]}
        run |= {"due": taken.first_due, "variant": taken.variant}
        marked = driver.execute(ledger_sql.CLAIM_RUN, run).rowcount
    else:
        each = [{"issue": issue_id, "batch": number, "key": key} for key in keys]
        marked = driver.executemany(ledger_sql.CLAIM, each).rowcount
    assert marked == len(keys), "a claim must take the letters that it saw"
