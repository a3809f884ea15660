"""The desk: where a lane gets its next batch, and where it brings what became of the last one."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.audience.bounces import mass_refusal
from digest.clock import Clock
from digest.deliver import pacing
from digest.deliver.breaker import pause_after
from digest.deliver.seam import Abilities
from digest.dispatch import judge
from digest.dispatch.shift import Shift, seconds_up
from digest.model import (
    Allowance,
    Answer,
    Claim,
    ClaimedLetter,
    Delivery,
    IssueState,
    Receipt,
    Settlement,
    Usage,
    Wish,
)
from digest.record.journal import Journal
from digest.record.store import Store
from digest.settings import Settings

FAILING = "the provider fails"
SILENT = "the provider sent nothing and did not say why"
SLICE = "kept back after the first slice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Where a sender stands: the issue, its own key in the store, its journal, and what it sends through."""

    issue: str
    sender: int
    journal: Journal
    provider: str
    abilities: Abilities


class Desk:
    """Claims and settles for the lanes of one sender. Threads may share it."""

    def __init__(
        self, store: Store, settings: Settings, post: Post, shift: Shift, clock: Clock, *, patient: bool
    ) -> None:
        self._store = store
        self._settings = settings
        self._post = post
        self._shift = shift
        self._clock = clock
        self._patient = patient
        self._began = seconds_up()
        self._lock = threading.Lock()
        self._open = 0
        self._accepted = 0
        self._no_mailbox = 0

    @property
    def clear(self) -> bool:
        """Whether everything that was claimed here is settled."""
        return self._open == 0

    def claim(self, reference: str = "", most: int = 0) -> Claim:
        """The next batch, of `most` letters or (0) as large as a call takes. Raises RecordError."""
        wanted = self._shift.take(most or self._post.abilities.readers_per_call)
        if not wanted:
            return Claim()
        now, asked = self._clock(), seconds_up()
        claim = self._store.ledger.claim(self._post.issue, self._wish(wanted, reference, now), now=now)
        self._shift.renewed(asked)
        self._shift.give_back(wanted - len(claim.letters))
        if claim.letters:
            with self._lock:
                self._open += 1
        return claim

    def settle(self, claim: Claim, delivery: Delivery) -> None:
        """Puts the receipts of a batch into the ledger, with what follows from them. Raises RecordError."""
        settled = self.judged(self._post.provider, claim.letters, delivery.receipts)
        self.settle_as(claim.number, settled, trouble=delivery.trouble or self._silence(delivery))
        self._heed(delivery)

    def doubted(self, delivery: Delivery) -> None:
        """What follows from the delivery of a batch that is not settled yet. Raises RecordError."""
        if delivery.trouble:
            self.failed(delivery.trouble)
        self._heed(delivery)

    def _heed(self, delivery: Delivery) -> None:
        if any(each.answer is Answer.TOO_FAST for each in delivery.receipts):
            self._slow_down()
        if delivery.stopped:
            self._shift.stop(delivery.stopped)

    def _silence(self, delivery: Delivery) -> str:
        """A provider that sends nothing and gives no reason would be asked for ever."""
        unsent = all(each.answer is Answer.UNSENT for each in delivery.receipts)
        return SILENT if unsent and not delivery.stopped and not self._shift.over else ""

    def settle_as(
        self, number: int, settled: Sequence[Settlement], *, trouble: str = "", recalled: bool = False
    ) -> None:
        """Closes a batch that was claimed here, or taken over. Raises RecordError."""
        now = self._clock()
        done = self._store.ledger.settle(
            self._post.issue, number, settled, trouble=bool(trouble), recalled=recalled, now=now
        )
        with self._lock:
            self._open -= 1
        if trouble:
            self._break_circuit(trouble, done.failures, now)
        self._shift.tell()

    def failed(self, trouble: str) -> timedelta:
        """The provider failed and there is no batch to say so of; gives how long to leave it alone."""
        now = self._clock()
        failures = self._store.ledger.note_failure(self._post.issue, now=now)
        self._break_circuit(trouble, failures, now)
        return pause_after(failures)

    def may_send(self) -> bool:
        """Whether the issue is neither held nor stopped at this moment. Raises RecordError."""
        record = self._store.issues.record(self._post.issue)
        return record is not None and not record.is_held(self._clock()) and record.state is not IssueState.STOPPED

    def is_stopped(self) -> bool:
        """Whether the issue was stopped for good. Raises RecordError."""
        record = self._store.issues.record(self._post.issue)
        return record is not None and record.state is IssueState.STOPPED

    def took_over(self, batches: int) -> None:
        """So many batches of others are ours to settle."""
        with self._lock:
            self._open += batches

    def judged(self, provider: str, letters: Sequence[ClaimedLetter], receipts: Sequence[Receipt]) -> list[Settlement]:
        """What a provider's receipts come to, by the rules of the publication."""
        self._tally(receipts)
        now, delivery = self._clock(), self._settings.delivery
        settled = judge.settlements(
            provider,
            letters,
            receipts,
            retrying=delivery.retrying,
            suppressing=not mass_refusal(self._accepted, self._no_mailbox),
            now=now,
        )
        return judge.without_doubt(settled, letters, now) if delivery.resend_uncertain else settled

    def _tally(self, receipts: Sequence[Receipt]) -> None:
        answers = Counter(each.answer for each in receipts)
        with self._lock:
            self._accepted += answers[Answer.TAKEN]
            self._no_mailbox += answers[Answer.NO_MAILBOX]

    def speed_up(self) -> None:
        """Raises a lowered rate again, slowly, while the provider does not push back."""
        limits, now = self._settings.delivery.limits, self._clock()
        self._store.ledger.change_rate(lambda usage: pacing.raised(limits, usage, now=now), now=now)

    def _slow_down(self) -> None:
        limits, now = self._settings.delivery.limits, self._clock()
        recent = self._accepted / max(1.0, seconds_up() - self._began)
        self._store.ledger.change_rate(lambda usage: pacing.slowed(limits, usage, recent, now=now), now=now)

    def _break_circuit(self, trouble: str, failures: int, now: datetime) -> None:
        """A provider that fails batch after batch is left alone for a while; without patience, at once."""
        pause = pause_after(failures)
        if not self._patient:
            self._shift.stop(trouble)
        elif pause:
            self._store.issues.hold(self._post.issue, f"{FAILING}: {trouble}", until=now + pause)

    def _wish(self, letters: int, reference: str, now: datetime) -> Wish:
        delivery, post = self._settings.delivery, self._post
        first = delivery.first_slice
        return Wish(
            letters=letters,
            sender=post.sender,
            journal=post.journal.name,
            provider=post.provider,
            allow=self._allow(now),
            domains=frozenset(delivery.limits.domains),
            reference=reference,
            send_at=now + delivery.hold if reference and post.abilities.holds else None,
            first_slice=first.letters,
            judge_slice=lambda accepted, refused: _judge_slice(accepted, refused, first.refused),
        )

    def _allow(self, now: datetime) -> Callable[[Usage, int], Allowance]:
        limits, timezone = self._settings.delivery.limits, self._settings.publication.timezone
        return lambda usage, wanted: pacing.allow(limits, usage, wanted, now=now, timezone=timezone)


def _judge_slice(accepted: int, refused: int, share: float) -> str:
    """Why the rest is kept back after the first slice, or nothing."""
    if not refused or refused <= share * (accepted + refused):
        return ""
    return f"{SLICE}: {refused} of its {accepted + refused} letters were refused"
