"""Grounds why nobody may write to an address: how they are found, laid and lifted, within a transaction.

Somebody who was forgotten stands in the suppressions under a mark: a hash of the address under a salt of this store.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or_leave

from digest.model import consent as rules
from digest.model.readers import Act, Ground
from digest.record.quick import Quick
from digest.record.reader_rows import ground_of, know
from digest.record.schema import consent, instance, roster, subscriber, suppression

_SALT = "forgetting"


class Standing(NamedTuple):
    """A suppression: `stored` is the address or, of somebody forgotten, the mark."""

    stored: str
    ground: Ground
    since: datetime

    @property
    def is_mark(self) -> bool:
        return "@" not in self.stored


def standing(connection: Connection, address: str) -> Standing | None:
    """Why nobody may write to an address; None if one may."""
    row = _EITHER.first(connection, address=address, mark=mark_of(connection, address) or address)
    return Standing(row.address, ground_of(row.ground), row.since) if row else None


def lay(connection: Connection, address: str, ground: Ground, reason: str, *, at: datetime) -> bool:
    """A no that was said at `at`. False when it does not count any more, or adds nothing to what is known.

    Of two words with the same ground the first date stays, in whatever order they come.
    """
    yes_at, allowed_at = last_yes(connection, address)
    if not rules.counts(ground, at, yes_at=yes_at, allowed_at=allowed_at):
        return False
    known = standing(connection, address)
    if known is None:
        _ADD.run(connection, address=address, ground=ground.value, reason=reason, since=at)
        return True
    if rules.is_stronger(ground, known.ground):
        _change(connection, known, ground=ground, reason="" if known.is_mark else reason, since=at)
        return True
    if known.ground is ground and at < known.since:
        _change(connection, known, reason="" if known.is_mark else reason, since=at)
    return False


def lift(connection: Connection, known: Standing) -> None:
    """Takes a suppression back."""
    connection.execute(delete(suppression).where(suppression.c.address == known.stored))
    if known.is_mark:
        # The file may name them, and its last reading passed them over: it has to be read once more.
        connection.execute(update(roster).values(stamp=""))


def name(connection: Connection, known: Standing, address: str) -> None:
    """Puts the address in place of a mark."""
    _change(connection, known, address=address)


def mark_of(connection: Connection, address: str) -> str:
    """What stands for an address once it is forgotten; empty while nobody ever was."""
    salt = _SALT_KEPT.value(connection)
    return _mark(salt, address) if salt else ""


def forgotten(connection: Connection) -> Callable[[str], bool] | None:
    """Tells of any address whether it was forgotten, for many of them; None where nobody ever was."""
    salt = _SALT_KEPT.value(connection)
    stored = select(suppression.c.address).where(suppression.c.address.like("#%"))
    marks = frozenset(connection.execute(stored).scalars())
    return (lambda address: _mark(salt, address) in marks) if salt and marks else None


def make_mark(connection: Connection, address: str) -> str:
    """The same, when somebody is to be forgotten: with the first one the store gets its salt."""
    salt = insert_or_leave(instance).values(key=_SALT, value=secrets.token_urlsafe(32))
    connection.execute(salt.on_conflict_do_nothing())
    return mark_of(connection, address)


def known_number(connection: Connection, address: str) -> int:
    """The number under which to note a word about an address; 0 for one that is forgotten and must stay so."""
    known = standing(connection, address)
    return 0 if known and known.is_mark else know(connection, address)


def _mark(salt: str, address: str) -> str:
    return "#" + blake2b(address.casefold().encode(), key=salt.encode(), digest_size=32).hexdigest()


def _change(connection: Connection, known: Standing, **values: object) -> None:
    connection.execute(update(suppression).where(suppression.c.address == known.stored).values(**values))


def last_yes(connection: Connection, address: str) -> tuple[datetime | None, datetime | None]:
    """When the reader or the operator last said yes, and when the operator did."""
    row = _YESES.first(connection, wanted=address)
    return (row.yes_at, row.allowed_at) if row else (None, None)


def _yeses() -> Select[Any]:
    allowed = (
        select(func.max(consent.c.at))
        .where(consent.c.subscriber == subscriber.c.key, consent.c.act == Act.ALLOWED.value)
        .scalar_subquery()
        .label("allowed_at")
    )
    return select(subscriber.c.yes_at, allowed).where(subscriber.c.address == bindparam("wanted"))


_EITHER = Quick(lambda: select(suppression).where(suppression.c.address.in_([bindparam("address"), bindparam("mark")])))
_ADD = Quick(lambda: insert(suppression), writes=("address", "ground", "reason", "since"))
_SALT_KEPT = Quick(lambda: select(instance.c.value).where(instance.c.key == _SALT))
_YESES = Quick(_yeses)
