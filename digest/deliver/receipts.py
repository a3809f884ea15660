"""What is said of a letter afterwards: receipts, and a server's own words made fit to keep."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from digest.deliver.one_line import one_line
from digest.model import Delivery, Fate, Letter, Receipt

_LONGEST = 300


def said(words: str | bytes) -> str:
    """What a server said, on one line of at most 300 characters."""
    return one_line(words.decode("utf-8", "replace") if isinstance(words, bytes) else words, _LONGEST)


def receipt(letter: Letter, fate: Fate, words: str = "", provider_id: str = "") -> Receipt:
    """The receipt for one letter."""
    return Receipt(address=letter.address, fate=fate, words=words, provider_id=provider_id)


def all_with(letters: Iterable[Letter], fate: Fate, words: str = "", provider_id: str = "") -> tuple[Receipt, ...]:
    """The same fate for every letter."""
    return tuple(receipt(letter, fate, words, provider_id) for letter in letters)


def nothing_left(letters: Sequence[Letter], why: str) -> Delivery:
    """A batch of which nothing left the house, because the provider cannot go on."""
    return Delivery(receipts=all_with(letters, Fate.UNSENT), stopped=why)


def one_by_one(letters: Sequence[Letter], send: Callable[[Letter], tuple[Receipt, str]]) -> Delivery:
    """Sends letter after letter. `send` gives a receipt and, when nobody else would fare better, why: then it stops."""
    receipts: list[Receipt] = []
    for letter in letters:
        sent, stopped = send(letter)
        receipts.append(sent)
        if stopped:
            rest = all_with(letters[len(receipts) :], Fate.UNSENT)
            return Delivery(receipts=(*receipts, *rest), stopped=stopped)
    return Delivery(receipts=tuple(receipts))
