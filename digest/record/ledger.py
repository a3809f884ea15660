"""The ledger: a row for each letter, claimed on disk before a byte leaves and settled after.

    owed ──claim──► claimed ──settle──► accepted | refused
      ▲    │           │  └── no answer heard ──► unknown ──by hand, or by what the provider tells──► any of these
      │    └► left out └── put off, unsent ──► owed, from an instant on

A claim belongs to a sender that lives: it renews its lease in every transaction, and who is dead is taken over
(`senders`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select

from digest.model import Claim, HeldBatch, LetterRecord, LetterState, Settled, Settlement, Usage, Wish
from digest.model.segments import Selection
from digest.record import ledger_claim, ledger_look, ledger_plan, ledger_settle, ledger_unknown, paces
from digest.record.database import Database, driver_of
from digest.record.issues import letters_of
from digest.record.schema import issue
from digest.record.senders import renew


class Ledger:
    """The letters of the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def plan(
        self,
        issue_id: str,
        *,
        now: datetime,
        due: datetime | None = None,
        zones: Mapping[str, datetime] | None = None,
        choices: Mapping[tuple[str, ...], int | None] | None = None,
        selection: Selection | None = None,
    ) -> bool:
        """Writes a row for each reader of the list as it was last read, in its order, by one statement: owed from `due`
        on, or from the instant that `zones` has for their time zone; left out for who is suppressed. `choices` has the
        body for each choice of sections, None for one that leaves too little; any other choice gets the whole issue.
        Who is not in the `selection` is left out, if there is one; it is noted with the issue. Monthly readers are left
        out when an issue of an earlier day of its month has gone out to them.

        Until the issue is being sent, a plan replaces the one before. From then on the audience is frozen: False, and
        nothing changes. Raises RecordError when the issue was never composed.
        """
        with self._database.writing() as connection:
            return ledger_plan.plan(
                connection, issue_id, due=due, zones=zones or {}, choices=choices or {}, selection=selection, now=now
            )

    def withdraw(self, issue_id: str, *, now: datetime) -> int:
        """Leaves out the owed letters of everybody who is no longer on the list. Returns how many.

        Who has left the list since the letters were planned has said no.
        """
        with self._database.writing() as connection:
            return ledger_plan.withdraw(connection, issue_id, now=now)

    def claim(self, issue_id: str, wish: Wish, *, now: datetime) -> Claim:
        """Takes the next owed letters that are due, as many as wish and limits allow; on disk when this returns.

        No two claims get the same letter, from whatever thread, process or machine. Letters to addresses that are
        suppressed or off the list at this moment are left out. With the first claim the issue is being sent. Without
        letters the claim says how the issue stands. Raises LeaseLost.
        """
        with self._database.writing() as connection:
            renew(driver_of(connection), wish.sender, now=now)
            return ledger_claim.claim(connection, issue_id, wish, now=now)

    def settle(
        self,
        issue_id: str,
        batch: int,
        settlements: Sequence[Settlement],
        *,
        now: datetime,
        trouble: bool = False,
        recalled: bool = False,
    ) -> Settled:
        """Records what became of a batch's letters and closes it; on disk when this returns.

        A settlement for a letter that is not claimed in this batch changes nothing, except that a letter which the
        provider has accepted is accepted, unless another batch has it by now. `trouble` counts the batch as one that
        failed for the provider's sake. The last letter settled makes the issue sent.
        """
        with self._database.writing() as connection:
            return ledger_settle.settle(
                connection, issue_id, batch, settlements, trouble=trouble, recalled=recalled, now=now
            )

    def note_failure(self, issue_id: str, *, now: datetime) -> int:
        """Counts one more failure of the provider; gives how many there were in a row."""
        with self._database.writing() as connection:
            return ledger_settle.failures(driver_of(connection), issue_id, accepted=False, trouble=True)

    def settle_unknown(
        self, issue_id: str, keys: Collection[int] | None, state: LetterState, words: str, *, now: datetime
    ) -> int:
        """Gives unknown letters (those of `keys`; None: all) another state: by hand, or by what the provider told."""
        with self._database.writing() as connection:
            return ledger_unknown.settle(driver_of(connection), issue_id, keys, state, words, now=now)

    def change_rate(self, decide: Callable[[Usage], float], *, now: datetime) -> float:
        """Changes the rate to which a provider's push-back has lowered us; gives the new one."""
        with self._database.writing() as connection:
            driver = driver_of(connection)
            usage = paces.usage(driver, (), now=now)
            rate = decide(usage)
            if rate != usage.rate:
                paces.set_rate(driver, rate, now=now)
        return rate

    def next_due(self, issue_id: str) -> datetime | None:
        """From when on the next owed letter may be sent; None when none is owed."""
        with self._database.reading() as connection:
            return ledger_look.next_due(connection, issue_id)

    def last_due(self, issue_id: str) -> datetime | None:
        """From when on the last owed letter may be sent; None when none is owed."""
        with self._database.reading() as connection:
            return ledger_look.last_due(connection, issue_id)

    def held(self, issue_id: str, *, after: datetime) -> tuple[HeldBatch, ...]:
        """The accepted batches that a provider keeps until an instant `after` that one."""
        with self._database.reading() as connection:
            return ledger_look.held(connection, issue_id, after)

    def call_back(self, issue_id: str, batch: int, words: str, *, now: datetime) -> int:
        """The provider has given a held batch back: its accepted letters are left out. Returns how many."""
        with self._database.writing() as connection:
            return ledger_settle.call_back(driver_of(connection), issue_id, batch, words, now=now)

    def recalled(self, *, before: datetime) -> tuple[str, ...]:
        """The references of batches that were called back and whose time has passed."""
        with self._database.reading() as connection:
            return ledger_look.recalled(connection, before)

    def forget_reference(self, reference: str) -> None:
        """Nothing is to be asked of the provider any more about a batch that was called back."""
        with self._database.writing() as connection:
            driver_of(connection).execute("UPDATE batch SET reference = '' WHERE reference = ?", (reference,))

    def counts(self, issue_id: str) -> Mapping[LetterState, int]:
        """How many letters are in each state; quick, whatever the size of the issue."""
        with self._database.reading() as connection:
            row = connection.execute(select(issue).where(issue.c.id == issue_id)).one_or_none()
        return letters_of(row) if row else dict.fromkeys(LetterState, 0)

    def words(self, issue_id: str, state: LetterState) -> Mapping[str, int]:
        """How many letters are in that state for each of the reasons that were given, the most frequent first."""
        with self._database.reading() as connection:
            return ledger_look.words(connection, issue_id, state)

    @contextmanager
    def letters(self, issue_id: str, state: LetterState | None = None) -> Iterator[Iterator[LetterRecord]]:
        """The letters of an issue that are in that state, in the order of the list, one by one while it is open."""
        with self._database.reading() as connection:
            yield ledger_look.letters(connection, issue_id, state)

    def letters_to(self, address: str, issue_id: str = "") -> tuple[LetterRecord, ...]:
        """What is known of the letters to an address, of one issue or of all, the newest issue first."""
        with self._database.reading() as connection:
            return ledger_look.letters_to(connection, address, issue_id)
