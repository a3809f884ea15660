"""Two pictures of one letter: what they have in common, and where they part."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageChops

FLAT, MIXED = 12, 12
"""A picture is kept in its commonest colours, which are the theme's, and in some that stand for all others."""
NOTICED = 40
"""A pixel differs when a channel of it does by more than this, of 255."""
TILE = (32, 16)
"""Width and height in px of the tiles in which differences are counted: a few letters."""
TOLERATED = 0.04
"""The share of a tile's pixels that may differ."""


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def reduced(picture: Image.Image, palette: Image.Image) -> Image.Image:
    """The picture in the colours of another."""
    return picture.quantize(palette=palette, dither=Image.Dither.NONE)


def difference(one: Image.Image, other: Image.Image) -> float:
    """The share of pixels that differ in the tile where most of them do; 1 for pictures of two sizes."""
    if one.size != other.size:
        return 1.0
    channels = ImageChops.difference(one.convert("RGB"), other.convert("RGB")).split()
    most = ImageChops.lighter(ImageChops.lighter(channels[0], channels[1]), channels[2])
    differing = most.point([0] * (NOTICED + 1) + [255] * (255 - NOTICED))
    return max(differing.reduce(TILE).tobytes()) / 255


def keep(picture: Image.Image, path: Path) -> None:
    """Writes it in few colours, so that it weighs little."""
    reduced(picture, _palette_of(picture)).save(path, optimize=True)


def _palette_of(picture: Image.Image) -> Image.Image:
    counted = picture.getcolors(picture.width * picture.height) or []
    commonest = [colour for _, colour in sorted(counted, reverse=True)[:FLAT]]
    mixed = picture.quantize(MIXED, method=Image.Quantize.MEDIANCUT).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([*(channel for colour in commonest for channel in colour), *mixed[: 3 * MIXED]])
    return palette
