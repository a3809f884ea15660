"""Whether there is anything to see in a picture: no pixel, banner, logo or empty ground."""

from __future__ import annotations

from PIL import Image, ImageStat

from digest.pictures.opening import Opened
from digest.pictures.refusal import Refused

_PIXEL = 50
_MOST_STRETCHED = 4.0
"""Sides in that ratio are a banner's. Panoramas are shown up to about 3 : 1."""
_LOOKED_AT = (48, 48)
_EMPTY = 3.0
"""The deviation of brightness, of 255, under which nothing can be made out."""
_ONE_COLOUR = 0.9
_BARE = 0.5
_LOGO_COLOURS = 64
"""Grey photographs have more shades than that, and may well be dark but for a moon."""


def check_worth(picture: Opened) -> None:
    """Raises Refused for what feeds and pages have among their pictures, and is none."""
    width, height = picture.width, picture.height
    if min(width, height) < _PIXEL:
        raise Refused(f"{width} × {height} px: a pixel or an icon")
    if max(width, height) > _MOST_STRETCHED * min(width, height):
        raise Refused(f"{width} × {height} px: a banner")
    small = picture.image.resize(_LOOKED_AT, Image.Resampling.BOX)
    if max(ImageStat.Stat(small).stddev) < _EMPTY:
        raise Refused("it shows one colour only")
    if picture.bare > _BARE or (0 < picture.colours <= _LOGO_COLOURS and _ground(small) > _ONE_COLOUR):
        raise Refused("a logo on an empty ground")


def _ground(small: Image.Image) -> float:
    """The share of the commonest colour, shades of it taken together."""
    shades = small.point(lambda value: value & 0xE0).getcolors(small.width * small.height) or [(0, 0)]
    return max(int(count) for count, _ in shades) / (small.width * small.height)
