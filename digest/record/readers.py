"""Readers as the store keeps them: what each said, in the order in which it was said, and how they stand.

Every word of a reader is one transaction: the change and its line in the record of consent together, or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from digest.model.readers import Act, Census, Choice, Consent, Ground, Origin, Reader, SignUp
from digest.record.database import Database


class Readers:
    """Addresses come normalised; letter case is ignored besides. Instants are aware, in UTC."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, address: str) -> Reader | None:
        """Who has that address; None for somebody whom the store does not know (or knows as a hash alone)."""
        raise NotImplementedError

    def numbered(self, number: int) -> Reader | None:
        """Who has that number; None where nobody has, or they were forgotten."""
        raise NotImplementedError

    def ground_of(self, address: str) -> Ground | None:
        """Why nobody may write to an address, forgotten ones included; None if one may."""
        raise NotImplementedError

    def ask(self, address: str, choice: Choice, origin: Origin, *, now: datetime) -> SignUp:
        """Keeps that somebody asked for letters, until it is confirmed. Who asks again before that replaces choice and
        origin, keeps the nonce, and the count of letters goes on. Changes nothing about how they stand."""
        raise NotImplementedError

    def pending(self, key: int) -> SignUp | None:
        """The sign-up of that key, while it waits."""
        raise NotImplementedError

    def letter_went(self, key: int, *, now: datetime) -> None:
        """Counts a confirmation letter of a sign-up."""
        raise NotImplementedError

    def confirm(self, key: int, nonce: str, *, since: datetime, now: datetime) -> Reader | None:
        """The last word is yes: they are on the list by their own word, with their choice as it was asked for, and a
        ground that is theirs to lift (unsubscribed, bounced, could not be reached, forgotten) is lifted. BY_HAND and
        COMPLAINED stay. The sign-up is used up. None where no such sign-up waits, or it was asked for before `since`.
        """
        raise NotImplementedError

    def leave(self, number: int, origin: Origin, *, now: datetime) -> bool:
        """The last word is no: suppressed as UNSUBSCRIBED, no sign-up waits any more, letters still owed are left out
        when their turn comes. False when they had left already; the first date stays."""
        raise NotImplementedError

    def undo_leaving(self, number: int, origin: Origin, *, left_since: datetime, now: datetime) -> bool:
        """Takes leaving back, if they left at or after `left_since` and nothing stronger was said since."""
        raise NotImplementedError

    def choose(self, number: int, choice: Choice, origin: Origin, *, now: datetime) -> None:
        """Their own choice from now on; the file does not change it any more. Leaves alone whether they get letters."""
        raise NotImplementedError

    def suppress(
        self, address: str, ground: Ground, reason: str, origin: Origin, *, at: datetime, now: datetime
    ) -> bool:
        """Somebody (provider, operator, a mail that came back) says no for them, at `at`. A no from before their last
        yes does not count, but for COMPLAINED. The stronger ground stays. False when that changed nothing."""
        raise NotImplementedError

    def allow(self, address: str, origin: Origin, *, now: datetime) -> bool:
        """The operator takes every ground back, COMPLAINED and FORGOTTEN too. False when there was none."""
        raise NotImplementedError

    def forget(self, address: str, *, now: datetime) -> bool:
        """Erases somebody: what remains is a salted hash in the suppressions, so that no list brings them back. Their
        letters stay in the counts as nobody's. Nothing of address, name, choice, record of consent, errands, events or
        words of servers is left, in the pages of the file neither. False when nothing was known."""
        raise NotImplementedError

    def record_of(self, address: str) -> tuple[Consent, ...]:
        """The record of consent, oldest first."""
        raise NotImplementedError

    def add(self, address: str, choice: Choice, act: Act, origin: Origin, *, now: datetime) -> bool:
        """Puts somebody on the list by the operator's word (an import). A ground stays a ground. False when they were
        on it by themselves already; their own choice stays then."""
        raise NotImplementedError

    def iterate(self) -> Iterator[Reader]:
        """Everybody who is known, by number; memory does not grow."""
        raise NotImplementedError

    def census(self) -> Census:
        """How the readership stands."""
        raise NotImplementedError

    def expire(self, *, before: datetime) -> int:
        """Drops sign-ups that nobody confirmed, asked for before that. Returns how many."""
        raise NotImplementedError
