"""How many letters a lane takes at a time."""

from __future__ import annotations

from digest.deliver.seam import Abilities

_FIRST, _FEWEST = 100, 10
_SECONDS = 0.5
"""What a batch is to take where letters go one by one. A larger one saves writing to the disk; of a smaller one less is
in doubt when the power fails."""


class Portion:
    """As many as a call takes; or, where letters go one by one, as many as go in half a second."""

    def __init__(self, abilities: Abilities) -> None:
        self._most = abilities.readers_per_call
        self._adapts = abilities.letter_by_letter
        self.letters = first(abilities)

    def took(self, letters: int, seconds: float) -> None:
        """So many letters went in so many seconds."""
        if self._adapts and letters:
            wanted = int(letters * _SECONDS / max(seconds, 0.001))
            # Not all at once: a single batch may have been slow, or quick, by chance.
            self.letters = min(self._most, max(_FEWEST, min(2 * self.letters, max(self.letters // 2, wanted))))


def first(abilities: Abilities) -> int:
    """How many at first."""
    return min(_FIRST, abilities.readers_per_call) if abilities.letter_by_letter else abilities.readers_per_call
