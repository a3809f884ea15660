"""Sign-ups that wait to be confirmed, within a transaction."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from digest.model import consent as rules
from digest.model.readers import Act, Choice, Origin, SignUp
from digest.record import grounds
from digest.record.quick import Quick
from digest.record.reader_rows import choice_columns, choice_of, know, note, origin_columns, sign_up_of, waiting
from digest.record.schema import sign_up, subscriber


def ask(connection: Connection, address: str, choice: Choice, origin: Origin, *, now: datetime) -> SignUp:
    """See `Readers.ask`."""
    said: dict[str, Any] = {**choice_columns(choice), **origin_columns(origin), "asked_at": now}
    return sign_up_of(_ASK.first(connection, address=address, nonce=secrets.token_urlsafe(16), **said))


def confirm(connection: Connection, key: int, nonce: str, *, since: datetime, now: datetime) -> int:
    """Makes a reader of a sign-up. Gives the number, 0 where no such sign-up waits."""
    asked = waiting(connection, key)
    if asked is None or asked.asked_at < since or not secrets.compare_digest(asked.nonce.encode(), nonce.encode()):
        return 0
    connection.execute(delete(sign_up).where(sign_up.c.key == key))
    known = grounds.standing(connection, asked.address)
    if known and rules.is_lifted_by_reader(known.ground):
        grounds.lift(connection, known)
    elif known and known.is_mark:
        # The operator's no has outlived the erasure. The address is known again by the reader's own word.
        grounds.name(connection, known, asked.address)
    number = know(connection, asked.address)
    _join(connection, number, asked.choice, now)
    note(connection, number, Act.ASKED, asked.origin, at=asked.asked_at)
    note(connection, number, Act.CONFIRMED, asked.origin, at=now)
    return number


def expire(connection: Connection, *, before: datetime) -> int:
    """See `Readers.expire`."""
    return connection.execute(delete(sign_up).where(sign_up.c.asked_at < before)).rowcount


def count_letter(connection: Connection, key: int, *, now: datetime) -> None:
    """See `Readers.letter_went`."""
    values = {"letters": sign_up.c.letters + 1, "last_letter_at": now}
    connection.execute(update(sign_up).where(sign_up.c.key == key).values(values))


def drop(connection: Connection, address: str, *, asked_until: datetime) -> None:
    """Drops a sign-up of somebody who said no after it."""
    _DROP.run(connection, wanted=address, until=asked_until)


def _join(connection: Connection, number: int, choice: Choice, now: datetime) -> None:
    """What the form did not ask for stays as it was known."""
    row = connection.execute(select(subscriber).where(subscriber.c.key == number)).one()
    known = choice_of(row)
    whole = replace(
        choice,
        name=choice.name or known.name,
        language=choice.language or known.language,
        timezone=choice.timezone or known.timezone,
    )
    values = {**choice_columns(whole), "own": True, "yes_at": now, "joined": row.joined or now}
    connection.execute(update(subscriber).where(subscriber.c.key == number).values(values))


def _asking() -> Any:
    """Adds a sign-up, or puts what is said now in place of what was."""
    row = insert(sign_up)
    anew = row.on_conflict_do_update(index_elements=["address"], set_={name: row.excluded[name] for name in _SAID})
    return anew.returning(sign_up)


def _dropping() -> Any:
    return delete(sign_up).where(sign_up.c.address == bindparam("wanted"), sign_up.c.asked_at <= bindparam("until"))


_SAID = (*choice_columns(Choice()), *origin_columns(Origin(how="")), "asked_at")
_DROP = Quick(_dropping)
_ASK = Quick(_asking, writes=("address", "nonce", *_SAID))
