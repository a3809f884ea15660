"""What is said of a letter afterwards: receipts, and a server's own words made fit to keep."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from digest.deliver.one_line import one_line
from digest.model import Answer, Delivery, Letter, Receipt

_LONGEST = 300


def said(words: str | bytes) -> str:
    """What a server said, on one line of at most 300 characters."""
    return one_line(words.decode("utf-8", "replace") if isinstance(words, bytes) else words, _LONGEST)


def receipt(letter: Letter, answer: Answer, words: str = "", provider_id: str = "", wait: float = 0.0) -> Receipt:
    """The receipt for one letter. `wait` is in seconds, 0 where the provider does not say."""
    return Receipt(key=letter.key, answer=answer, provider_id=provider_id, words=words, wait=wait)


def all_with(
    letters: Iterable[Letter], answer: Answer, words: str = "", provider_id: str = "", wait: float = 0.0
) -> tuple[Receipt, ...]:
    """The same answer for every letter, in their order."""
    return tuple(receipt(letter, answer, words, provider_id, wait) for letter in letters)


def nothing_left(letters: Sequence[Letter], *, stopped: str = "", trouble: str = "") -> Delivery:
    """A batch of which nothing left the house: why a person has to act, or what is wrong at the moment."""
    return Delivery(receipts=all_with(letters, Answer.UNSENT), stopped=stopped, trouble=trouble)
