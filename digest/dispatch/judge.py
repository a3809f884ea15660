"""From a receipt to a line in the ledger. Pure: the letter, the answer and the time in, a settlement out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from digest.audience.bounces import suppression_reason
from digest.deliver.retries import Then, decide
from digest.model import Answer, ClaimedLetter, LetterState, Orphan, Receipt, Settlement
from digest.settings import Retrying

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RESEND = "sent again: nobody knows whether the letter before arrived"
IN_DOUBT = "it had begun to leave when the sender ended"
_MOST_IN_DOUBT = 3
_STATES = {
    Then.ACCEPT: LetterState.ACCEPTED,
    Then.REFUSE: LetterState.REFUSED,
    Then.AGAIN: LetterState.OWED,
    Then.KEEP: LetterState.OWED,
    Then.UNKNOWN: LetterState.UNKNOWN,
}


def settlements(
    provider: str,
    letters: Sequence[ClaimedLetter],
    receipts: Iterable[Receipt],
    *,
    retrying: Retrying,
    suppressing: bool,
    now: datetime,
) -> list[Settlement]:
    """What the receipts of a batch come to. Without `suppressing` no address is suppressed for being refused."""
    by_key = {letter.key: letter for letter in letters}
    return [_settlement(provider, by_key[receipt.key], receipt, retrying, suppressing, now) for receipt in receipts]


def _settlement(
    provider: str, letter: ClaimedLetter, receipt: Receipt, retrying: Retrying, suppressing: bool, now: datetime
) -> Settlement:
    if receipt.answer is Answer.TAKEN:
        return Settlement(key=receipt.key, state=LetterState.ACCEPTED, provider_id=receipt.provider_id)
    decision = decide(provider, receipt, attempts=letter.attempts, tried_for=_tried_for(letter, now), retrying=retrying)
    reason = suppression_reason(decision.no_mailbox, receipt.words) if suppressing else None
    return Settlement(
        key=receipt.key,
        state=_STATES[decision.then],
        due=now + decision.wait if decision.wait else None,
        words=receipt.words if receipt.answer is Answer.UNSENT else decision.words or receipt.words,
        provider_id=receipt.provider_id,
        tried=decision.then is not Then.KEEP,
        suppress=reason or "",
    )


def _tried_for(letter: ClaimedLetter, now: datetime) -> timedelta:
    return timedelta() if letter.tried_at is None else now - _EPOCH - timedelta(microseconds=letter.tried_at)


def receipts_of_orphan(orphan: Orphan) -> tuple[Receipt, ...]:
    """What a dead sender's journal says of each letter of a batch; UNHEARD where it can have left, else UNSENT.

    A batch that went in one call is noted under the key 0.
    """
    return tuple(_told(orphan, letter.key) for letter in orphan.letters)


def _told(orphan: Orphan, key: int) -> Receipt:
    known = orphan.receipts.get(key) or orphan.receipts.get(0)
    if known is not None:
        return Receipt(key=key, answer=known.answer, provider_id=known.provider_id, words=known.words, wait=known.wait)
    if orphan.whole and not orphan.started & {key, 0}:
        return Receipt(key=key, answer=Answer.UNSENT)
    return Receipt(key=key, answer=Answer.UNHEARD, words=IN_DOUBT)


def without_doubt(settled: Iterable[Settlement], letters: Sequence[ClaimedLetter], now: datetime) -> list[Settlement]:
    """The same with the unknown letters owed again: for who would rather write twice than not at all.

    Not without end: a letter that was tried three times by now stays unknown, because each of them may have arrived.
    """
    again = {letter.key for letter in letters if letter.attempts + 1 < _MOST_IN_DOUBT}
    return [
        Settlement(key=each.key, state=LetterState.OWED, due=now, words=RESEND)
        if each.state is LetterState.UNKNOWN and each.key in again
        else each
        for each in settled
    ]
