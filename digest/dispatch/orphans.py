"""Batches in doubt: those of senders that died, and those that a provider gave no answer to.

What can be known is settled: from the journal, by calling a held batch back, or by repeating one under its reference,
which counts once. The rest is unknown, and stays so until somebody or the provider tells.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import timedelta

from digest.clock import Clock
from digest.deliver.seam import Line, Provider
from digest.dispatch import judge
from digest.dispatch.courier import Courier
from digest.dispatch.desk import Desk, Post
from digest.dispatch.recalls import RECALL_BEFORE
from digest.model import Answer, Claim, Delivery, LetterState, Orphan, Recall, Receipt, Settlement

_REPEATABLE_FOR = timedelta(hours=23)
"""Providers remember a reference for a day at least; in its last hour we no longer rely on it."""
_FINAL = frozenset({Answer.TAKEN, Answer.NOT_TAKEN, Answer.NO_MAILBOX})
CALLED_BACK = "called back before it was sent"


class Orphans:
    """The batches in doubt of one sender."""

    def __init__(self, desk: Desk, post: Post, provider: Provider, courier: Courier, clock: Clock) -> None:
        self._desk = desk
        self._post = post
        self._provider = provider
        self._courier = courier
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: dict[int, Orphan] = {}
        self._line: Line | None = None

    @property
    def waiting(self) -> int:
        """How many could not be settled yet."""
        return len(self._waiting)

    def in_doubt(self, claim: Claim, delivery: Delivery) -> bool:
        """Whether a batch of ours is in doubt and can be called back or repeated; then it is kept here."""
        unheard = any(each.answer is Answer.UNHEARD for each in delivery.receipts)
        if not unheard or not (self._can_recall(claim.reference) or self._post.abilities.repeatable):
            return False
        receipts = {each.key: each for each in delivery.receipts if each.answer is not Answer.UNHEARD}
        orphan = Orphan(
            number=claim.number,
            provider=self._post.provider,
            reference=claim.reference,
            send_at=claim.send_at,
            claimed_at=self._clock(),
            letters=claim.letters,
            receipts=receipts,
        )
        with self._lock:
            self._waiting[claim.number] = orphan
        return True

    def take(self, found: Sequence[Orphan]) -> None:
        """Takes batches of dead senders in; those that are here already are known."""
        with self._lock:
            new = {orphan.number: orphan for orphan in found if orphan.number not in self._waiting}
            self._waiting.update(new)
        self._desk.took_over(len(new))

    def settle(self) -> None:
        """Settles what can be settled now. Raises RecordError."""
        for orphan in tuple(self._waiting.values()):
            if self._settle(orphan):
                with self._lock:
                    del self._waiting[orphan.number]

    def close(self) -> None:
        """Closes the line on which batches were repeated."""
        if self._line:
            self._line.close()

    def _settle(self, orphan: Orphan) -> bool:
        receipts = judge.receipts_of_orphan(orphan)
        ours = orphan.provider == self._post.provider
        if ours and any(each.answer is Answer.UNHEARD for each in receipts):
            if self._can_recall(orphan.reference) and orphan.send_at is not None:
                return self._recall(orphan, receipts)
            if self._can_repeat(orphan):
                return self._desk.may_send() and self._repeat(orphan)
        return self._give_up(orphan, receipts)

    def _can_recall(self, reference: str) -> bool:
        return bool(reference) and self._post.abilities.holds

    def _can_repeat(self, orphan: Orphan) -> bool:
        """Whether it may be sent once more; not on an issue that was stopped, in case it never left."""
        remembered = self._clock() < orphan.claimed_at + _REPEATABLE_FOR
        return self._post.abilities.repeatable and remembered and not self._desk.is_stopped()

    def _give_up(self, orphan: Orphan, receipts: Sequence[Receipt]) -> bool:
        self._desk.settle_as(orphan.number, self._desk.judged(orphan.provider, orphan.letters, receipts))
        return True

    def _recall(self, orphan: Orphan, receipts: Sequence[Receipt]) -> bool:
        """Calls it back while there is time; its letters are owed again then, and go out under a new reference."""
        assert orphan.send_at is not None
        if self._clock() >= orphan.send_at - RECALL_BEFORE:
            return self._give_up(orphan, receipts)
        answer, _ = self._provider.recall(orphan.reference)
        if answer is Recall.NOT_NOW:
            return False
        if answer is Recall.TOO_LATE:
            return self._give_up(orphan, receipts)
        again = [
            Settlement(key=letter.key, state=LetterState.OWED, due=self._clock(), words=CALLED_BACK, tried=False)
            for letter in orphan.letters
        ]
        self._desk.settle_as(orphan.number, again, recalled=True)
        return True

    def _repeat(self, orphan: Orphan) -> bool:
        """Sends the same batch under the same reference. Only an answer that is final ends the doubt."""
        self._line = self._line or self._provider.line()
        claim = Claim(number=orphan.number, letters=orphan.letters, reference=orphan.reference, send_at=orphan.send_at)
        delivery = self._courier.deliver(self._line, claim)
        if any(each.answer not in _FINAL for each in delivery.receipts):
            self._desk.doubted(delivery)
            return False
        return self._give_up(orphan, delivery.receipts)
