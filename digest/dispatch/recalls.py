"""Calling held batches back: letters that a provider has accepted and keeps until their time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.clock import Clock
from digest.deliver.seam import Provider
from digest.model import HeldBatch, Recall
from digest.record.store import Store

RECALL_BEFORE = timedelta(minutes=10)
"""Held batches are given back no later than so long before their time (SendGrid: "Cancel Scheduled Sends")."""
_LONG_PAST = timedelta(hours=1)
"""So long after their time nothing is sent any more, even if the mark that called them back goes."""
_TOO_LATE = "it is less than ten minutes to their time"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledBack:
    """How many letters were called back, how many could not be any more, and what the provider said."""

    letters: int = 0
    too_late: int = 0
    words: tuple[str, ...] = ()


def call_back_held(store: Store, provider: Provider, issue: str, reason: str, *, clock: Clock) -> CalledBack:
    """Calls back every batch of an issue that the provider still holds; its letters are left out for that reason."""
    held = store.ledger.held(issue, after=clock())
    letters, words = 0, []
    for batch in held:
        answer, said = _call_back(provider, batch, clock())
        if answer is Recall.CALLED_BACK:
            letters += store.ledger.call_back(issue, batch.number, reason, now=clock())
        else:
            words.append(said)
    too_late = sum(batch.letters for batch in held) - letters
    return CalledBack(letters=letters, too_late=too_late, words=tuple(dict.fromkeys(words)))


def forget_recalled(store: Store, provider: Provider, *, clock: Clock) -> None:
    """Frees what batches that were called back still occupy at the provider, once their time has passed."""
    for reference in store.ledger.recalled(before=clock() - _LONG_PAST):
        if provider.forget(reference):
            store.ledger.forget_reference(reference)


def _call_back(provider: Provider, batch: HeldBatch, now: datetime) -> tuple[Recall, str]:
    if now >= batch.send_at - RECALL_BEFORE:
        return Recall.TOO_LATE, _TOO_LATE
    return provider.recall(batch.reference)
