"""Many letters in one call of an API: which of them can be asked for, and everybody's receipt in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from digest.deliver.receipts import receipt
from digest.model import Answer, Delivery, Letter, Receipt

Part = TypeVar("Part")


class Unsendable(Exception):
    """A letter that the API cannot be asked for; the text says why."""


def sorted_out(
    letters: Iterable[Letter], write: Callable[[Letter], Part]
) -> tuple[list[Part], list[Letter], dict[int, Receipt]]:
    """The parts of a call, the letters that they are for, and by their place the refusals of all others.

    `write` makes a letter's part, or raises Unsendable.
    """
    parts: list[Part] = []
    sendable: list[Letter] = []
    refused: dict[int, Receipt] = {}
    for place, letter in enumerate(letters):
        try:
            parts.append(write(letter))
            sendable.append(letter)
        except Unsendable as reason:
            refused[place] = receipt(letter, Answer.NOT_TAKEN, str(reason))
    return parts, sendable, refused


def all_in_order(count: int, delivery: Delivery, refused: Mapping[int, Receipt]) -> Delivery:
    """The receipts of those that were sent, with the refusals in their places. Test copies share a key, so it is the
    place that counts."""
    sent = iter(delivery.receipts)
    return replace(delivery, receipts=tuple(refused.get(place) or next(sent) for place in range(count)))
