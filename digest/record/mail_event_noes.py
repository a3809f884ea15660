"""What follows from events for those who got the letters: who must not be written to any more, and who may be again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from digest.model.consent import ACT_OF, is_said
from digest.model.feedback import NOES, History, Kept, Rules, Ruling
from digest.model.readers import Act, EventKind, Ground, MailEvent, Origin
from digest.record import mail_event_sql, sign_ups
from digest.record.database import driver_of
from digest.record.grounds import Standing, last_yes, lay, lift
from digest.record.instants import to_instant
from digest.record.reader_rows import ground_of, note

_DOUBTED, _BELIEVED = "doubted", "believed"
_HARD = EventKind.HARD_BOUNCE.value
_TELLING = mail_event_sql.quoted(NOES | {EventKind.SOFT_BOUNCE})
_TO_JUDGE = mail_event_sql.TO_JUDGE.format(telling=_TELLING)
_NOES_OF_OUTSIDERS = f"""
SELECT address, kind, identity, at, words FROM temp.told
WHERE subscriber = 0 AND address <> '' AND kind IN ({mail_event_sql.quoted(NOES)}) ORDER BY at
"""
_BY_EVENTS = frozenset({Ground.SOFT, Ground.BOUNCED})
"""Grounds that events lay, and may take back."""


class _Judged(NamedTuple):
    """A reader who is judged, and how they stand before that."""

    number: int
    address: str
    history: History
    known: Standing | None


def apply(connection: Connection, rules: Rules, origin: Origin, kept: Kept, *, now: datetime) -> None:
    """Judges everybody of whom the events laid out tell something that matters."""
    driver = driver_of(connection)
    numbers = {number for (number,) in driver.execute(_TO_JUDGE, (Ground.SOFT.value,))}
    for issue in _issues_told(driver):
        if _doubt_changes(driver, issue, rules):
            numbers |= _gone(driver, issue)
    _judge_all(connection, numbers, rules, origin, kept, now)
    for address, *told in driver.execute(_NOES_OF_OUTSIDERS).fetchall():
        _judge_outsider(connection, address, _event(*told), rules, kept)


def believe(connection: Connection, issue: str, rules: Rules, origin: Origin, *, now: datetime) -> Kept:
    """See `MailEvents.believe`."""
    driver, kept = driver_of(connection), Kept()
    driver.execute("UPDATE issue SET bounces = ? WHERE id = ?", (_BELIEVED, issue))
    _judge_all(connection, _gone(driver, issue), rules, origin, kept, now)
    return kept


def _issues_told(driver: sqlite3.Connection) -> list[str]:
    return [issue for (issue,) in driver.execute("SELECT DISTINCT issue FROM temp.told WHERE issue <> ''")]


def _doubt_changes(driver: sqlite3.Connection, issue: str, rules: Rules) -> bool:
    """Looks whether so many letters of an issue bounced hard that a server must be the cause; whether that is news."""
    accepted, before = driver.execute("SELECT accepted, bounces FROM issue WHERE id = ?", (issue,)).fetchone()
    told = driver.execute("SELECT 1 FROM temp.told WHERE issue = ? AND kind = ? LIMIT 1", (issue, _HARD)).fetchone()
    if before == _BELIEVED or not (told or before):
        return False
    (gone,) = driver.execute(mail_event_sql.COUNT_WITH, (issue, _HARD)).fetchone()
    now = _DOUBTED if rules.is_server(max(0, accepted - gone), gone) else ""
    if now != before:
        driver.execute("UPDATE issue SET bounces = ? WHERE id = ?", (now, issue))
    return bool(now != before)


def _gone(driver: sqlite3.Connection, issue: str) -> set[int]:
    return {number for (number,) in driver.execute(mail_event_sql.READERS_WITH, (issue, _HARD))}


def _judge_all(
    connection: Connection, numbers: Iterable[int], rules: Rules, origin: Origin, kept: Kept, now: datetime
) -> None:
    driver = driver_of(connection)
    doubted = frozenset(issue for (issue,) in driver.execute("SELECT id FROM issue WHERE bounces = ?", (_DOUBTED,)))
    for number in sorted(numbers):
        judged = _look(driver, number, doubted)
        ruling = rules.judge(judged.history)
        if ruling or judged.known:
            _do(connection, judged, ruling, origin, kept, now)


def _look(driver: sqlite3.Connection, number: int, doubted: frozenset[str]) -> _Judged:
    address, yes_at, allowed_at, ground, since = driver.execute(mail_event_sql.READER, (number,)).fetchone()
    history = History(
        events=mail_event_sql.events_of(driver, number),
        issues=tuple(issue for (issue,) in driver.execute(mail_event_sql.ISSUES_OF_LETTERS, (number,))),
        doubted=doubted,
        yes_at=None if yes_at is None else to_instant(yes_at),
        allowed_at=None if allowed_at is None else to_instant(allowed_at),
    )
    known = None if ground is None else Standing(address, ground_of(ground), to_instant(since))
    return _Judged(number, address, history, known)


def _do(
    connection: Connection, judged: _Judged, ruling: Ruling | None, origin: Origin, kept: Kept, now: datetime
) -> None:
    """Makes the suppressions say what was ruled, and the record of consent when that is something else than before."""
    number, address, history, known = judged
    if known and _is_ours(known, history) and not _says(known, ruling):
        lift(connection, known)
        known = None
    laid = ruling is not None and lay(connection, address, ruling.ground, ruling.reason, at=ruling.at)
    before = judged.known.ground if judged.known else None
    if ruling and laid and ruling.ground is not before:
        kept.suppressed += 1
        note(connection, number, ACT_OF[ruling.ground], replace(origin, words=ruling.reason), at=ruling.at)
        if is_said(ruling.ground):
            sign_ups.drop(connection, address, asked_until=ruling.at)
    elif before and not (known or laid):
        kept.lifted += 1
        note(connection, number, Act.REACHED, origin, at=now)


def _is_ours(known: Standing, history: History) -> bool:
    """Whether events laid a ground: it bears the instant of one of them."""
    return known.ground in _BY_EVENTS and any(event.at == known.since for event in history.events)


def _says(known: Standing, ruling: Ruling | None) -> bool:
    return ruling is not None and (known.ground, known.since) == (ruling.ground, ruling.at)


def _judge_outsider(connection: Connection, address: str, event: MailEvent, rules: Rules, kept: Kept) -> None:
    """An address that is on no list must not come onto one. Nothing else is noted of it."""
    yes_at, allowed_at = last_yes(connection, address)
    ruling = rules.judge(History(events=(event,), yes_at=yes_at, allowed_at=allowed_at))
    if ruling and lay(connection, address, ruling.ground, ruling.reason, at=ruling.at):
        kept.suppressed += 1


def _event(kind: str, identity: bytes, at: int, words: str) -> MailEvent:
    return MailEvent(kind=EventKind(kind), at=to_instant(at), identity=identity, words=words)
