"""Readers, their choices, sign-ups and lines of the record of consent, as the store's rows hold them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select
from sqlalchemy.dialects.sqlite import insert as insert_or_leave

from digest.model.readers import Act, Choice, Consent, Ground, Origin, Reader, Rhythm, SignUp
from digest.record.quick import Quick
from digest.record.schema import consent, intake, roster, sign_up, subscriber, suppression

IS_SOMEBODY = func.instr(subscriber.c.address, "@") > 0
"""Whether a row still has an address: somebody who was forgotten has none."""


def readers() -> Select[Any]:
    """Everybody who is known, with what `reader_of` wants."""
    return (
        select(
            *subscriber.c["key", "address", "name", "categories", "rhythm", "language", "timezone"],
            *subscriber.c["listed", "joined", "own"],
            suppression.c.ground,
            suppression.c.since,
            select(roster.c.reading).scalar_subquery().label("reading"),
        )
        .select_from(subscriber.outerjoin(suppression, suppression.c.address == subscriber.c.address))
        .where(IS_SOMEBODY)
    )


READER_BY_NUMBER = Quick(lambda: readers().where(subscriber.c.key == bindparam("number")))
"""One of `readers`, the one with `number`."""
READER_BY_ADDRESS = Quick(lambda: readers().where(subscriber.c.address == bindparam("wanted")))
"""One of `readers`, the one with `wanted` as address."""


def reader_of(row: Row[Any]) -> Reader:
    """The reader of a row of `readers`."""
    return Reader(
        number=row.key,
        address=row.address,
        choice=choice_of(row),
        is_listed=row.listed > 0 and row.listed == row.reading,
        joined_at=row.joined,
        own_choice=row.own,
        ground=None if row.ground is None else ground_of(row.ground),
        suppressed_since=row.since,
    )


def ground_of(written: str) -> Ground:
    """The ground of a suppression; one without counts as the operator's."""
    return Ground(written) if written else Ground.BY_HAND


def choice_of(row: Row[Any]) -> Choice:
    """The choice that the columns of a reader or a sign-up hold."""
    return Choice(
        sections=tuple(row.categories.split("\n")) if row.categories else (),
        rhythm=Rhythm(row.rhythm or Rhythm.WEEKLY),
        language=row.language,
        timezone=row.timezone,
        name=row.name,
    )


def choice_columns(choice: Choice) -> dict[str, str]:
    """The same, to be written. Weekly is the rule and so is written as nothing."""
    return {
        "name": choice.name,
        "categories": "\n".join(choice.sections),
        "rhythm": "" if choice.rhythm is Rhythm.WEEKLY else choice.rhythm.value,
        "language": choice.language,
        "timezone": choice.timezone,
    }


def sign_up_of(row: Row[Any]) -> SignUp:
    """The sign-up of a row."""
    return SignUp(
        key=row.key,
        address=row.address,
        nonce=row.nonce,
        choice=choice_of(row),
        asked_at=row.asked_at,
        origin=origin_of(row),
        letters=row.letters,
        last_letter_at=row.last_letter_at,
    )


def origin_of(row: Row[Any]) -> Origin:
    """From where a word came."""
    return Origin(how=row.how, network=row.network, form=row.form, words=row.words, language=row.words_language)


def origin_columns(origin: Origin) -> dict[str, str]:
    """The same, to be written."""
    return {
        "how": origin.how,
        "network": origin.network,
        "form": origin.form,
        "words": origin.words,
        "words_language": origin.language,
    }


def know(connection: Connection, address: str) -> int:
    """The number of an address, which it gets if it has none yet."""
    _ADD.run(connection, address=address, domain=address.rpartition("@")[2])
    return int(_NUMBER.value(connection, wanted=address))


def note(connection: Connection, number: int, act: Act, origin: Origin, *, at: datetime) -> None:
    """Writes a line of the record of consent."""
    _LINE.run(connection, subscriber=number, at=at, act=act.value, **origin_columns(origin))


def record_of(connection: Connection, address: str) -> tuple[Consent, ...]:
    """The lines of an address, the oldest first. An import of a million is told once, in `intake`."""
    query = (
        select(consent)
        .join(subscriber, subscriber.c.key == consent.c.subscriber)
        .where(subscriber.c.address == address)
        .order_by(consent.c.at, consent.c.key)
    )
    lines = [Consent(act=Act(row.act), at=row.at, origin=origin_of(row)) for row in connection.execute(query)]
    imported = select(intake).join(subscriber, subscriber.c.joined == intake.c.at)
    for row in connection.execute(imported.where(subscriber.c.address == address)):
        origin = Origin(how=row.how, form=row.form, words=row.words)
        lines.append(Consent(act=Act.IMPORTED, at=row.at, origin=origin))
    return tuple(sorted(lines, key=lambda line: line.at))


def waiting(connection: Connection, key: int) -> SignUp | None:
    """The sign-up of that key, while it waits."""
    row = _WAITING.first(connection, wanted=key)
    return sign_up_of(row) if row else None


_ORIGIN = tuple(origin_columns(Origin(how="")))
_ADD = Quick(lambda: insert_or_leave(subscriber).on_conflict_do_nothing(), writes=("address", "domain"))
_NUMBER = Quick(lambda: select(subscriber.c.key).where(subscriber.c.address == bindparam("wanted")))
_LINE = Quick(lambda: insert(consent), writes=("subscriber", "at", "act", *_ORIGIN))
_WAITING = Quick(lambda: select(sign_up).where(sign_up.c.key == bindparam("wanted")))
