"""Senders: who is at work on an issue, whether they still live, and what the dead have left behind.

A sender renews its lease as it goes. On this machine its lock on its journal tells at once and for certain whether it
lives, whatever the clock says; of another machine, or of another start of this one, the lease alone can tell.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from digest.errors import RecordError
from digest.model import ClaimedLetter, Orphan
from digest.record import journal, machine, paces
from digest.record.database import Database, driver_of
from digest.record.instants import to_instant, to_number
from digest.record.journal import Notes

LEASE = timedelta(seconds=60)

_CLAIMED = """
SELECT letter.subscriber, subscriber.address, subscriber.name, letter.attempts, letter.tried_at, letter.variant
FROM letter JOIN subscriber ON subscriber.key = letter.subscriber
WHERE letter.issue = ? AND letter.state = 'claimed' AND letter.batch = ?
ORDER BY letter.subscriber
"""
_ENTER = """
INSERT INTO sender (issue, name, host, boot, pid, started_at, lease_until) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_LIVING = "SELECT key, name, boot, lease_until FROM sender WHERE issue = ? AND ended_at IS NULL AND key <> ?"


class LeaseLost(RecordError):
    """This sender was taken for dead, and its letters were taken over. It must send nothing more."""


class Senders:
    """The senders of the store. `folder` is where their journals are."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self.folder = folder

    def enter(self, issue_id: str, name: str, *, now: datetime) -> int:
        """Registers a sender whose journal is open and locked; gives its key. A fresh lease."""
        lease = to_number(now), to_number(now + LEASE)
        values = (issue_id, name, machine.host(), machine.boot(), os.getpid(), *lease)
        with self._database.writing() as connection:
            driver = driver_of(connection)
            paces.begin(driver, now=now)
            key = driver.execute(_ENTER, values).lastrowid
        assert key is not None
        return key

    def renew(self, key: int, *, now: datetime) -> None:
        """Renews the lease. Raises LeaseLost when the sender was taken for dead."""
        with self._database.writing() as connection:
            renew(driver_of(connection), key, now=now)

    def leave(self, key: int, *, now: datetime) -> None:
        """The sender has ended by itself, with all of its batches settled."""
        with self._database.writing() as connection:
            driver_of(connection).execute("UPDATE sender SET ended_at = ? WHERE key = ?", (to_number(now), key))

    def living(self, issue_id: str, *, now: datetime, but: int = 0) -> int:
        """How many senders of that issue are at work."""
        with self._database.reading() as connection:
            rows = driver_of(connection).execute(_LIVING, (issue_id, but)).fetchall()
        return sum(1 for row in rows if not self._is_dead(row, now))

    def take_over(self, issue_id: str, key: int, *, now: datetime) -> tuple[Orphan, ...]:
        """Takes over the open batches of senders that are dead, and gives them with what their journals tell.

        They belong to the sender `key` from now on: if it dies too, the next one finds them again.
        """
        with self._database.writing() as connection:
            driver = driver_of(connection)
            renew(driver, key, now=now)
            for row in driver.execute(_LIVING, (issue_id, key)).fetchall():
                if self._is_dead(row, now):
                    self._bury(driver, row[0], key, now)
            return self._orphans(driver, issue_id, key)

    def _is_dead(self, row: Sequence[Any], now: datetime) -> bool:
        _, name, boot, lease_until = row
        if boot and boot == machine.boot():
            return not journal.is_alive(self.folder, name)
        # A lease that ends later than a fresh one would was given by another clock.
        return not to_number(now) < lease_until <= to_number(now + 2 * LEASE)

    @staticmethod
    def _bury(driver: sqlite3.Connection, dead: int, heir: int, now: datetime) -> None:
        driver.execute("UPDATE batch SET sender = ? WHERE sender = ? AND state = 'open'", (heir, dead))
        driver.execute("UPDATE sender SET ended_at = ? WHERE key = ?", (to_number(now), dead))

    def _orphans(self, driver: sqlite3.Connection, issue_id: str, key: int) -> tuple[Orphan, ...]:
        """The open batches of `key` that others began. (Its own are in the hands of its lanes.)"""
        rows = driver.execute(
            "SELECT batch.number, batch.journal, batch.provider, batch.reference, batch.send_at,"
            " batch.claimed_at, begun.boot"
            " FROM batch LEFT JOIN sender AS begun ON begun.name = batch.journal"
            " WHERE batch.issue = ? AND batch.state = 'open' AND batch.sender = ? AND begun.key <> ?"
            " ORDER BY batch.number",
            (issue_id, key, key),
        ).fetchall()
        notes: dict[str, dict[int, Notes]] = {}
        for _, name, *_, boot in rows:
            if name not in notes:
                notes[name] = journal.read_notes(self.folder, name, same_boot=bool(boot) and boot == machine.boot())
        return tuple(self._orphan(driver, issue_id, row, notes) for row in rows)

    def _orphan(
        self, driver: sqlite3.Connection, issue_id: str, row: Sequence[Any], notes: dict[str, dict[int, Notes]]
    ) -> Orphan:
        number, name, provider, reference, send_at, claimed_at, boot = row
        same_boot = bool(boot) and boot == machine.boot()
        there = journal.path_of(self.folder, name).exists()
        told = notes[name].get(number, Notes(whole=same_boot and there))
        return Orphan(
            number=number,
            provider=provider,
            reference=reference,
            send_at=None if send_at is None else to_instant(send_at),
            claimed_at=to_instant(claimed_at),
            letters=tuple(map(ClaimedLetter._make, driver.execute(_CLAIMED, (issue_id, number)))),
            started=told.started,
            receipts=told.receipts,
            whole=told.whole,
        )

    def blot_out(self, address: str) -> None:
        """Writes over an address in what journals hold of servers' words. Raises RecordError."""
        journal.blot_out(self.folder, address)

    def forget_journals(self) -> None:
        """Takes the journals away that no open batch speaks of any more."""
        with self._database.reading() as connection:
            driver = driver_of(connection)
            needed = {name for (name,) in driver.execute("SELECT journal FROM batch WHERE state = 'open'")}
            ended = driver.execute("SELECT name FROM sender WHERE ended_at IS NOT NULL").fetchall()
        for (name,) in ended:
            if name not in needed:
                journal.forget(self.folder, name)


def renew(driver: sqlite3.Connection, key: int, *, now: datetime) -> None:
    """Renews a lease within a transaction. Raises LeaseLost when the sender was taken for dead."""
    until = to_number(now + LEASE)
    if not driver.execute(
        "UPDATE sender SET lease_until = ? WHERE key = ? AND ended_at IS NULL", (until, key)
    ).rowcount:
        raise LeaseLost(
            "this sender was silent for too long: another one has taken its letters over",
            hint="`digest status` shows who is at work; nothing is lost",
        )
