"""The gate before each letter: it keeps the pace, and notes in the journal what leaves and what became of it."""

from __future__ import annotations

import time

from digest.dispatch.shift import Shift
from digest.errors import RecordError
from digest.model import Claim, Letter, Receipt
from digest.record.journal import Journal


class BatchGate:
    """The gate for the letters of one claim (`digest.deliver.seam.Gate`)."""

    def __init__(self, shift: Shift, journal: Journal, claim: Claim) -> None:
        self._shift = shift
        self._journal = journal
        self._batch = claim.number
        self._spacing = 1.0 / claim.rate if claim.rate else 0.0
        self._next = time.monotonic() + claim.starts_in.total_seconds()

    def start(self, letter: Letter) -> bool:
        """Waits until the letter may leave, then notes that it does."""
        return self._turn() and self._noted(letter.key)

    def start_all(self) -> bool:
        """The same for a batch that goes in one call."""
        return self._turn() and self._noted(0)

    def done(self, receipt: Receipt) -> None:
        """Notes what became of it. Where that fails the ledger gets to know all the same, unless the process ends."""
        try:
            self._journal.answered(self._batch, receipt)
        except RecordError as error:
            self._shift.fail(error)

    def _turn(self) -> bool:
        if self._shift.over:
            return False
        if self._spacing:
            now = time.monotonic()
            self._next = max(self._next, now - self._spacing)
            if not self._shift.sleep(self._next - now):
                return False
            self._next += self._spacing
        return not self._shift.over

    def _noted(self, key: int) -> bool:
        try:
            self._journal.started(self._batch, key)
        except RecordError as error:
            self._shift.fail(error)
            return False
        return True
