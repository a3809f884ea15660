"""Readers as the store keeps them: what each said, in the order in which it was said, and how they stand.

Every word of a reader is one transaction: the change and its line in the record of consent together, or nothing.
`grounds`, `sign_ups` and `forgetting` do the work, `model.consent` has the rules.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from datetime import datetime

from sqlalchemy import select, update

from digest.model import consent as rules
from digest.model.readers import Act, Census, Choice, Consent, Ground, Origin, Reader, SignUp, WhyLeft
from digest.record import censuses, forgetting, grounds, joining, reasons, sign_ups
from digest.record.database import Database
from digest.record.reader_rows import (
    IS_SOMEBODY,
    READER_BY_ADDRESS,
    READER_BY_NUMBER,
    choice_columns,
    note,
    reader_of,
    readers,
    record_of,
    waiting,
)
from digest.record.schema import subscriber

UNSUBSCRIBED = "unsubscribed"
"""The words of leaving, where the reader gave none."""


class Readers:
    """Addresses come normalised; letter case is ignored besides. Instants are aware, in UTC."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, address: str) -> Reader | None:
        """Who has that address; None for somebody whom the store does not know (or knows as a hash alone)."""
        with self._database.reading() as connection:
            row = READER_BY_ADDRESS.first(connection, wanted=address)
        return reader_of(row) if row else None

    def numbered(self, number: int) -> Reader | None:
        """Who has that number; None where nobody has, or they were forgotten."""
        with self._database.reading() as connection:
            row = READER_BY_NUMBER.first(connection, number=number)
        return reader_of(row) if row else None

    def ground_of(self, address: str) -> Ground | None:
        """Why nobody may write to an address, forgotten ones included; None if one may."""
        with self._database.reading() as connection:
            known = grounds.standing(connection, address)
        return known.ground if known else None

    def ask(self, address: str, choice: Choice, origin: Origin, *, now: datetime) -> SignUp:
        """Keeps that somebody asked for letters, until it is confirmed. Who asks again before that replaces choice and
        origin, keeps the nonce, and the count of letters goes on. Changes nothing about how they stand."""
        with self._database.writing() as connection:
            return sign_ups.ask(connection, address, choice, origin, now=now)

    def pending(self, key: int) -> SignUp | None:
        """The sign-up of that key, while it waits."""
        with self._database.reading() as connection:
            return waiting(connection, key)

    def letter_went(self, key: int, *, now: datetime) -> None:
        """Counts a confirmation letter of a sign-up."""
        with self._database.writing() as connection:
            sign_ups.count_letter(connection, key, now=now)

    def confirm(self, key: int, nonce: str, *, since: datetime, now: datetime) -> Reader | None:
        """The last word is yes: they are on the list by their own word, with their choice as it was asked for (a name,
        language or time zone that was not asked for stays), and a ground that is theirs to lift (unsubscribed, bounced,
        could not be reached, forgotten) is lifted. BY_HAND and COMPLAINED stay. The sign-up is used up. None where no
        such sign-up waits, or it was asked for before `since`.
        """
        with self._database.writing() as connection:
            number = sign_ups.confirm(connection, key, nonce, since=since, now=now)
        return self.numbered(number)

    def leave(self, number: int, origin: Origin, *, now: datetime) -> bool:
        """The last word is no: suppressed as UNSUBSCRIBED, no sign-up waits any more, letters still owed are left out
        when their turn comes. False when they had left already; the first date stays."""
        reason = origin.words or UNSUBSCRIBED
        with self._database.as_one():
            reader = self.numbered(number)
            if reader is None:
                return False
            return self.suppress(reader.address, Ground.UNSUBSCRIBED, reason, origin, at=now, now=now)

    def undo_leaving(self, number: int, origin: Origin, *, left_since: datetime, now: datetime) -> bool:
        """Takes leaving back, if they left at or after `left_since` and nothing stronger was said since."""
        with self._database.writing() as connection:
            row = connection.execute(select(subscriber.c.address).where(subscriber.c.key == number)).one_or_none()
            known = grounds.standing(connection, row.address) if row else None
            if known is None or known.ground is not Ground.UNSUBSCRIBED or known.since < left_since:
                return False
            grounds.lift(connection, known)
            connection.execute(update(subscriber).where(subscriber.c.key == number).values(yes_at=now))
            note(connection, number, Act.CAME_BACK, origin, at=now)
            return True

    def say_why(self, number: int, why: WhyLeft) -> bool:
        """Why they left. False for somebody who has not."""
        with self._database.writing() as connection:
            return reasons.keep(connection, number, why)

    def choose(self, number: int, choice: Choice, origin: Origin, *, now: datetime) -> None:
        """Their own choice from now on; the file does not change it any more. Leaves alone whether they get letters.
        Of a number that is nobody's it changes nothing."""
        chosen = update(subscriber).where(subscriber.c.key == number, IS_SOMEBODY)
        with self._database.writing() as connection:
            if connection.execute(chosen.values(own=True, **choice_columns(choice))).rowcount:
                note(connection, number, Act.CHOSE, origin, at=now)

    def suppress(
        self, address: str, ground: Ground, reason: str, origin: Origin, *, at: datetime, now: datetime
    ) -> bool:
        """Somebody (provider, operator, a mail that came back) says no for them, at `at`. A no from before their last
        yes does not count, but for BY_HAND and COMPLAINED, against which only the operator's yes does. The stronger
        ground stays, and of equal ones the first date. False when nobody's standing changed by it."""
        said = min(at, now)
        with self._database.writing() as connection:
            if not grounds.lay(connection, address, ground, reason, at=said):
                return False
            if number := grounds.known_number(connection, address):
                note(connection, number, rules.ACT_OF[ground], origin, at=said)
            if rules.is_said(ground):
                sign_ups.drop(connection, address, asked_until=said)
            return True

    def allow(self, address: str, origin: Origin, *, now: datetime) -> bool:
        """The operator takes every ground back, COMPLAINED and FORGOTTEN too. False when there was none."""
        with self._database.writing() as connection:
            known = grounds.standing(connection, address)
            if known is None:
                return False
            grounds.lift(connection, known)
            number = grounds.known_number(connection, address)
            connection.execute(update(subscriber).where(subscriber.c.key == number).values(yes_at=now))
            note(connection, number, Act.ALLOWED, origin, at=now)
            return True

    def forget(self, address: str, *, now: datetime) -> bool:
        """Erases somebody: what remains is a salted hash in the suppressions, so that no list brings them back. Their
        letters stay in the counts as nobody's. Nothing of address, name, choice, record of consent, errands, events or
        words of servers is left, in the pages of the file neither. False when nothing was known."""
        with self._database.writing() as connection:
            known = forgetting.forget(connection, address, now=now)
        if known:
            self._database.fold_log()
        return known

    def record_of(self, address: str) -> tuple[Consent, ...]:
        """The record of consent, oldest first."""
        with self._database.reading() as connection:
            return record_of(connection, address)

    def add(self, address: str, choice: Choice, act: Act, origin: Origin, *, now: datetime) -> bool:
        """Puts somebody on the list by the operator's word (an import). A ground stays a ground. False when they were
        on it by themselves already (their own choice stays then), were forgotten, or the file says no."""
        with self._database.writing() as connection:
            return joining.add(connection, address, choice, act, origin, now=now)

    def add_all(self, people: Iterable[tuple[str, Choice]], act: Act, origin: Origin, *, now: datetime) -> int:
        """The same for many, in one transaction. How many were added."""
        with self._database.writing() as connection:
            return sum(joining.add(connection, who, choice, act, origin, now=now) for who, choice in people)

    def iterate(self) -> Generator[Reader, None, None]:
        """Everybody who is known, by number; memory does not grow. Run it to its end or close it."""
        with self._database.reading() as connection:
            found = connection.execution_options(yield_per=1000).execute(readers().order_by(subscriber.c.key))
            yield from map(reader_of, found)

    def census(self) -> Census:
        """How the readership stands."""
        with self._database.reading() as connection:
            return censuses.census(connection)

    def expire(self, *, before: datetime) -> int:
        """Drops sign-ups that nobody confirmed, asked for before that. Returns how many."""
        with self._database.writing() as connection:
            return sign_ups.expire(connection, before=before)
