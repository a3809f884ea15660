"""The courier: takes one claimed batch through a line to the provider, noting it in the journal on the way."""

from __future__ import annotations

from dataclasses import replace

from digest.deliver.letters import Addressing, write_letter
from digest.deliver.receipts import all_with, nothing_left
from digest.deliver.seam import Line
from digest.dispatch.campaigns import Campaigns
from digest.dispatch.desk import Post
from digest.dispatch.gate import BatchGate
from digest.dispatch.shift import Shift
from digest.model import Answer, Batch, Claim, Delivery, Receipt

NOT_NAMED = "the provider said nothing of this letter"


class Courier:
    """Carries the batches of one issue. Threads may share it, each with a line of its own."""

    def __init__(self, post: Post, campaigns: Campaigns, addressing: Addressing, shift: Shift) -> None:
        self._post = post
        self._campaigns = campaigns
        self._addressing = addressing
        self._shift = shift

    def deliver(self, line: Line, claim: Claim) -> Delivery:
        """Sends the letters of a claim; whatever comes of it, each of them has a receipt."""
        batch, gate = self._batch(claim), BatchGate(self._shift, self._post.journal, claim)
        campaign = self._campaigns.of(claim.letters[0].variant)  # a claim has letters of one body only
        if self._post.abilities.letter_by_letter:
            return _complete(batch, line.send(campaign, batch, gate))
        if not gate.start_all():
            return nothing_left(batch.letters)
        delivery = _complete(batch, line.send(campaign, batch, gate))
        for receipt in _worth_noting(delivery):
            gate.done(receipt)
        return delivery

    def _batch(self, claim: Claim) -> Batch:
        issue, addressing = self._post.issue, self._addressing
        return Batch(
            number=claim.number,
            letters=tuple(
                write_letter(letter, issue=issue, addressing=addressing, key=letter.key) for letter in claim.letters
            ),
            reference=claim.reference,
            send_at=claim.send_at,
        )


def _complete(batch: Batch, delivery: Delivery) -> Delivery:
    """A letter that the provider does not speak of may have left."""
    if len(delivery.receipts) == len(batch.letters):
        return delivery
    named = {each.key for each in delivery.receipts}
    missing = tuple(letter for letter in batch.letters if letter.key not in named)
    return replace(delivery, receipts=(*delivery.receipts, *all_with(missing, Answer.UNHEARD, NOT_NAMED)))


def _worth_noting(delivery: Delivery) -> tuple[Receipt, ...]:
    """One note for a call that was answered as one; else one a letter. What was not heard is no answer."""
    heard = tuple(each for each in delivery.receipts if each.answer is not Answer.UNHEARD)
    if len(heard) < len(delivery.receipts) or not heard:
        return heard
    first = heard[0]
    same = all((each.answer, each.provider_id) == (first.answer, first.provider_id) for each in heard)
    whole = Receipt(key=0, answer=first.answer, provider_id=first.provider_id, words=first.words, wait=first.wait)
    return (whole,) if same else heard
