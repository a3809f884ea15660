"""Colours, their contrast, and what dark modes make of them. Pure.

Contrast as WCAG 2.2 defines it ("contrast ratio", "relative luminance"). Mail programs that turn a letter over by
themselves ignore its own dark form. `turned_fully` is how Outlook's apps and Gmail on iPhones do it, turned partly is
Gmail on Android and Outlook.com; both agree within 0.4 with what was measured for the theme's own colours.
"""

from __future__ import annotations

import colorsys
from functools import lru_cache

Colour = tuple[float, float, float]
"""Red, green and blue, 0 to 1."""

READABLE = 4.5
"""WCAG 2.2, success criterion 1.4.3."""

BLACK: Colour = (0.0, 0.0, 0.0)
WHITE: Colour = (1.0, 1.0, 1.0)

_MIDDLE = 50.0
_LIFTED = 110.0  # grounds end a little above black
_D65 = (0.95047, 1.0, 1.08883)


def luminance(colour: Colour) -> float:
    """0 for black, 1 for white."""
    red, green, blue = map(_linear, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def over(colour: Colour, alpha: float, ground: Colour) -> Colour:
    """A colour of which the ground shines through."""
    red, green, blue = (alpha * upper + (1 - alpha) * lower for upper, lower in zip(colour, ground, strict=True))
    return red, green, blue


def turned_fully(colour: Colour) -> Colour:
    """Lightness turned over, hue kept (HSL)."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*colour)
    return colorsys.hls_to_rgb(hue, 1 - lightness, saturation)


@lru_cache(maxsize=1024)
def ink_turned_partly(ink: Colour) -> Colour:
    """Dark text turned light (CIELAB); light text stays."""
    lightness, a, b = _lab(ink)
    return ink if lightness >= _MIDDLE else _from_lab(100 - lightness, a, b)


@lru_cache(maxsize=1024)
def ground_turned_partly(ground: Colour) -> Colour:
    """A light ground turned dark (CIELAB); a dark one stays."""
    lightness, a, b = _lab(ground)
    return ground if lightness <= _MIDDLE else _from_lab(_LIFTED - lightness, a, b)


def written(colour: Colour) -> str:
    """`#7D1D2B`."""
    return "#" + "".join(f"{round(255 * part):02X}" for part in colour)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _lab(colour: Colour) -> tuple[float, float, float]:
    """CIELAB under D65 (IEC 61966-2-1, CIE 15)."""
    red, green, blue = map(_linear, colour)
    x = _cube_root((0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / _D65[0])
    y = _cube_root((0.2126729 * red + 0.7151522 * green + 0.0721750 * blue) / _D65[1])
    z = _cube_root((0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / _D65[2])
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _from_lab(lightness: float, a: float, b: float) -> Colour:
    middle = (lightness + 16) / 116
    x, y, z = (
        _cubed(part) * white for part, white in zip((middle + a / 500, middle, middle - b / 200), _D65, strict=True)
    )
    return (
        _gamma(3.2404542 * x - 1.5371385 * y - 0.4985314 * z),
        _gamma(-0.9692660 * x + 1.8760108 * y + 0.0415560 * z),
        _gamma(0.0556434 * x - 0.2040259 * y + 1.0572252 * z),
    )


def _cube_root(part: float) -> float:
    return float(part ** (1 / 3)) if part > 0.008856 else 7.787 * part + 16 / 116


def _cubed(part: float) -> float:
    return part**3 if part**3 > 0.008856 else (part - 16 / 116) / 7.787


def _gamma(part: float) -> float:
    made = 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
    return min(1.0, max(0.0, made))
