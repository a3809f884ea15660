"""How the readership stands, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, func, select

from digest.model.readers import Census, Ground, Rhythm
from digest.record.reader_rows import ground_of
from digest.record.roster_reading import last_number
from digest.record.schema import sign_up, subscriber, suppression

_Key = TypeVar("_Key", bound=str)


def census(connection: Connection) -> Census:
    """See `Readers.census`."""
    is_listed = subscriber.c.listed == (last_number(connection) or None)
    listed, signed_up = _origins(connection, is_listed)
    reader = (is_listed | subscriber.c.joined.is_not(None)) & ~_is_suppressed()
    choices = connection.execute(
        select(*subscriber.c["rhythm", "language", "categories"], func.count().label("readers"))
        .where(reader)
        .group_by(*subscriber.c["rhythm", "language", "categories"])
    ).all()
    return Census(
        readers=listed + signed_up,
        listed=listed,
        signed_up=signed_up,
        pending=connection.execute(select(func.count()).select_from(sign_up)).scalar_one(),
        suppressed=_suppressed(connection),
        rhythms=_sum((Rhythm(row.rhythm or Rhythm.WEEKLY), row.readers) for row in choices),
        languages=_sum((row.language, row.readers) for row in choices),
        sections=_sum((section, row.readers) for row in choices for section in row.categories.split("\n") if section),
    )


def _origins(connection: Connection, is_listed: ColumnElement[bool]) -> tuple[int, int]:
    """Readers whom the file has, and those who are there by their sign-up alone."""
    by_word = subscriber.c.joined.is_not(None) & ~is_listed
    counted = select(func.count().filter(is_listed), func.count().filter(by_word)).where(~_is_suppressed())
    listed, signed_up = connection.execute(counted.select_from(subscriber)).one()
    return int(listed), int(signed_up)


def _is_suppressed() -> ColumnElement[bool]:
    return select(suppression.c.address).where(suppression.c.address == subscriber.c.address).exists()


def _suppressed(connection: Connection) -> dict[Ground, int]:
    rows = connection.execute(select(suppression.c.ground, func.count()).group_by(suppression.c.ground)).all()
    found = Counter[Ground]()
    for written, number in rows:
        found[ground_of(written)] += number
    return {ground: found[ground] for ground in Ground if found[ground]}


def _sum(pairs: Iterable[tuple[_Key, int]]) -> dict[_Key, int]:
    found = Counter[_Key]()
    for key, readers in pairs:
        found[key] += readers
    return dict(found.most_common())
