"""How large a picture stands in the letter. Clients neither crop nor agree on scaling, so its own shape is kept."""

from __future__ import annotations

from dataclasses import dataclass

from digest.model import Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Width and height in px; height 0 when the picture's shape is unknown."""

    width: int
    height: int


def frame(picture: Picture, width: int, tallest: int) -> Frame:
    """The largest frame in `width` by `tallest` with the picture's own shape, never larger than the picture."""
    if picture.width <= 0 or picture.height <= 0:
        return Frame(width=width, height=0)
    scale = min(width / picture.width, tallest / picture.height, 1.0)
    return Frame(width=max(1, round(picture.width * scale)), height=max(1, round(picture.height * scale)))
