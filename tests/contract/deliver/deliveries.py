"""What goes out and what comes back: letters with keys of their own, and the answers of a delivery by short names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from digest.model import Answer, Delivery, Letter

TAKEN, NO_MAILBOX, NOT_TAKEN, NOT_NOW = Answer.TAKEN, Answer.NO_MAILBOX, Answer.NOT_TAKEN, Answer.NOT_NOW
TOO_FAST, FAILING, CUT_SHORT = Answer.TOO_FAST, Answer.FAILING, Answer.CUT_SHORT
UNHEARD, UNSENT = Answer.UNHEARD, Answer.UNSENT


def keyed(written: Sequence[Letter]) -> tuple[Letter, ...]:
    """The same letters with the keys 1, 2 and so on."""
    return tuple(replace(each, key=key) for key, each in enumerate(written, start=1))


def answers(delivery: Delivery) -> list[Answer]:
    """One for each letter, in the order of the letters."""
    return [receipt.answer for receipt in delivery.receipts]
