"""Errands in the store: queued by a request, claimed by one of those who send, gone when they left.

A claim is a lease. Who dies with one has perhaps sent the letter, so its errand ends as UNKNOWN and is not sent again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Update, and_, delete, func, insert, or_, select, update

from digest.model.errands import LASTS, NO_HOLD, Errand, ErrandKind, ErrandState, Hold
from digest.record.database import Database
from digest.record.quick import Quick
from digest.record.schema import errand

LEASE = timedelta(minutes=10)
"""Longer than any provider lets one letter wait."""
_KEPT = timedelta(days=7)  # what was not sent, so that `digest status` can tell it
_QUEUE = Quick(lambda: insert(errand), writes=("kind", "address", "payload", "network", "asked_at", "due"))
_ENDED = (ErrandState.UNKNOWN, ErrandState.GIVEN_UP)


class Errands:
    """Addresses come normalised; letter case is ignored besides. Threads and processes may share it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def queue(
        self, kind: ErrandKind, address: str, payload: Mapping[str, str], *, now: datetime, hold: Hold = NO_HOLD
    ) -> None:
        """Keeps a letter to be sent: one row, whoever the address belongs to."""
        row: dict[str, Any] = {
            "kind": kind.value,
            "address": address,
            "payload": json.dumps(dict(payload)),
            "network": hold.network,
        }
        with self._database.writing() as connection:
            _QUEUE.run(connection, **row, asked_at=now, due=now + hold.lasts)

    def withdraw(self, network: str, *, since: datetime) -> int:
        """Drops what that network has asked for since then and nobody has begun to send. Returns how many."""
        waits = and_(errand.c.state == ErrandState.WAITING.value, errand.c.network == network)
        asked = and_(waits, errand.c.asked_at >= since)
        with self._database.reading() as connection:
            if not connection.execute(select(errand.c.key).where(asked).limit(1)).first():
                return 0
        with self._database.writing() as connection:
            return connection.execute(delete(errand).where(asked)).rowcount

    def is_due(self, *, now: datetime) -> bool:
        """Whether there is one to claim. Keeps nobody from writing."""
        with self._database.reading() as connection:
            return connection.execute(_due(now)).first() is not None

    def claim(self, *, now: datetime) -> Errand | None:
        """The errand that waited longest and is due; from now on it is the caller's to send, and nobody else's."""
        with self._database.writing() as connection:
            row = connection.execute(_due(now)).first()
            if row is None:
                return None
            attempts = row.attempts + 1
            values = {"state": ErrandState.SENDING.value, "due": now + LEASE, "attempts": attempts}
            connection.execute(update(errand).where(errand.c.key == row.key).values(values))
        return _errand_of(row, attempts)

    def drop(self, claimed: Errand) -> None:
        """Nothing is to be sent any more, or it was sent: the errand goes."""
        with self._database.writing() as connection:
            connection.execute(delete(errand).where(errand.c.key == claimed.key))

    def left(self, claimed: Errand) -> None:
        """It left. The row goes; that of ALREADY stays for a day, so that nobody gets two in it."""
        if claimed.kind is ErrandKind.ALREADY:
            self._settle(claimed, {"state": ErrandState.LEFT.value})
        else:
            self.drop(claimed)

    def put_back(self, claimed: Errand, words: str, *, due: datetime) -> None:
        """It did not leave; it is due again then."""
        self._settle(claimed, {"state": ErrandState.WAITING.value, "words": words, "due": due})

    def end(self, claimed: Errand, state: ErrandState, words: str) -> None:
        """It is not tried again: UNKNOWN or GIVEN_UP."""
        self._settle(claimed, {"state": state.value, "words": words})

    def is_told_already(self, claimed: Errand, *, since: datetime) -> bool:
        """Whether another letter of that kind, asked for since then, left to that address, may have, or is leaving at
        this moment by an earlier claim."""
        ended = errand.c.state.in_((ErrandState.LEFT.value, ErrandState.UNKNOWN.value))
        leaving = and_(errand.c.state == ErrandState.SENDING.value, errand.c.key < claimed.key)
        same = and_(errand.c.address == claimed.address, errand.c.kind == claimed.kind.value)
        query = select(errand.c.key).where(same, errand.c.asked_at >= since, or_(ended, leaving))
        with self._database.reading() as connection:
            return connection.execute(query).first() is not None

    def sweep(self, *, now: datetime) -> None:
        """Ends what nobody will send any more, and drops what ended long ago."""
        with self._database.reading() as connection:
            if not connection.execute(select(errand.c.key).limit(1)).first():
                return
        with self._database.writing() as connection:
            connection.execute(_orphaned(now))
            for kind, lasts in LASTS.items():
                connection.execute(_too_late(kind, now - lasts))
            _drop_ended(connection, now)

    def waiting(self) -> int:
        """How many are to be sent."""
        query = select(func.count()).where(errand.c.state.in_((ErrandState.WAITING.value, ErrandState.SENDING.value)))
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def not_sent(self) -> Counter[tuple[ErrandState, str]]:
        """How many ended without having left for certain in the last days, by their state and the words for it."""
        query = (
            select(errand.c.state, errand.c.words, func.count())
            .where(errand.c.state.in_([state.value for state in _ENDED]))
            .group_by(errand.c.state, errand.c.words)
        )
        with self._database.reading() as connection:
            return Counter({(ErrandState(state), words): n for state, words, n in connection.execute(query)})

    def _settle(self, claimed: Errand, values: Mapping[str, Any]) -> None:
        with self._database.writing() as connection:
            connection.execute(update(errand).where(errand.c.key == claimed.key).values(values))


def _due(now: datetime) -> Any:
    waits = errand.c.state == ErrandState.WAITING.value
    return select(errand).where(waits, errand.c.due <= now).order_by(errand.c.due, errand.c.key).limit(1)


def _orphaned(now: datetime) -> Update:
    words = "whoever sent it ended before they could tell"
    sending = errand.c.state == ErrandState.SENDING.value
    return update(errand).where(sending, errand.c.due <= now).values(state=ErrandState.UNKNOWN.value, words=words)


def _too_late(kind: ErrandKind, before: datetime) -> Update:
    waits = errand.c.state == ErrandState.WAITING.value
    words = func.coalesce(func.nullif(errand.c.words, ""), "nobody sent it in time")
    return (
        update(errand)
        .where(waits, errand.c.kind == kind.value, errand.c.asked_at <= before)
        .values(state=ErrandState.GIVEN_UP.value, words=words)
    )


def _drop_ended(connection: Connection, now: datetime) -> None:
    day_old = errand.c.asked_at <= now - LASTS[ErrandKind.ALREADY]
    connection.execute(delete(errand).where(errand.c.state == ErrandState.LEFT.value, day_old))
    ended = errand.c.state.in_([state.value for state in _ENDED])
    connection.execute(delete(errand).where(ended, errand.c.asked_at <= now - _KEPT))


def _errand_of(row: Row[Any], attempts: int) -> Errand:
    return Errand(
        key=row.key,
        kind=ErrandKind(row.kind),
        address=row.address,
        asked_at=row.asked_at,
        payload=json.loads(row.payload or "{}"),
        attempts=attempts,
    )
