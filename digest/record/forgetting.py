"""Erasing somebody from the store. What remains is a mark in the suppressions, and a number that is nobody's."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, update

from digest.model import consent as rules
from digest.model.roster import ERASED, SUPPRESSED
from digest.record.counts import count, finish
from digest.record.database import driver_of
from digest.record.grounds import make_mark, standing
from digest.record.instants import to_number
from digest.record.roster_reading import last_number
from digest.record.schema import (
    consent,
    errand,
    issue,
    mail_event,
    roster,
    roster_fault,
    sign_up,
    subscriber,
    suppression,
)

FORGOTTEN = "forgotten"
"""Why a letter was left out, of somebody who was erased."""

_OWED = """
UPDATE letter SET state = 'left_out', settled_at = :now
WHERE issue = :issue AND subscriber = :number AND state = 'owed'
"""
_WORDS = """
UPDATE letter SET words = CASE state WHEN 'left_out' THEN :words END
WHERE subscriber = :number AND issue IN (SELECT id FROM issue)
"""


def forget(connection: Connection, address: str, *, now: datetime) -> bool:
    """See `Readers.forget`."""
    known = standing(connection, address)
    number = connection.execute(select(subscriber.c.key).where(subscriber.c.address == address)).scalar_one_or_none()
    waited = connection.execute(delete(sign_up).where(sign_up.c.address == address)).rowcount
    waited += connection.execute(delete(errand).where(errand.c.address == address)).rowcount
    if not waited and number is None and (known is None or known.is_mark):
        return False
    _leave_mark(connection, address, now)
    if number is not None:
        _blank_letters(connection, number, now)
    _drop_words(connection, address, number)
    if number is not None:
        _tell_operator(connection, number)
        _bury(connection, number)
    return True


def _leave_mark(connection: Connection, address: str, now: datetime) -> None:
    known = standing(connection, address)
    if known and known.is_mark:
        return
    connection.execute(delete(suppression).where(suppression.c.address == address))
    ground = rules.after_forgetting(known.ground if known else None)
    mark = make_mark(connection, address)
    connection.execute(insert(suppression).values(address=mark, ground=ground, reason="", since=now))


def _bury(connection: Connection, number: int) -> None:
    """Leaves nothing of a row but its number, which SQLite would give to the next one if the row were gone."""
    connection.execute(delete(consent).where(consent.c.subscriber == number))
    blank = {column.name: "" for column in subscriber.c if column.name in _TEXTS}
    values = {**blank, "address": f"#{number}", "line": 0, "listed": 0, "joined": None, "yes_at": None, "own": False}
    connection.execute(update(subscriber).where(subscriber.c.key == number).values(values))


def _tell_operator(connection: Connection, number: int) -> None:
    """A row in the operator's own file is theirs to take out. What its last reading came to does not hold any more."""
    reading = last_number(connection)
    in_the_file = subscriber.c.listed.in_([reading, -reading] if reading else [])
    line = connection.execute(
        select(subscriber.c.line).where(subscriber.c.key == number, in_the_file)
    ).scalar_one_or_none()
    if line is not None:
        fault = {"line": line, "address": "", "reason": SUPPRESSED, "detail": ERASED}
        connection.execute(insert(roster_fault).values(**fault))
        connection.execute(update(roster).values(stamp=""))


def _blank_letters(connection: Connection, number: int, now: datetime) -> None:
    driver = driver_of(connection)
    for issue_id in connection.execute(select(issue.c.id)).scalars().all():
        values = {"issue": issue_id, "number": number, "now": to_number(now)}
        if owed := driver.execute(_OWED, values).rowcount:
            count(driver, issue_id, {"owed": -owed, "left_out": owed})
            finish(driver, issue_id)
    driver.execute(_WORDS, {"number": number, "words": FORGOTTEN})


def _drop_words(connection: Connection, address: str, number: int | None) -> None:
    """What servers and lists said of them."""
    theirs = [mail_event.c.subscriber == (number or -1), *_naming(address, *mail_event.c["words", "url"])]
    connection.execute(delete(mail_event).where(or_(*theirs)))
    connection.execute(delete(roster_fault).where(or_(*_naming(address, *roster_fault.c["address", "detail"]))))


def _naming(address: str, *columns: ColumnElement[str]) -> list[ColumnElement[bool]]:
    return [func.instr(func.lower(column), address.casefold()) > 0 for column in columns]


_TEXTS = frozenset({"name", "categories", "timezone", "domain", "reason", "detail", "rhythm", "language"})
