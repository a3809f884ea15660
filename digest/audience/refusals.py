"""For what a row of a list says no, so that the no can be kept when the list is taken over from another service."""

from __future__ import annotations

from functools import lru_cache

from digest.audience import words
from digest.audience.words import plain
from digest.model.readers import Ground


@lru_cache(maxsize=1024)
def ground_of(column: str, said: str) -> str:
    """The `Ground` of a refusal by the name of its column and what stands there.

    Empty where nobody has said no: they never confirmed that they want the letter.
    """
    title, word = plain(column), plain(said)
    if word in words.NEVER_CONFIRMED:
        return ""
    for names, ground in _GROUNDS:
        if title in names or (title in words.STATUS and word in names):
            return ground.value
    return Ground.UNSUBSCRIBED.value


_GROUNDS = (
    (words.COMPLAINED, Ground.COMPLAINED),
    (words.UNREACHABLE, Ground.SOFT),
    (words.BOUNCED, Ground.BOUNCED),
    (words.BY_HAND, Ground.BY_HAND),
)
