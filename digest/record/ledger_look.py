"""Looking things up in the ledger: single letters, lists of them, and what they come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from digest.model import HeldBatch, LetterRecord, LetterState
from digest.record import ledger_sql
from digest.record.database import driver_of
from digest.record.instants import to_instant
from digest.record.schema import batch, issue, letter, sender, subscriber

_MANY = 1000


def letters(connection: Connection, issue_id: str, state: LetterState | None) -> Iterator[LetterRecord]:
    """The letters of an issue that are in that state (None: all), in the order of the list."""
    query = _letters().where(letter.c.issue == issue_id).order_by(letter.c.subscriber)
    if state is not None:
        query = query.where(letter.c.state == state.value)
    rows = connection.execution_options(yield_per=_MANY).execute(query)
    return map(_record, rows)


def letters_to(connection: Connection, address: str, issue_id: str = "") -> tuple[LetterRecord, ...]:
    """What the ledger knows of the letters to an address, of one issue or of all, the newest issue first."""
    query = _letters().where(subscriber.c.address == address).order_by(letter.c.issue.desc())
    # The letters' key begins with the issue: without one, those of all issues are looked up.
    query = query.where(letter.c.issue.in_([issue_id] if issue_id else select(issue.c.id)))
    return tuple(map(_record, connection.execute(query)))


def next_due(connection: Connection, issue_id: str) -> datetime | None:
    """From when on the next owed letter may be sent."""
    return _due(connection, ledger_sql.NEXT_DUE, issue_id)


def last_due(connection: Connection, issue_id: str) -> datetime | None:
    """From when on the last owed letter may be sent."""
    return _due(connection, ledger_sql.LAST_DUE, issue_id)


def _due(connection: Connection, statement: str, issue_id: str) -> datetime | None:
    found = driver_of(connection).execute(statement, (issue_id,)).fetchone()
    return to_instant(found[0]) if found else None


def held(connection: Connection, issue_id: str, after: datetime) -> tuple[HeldBatch, ...]:
    """The accepted batches that a provider keeps until an instant `after` that one, those to go last first."""
    query = (
        select(batch)
        .where(batch.c.issue == issue_id, batch.c.state == "settled", batch.c.letters > 0)
        .where(batch.c.reference != "", batch.c.send_at > after)
        .order_by(batch.c.send_at.desc(), batch.c.number.desc())
    )
    return tuple(
        HeldBatch(number=row.number, letters=row.letters, reference=row.reference, send_at=row.send_at)
        for row in connection.execute(query)
    )


def recalled(connection: Connection, before: datetime) -> tuple[str, ...]:
    """The references of batches that were called back and whose time has passed."""
    query = select(batch.c.reference).where(
        batch.c.state == "recalled", batch.c.reference != "", batch.c.send_at < before
    )
    return tuple(connection.execute(query).scalars())


def words(connection: Connection, issue_id: str, state: LetterState) -> Mapping[str, int]:
    """How many letters are in that state for each of the reasons that were given, the most frequent first."""
    number, said = func.count().label("letters"), func.coalesce(letter.c.words, "")
    query = (
        select(said.label("words"), number)
        .where(letter.c.issue == issue_id, letter.c.state == state.value)
        .group_by(said)
        .order_by(number.desc())
        .limit(_MANY)
    )
    return {row.words: row.letters for row in connection.execute(query)}


def _letters() -> Select[Any]:
    return (
        select(
            letter,
            subscriber.c.address,
            subscriber.c.name,
            issue.c.segment,
            sender.c.name.label("sender_name"),
            batch.c.provider,
            batch.c.reference,
            batch.c.send_at,
            batch.c.claimed_at,
            batch.c.provider_id.label("batch_id"),
        )
        .join(subscriber, subscriber.c.key == letter.c.subscriber)
        .join(issue, issue.c.id == letter.c.issue)
        .outerjoin(batch, batch.c.number == letter.c.batch)
        .outerjoin(sender, sender.c.key == batch.c.sender)
    )


def _record(row: Row[Any]) -> LetterRecord:
    accepted = row.state == LetterState.ACCEPTED.value
    return LetterRecord(
        key=row.subscriber,
        issue=row.issue,
        address=row.address,
        name=row.name,
        state=LetterState(row.state),
        words=row.words or "",
        attempts=row.attempts,
        due=row.due,
        sender=row.sender_name or "",
        claimed_at=row.claimed_at,
        settled_at=row.settled_at,
        provider=row.provider or "",
        provider_id=row.provider_id or (row.batch_id if accepted else "") or "",
        reference=row.reference or "",
        send_at=row.send_at,
        segment=row.segment,
    )
