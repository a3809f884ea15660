"""The two crops of a picture that the letter shows, and how they are cut out of it. Pure.

A picture is shown at most 560 px wide (the lead) or 320 px (a story's, on a phone; docs/design.md). Prints have twice
that, because most screens have two pixels where a letter counts one.
"""

from __future__ import annotations

from dataclasses import dataclass

from digest.model.pictures import Crop


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """The sides of a crop and its limits: `width` is a print's at most and `narrowest` its least, in px; `heaviest` is
    in bytes."""

    across: int
    down: int
    width: int
    narrowest: int
    heaviest: int

    def height(self, width: int) -> int:
        """The height that belongs to a width, in px."""
        return max(1, round(width * self.down / self.across))


MEASURES = {
    Crop.LEAD: Measures(across=16, down=9, width=1120, narrowest=560, heaviest=200_000),
    Crop.STORY: Measures(across=3, down=2, width=640, narrowest=240, heaviest=60_000),
}

_MIDDLE, _ABOVE_THE_MIDDLE = 0.5, 0.3
"""How much of what is cut off goes at the top. Upright pictures have faces, and those are above the middle."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in px."""


def cut(width: int, height: int, measures: Measures) -> Box:
    """The largest part of a picture that has those sides."""
    wide = min(float(width), height * measures.across / measures.down)
    high = min(float(height), width * measures.down / measures.across)
    above = _ABOVE_THE_MIDDLE if height > width else _MIDDLE
    left, top = (width - wide) / 2, (height - high) * above
    return left, top, left + wide, top + high


def print_width(width: int, height: int, measures: Measures) -> int:
    """How wide a print of that picture is: never wider than what is cut out of it."""
    left, _, right, _ = cut(width, height, measures)
    return min(measures.width, int(right - left))


def reduction(width: int, height: int) -> float:
    """The least scale (at most 1) at which a picture can be opened and still be cut without being enlarged."""
    return max(_scale(width, height, measures) for measures in MEASURES.values())


def _scale(width: int, height: int, measures: Measures) -> float:
    left, _, right, _ = cut(width, height, measures)
    return min(1.0, measures.width / (right - left))
