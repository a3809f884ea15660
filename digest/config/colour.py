"""Contrast of colours on the papers of the letter (WCAG 2.2, "relative luminance" and "contrast ratio")."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Sequence

PAPERS = ("#FCFAF6", "#F3EEE4")
DARK_PAPERS = ("#161513", "#22201C")
"""The page and the panels of the base theme, in the light and in the dark."""

READABLE = 4.5
"""The least contrast for text (WCAG 2.2, success criterion 1.4.3)."""

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def is_colour(text: str) -> bool:
    return bool(_COLOUR.fullmatch(text))


def contrast(one: str, other: str) -> float:
    """Between 1, the same lightness, and 21, black on white."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def lightened_for_the_dark(accent: str, papers: Sequence[str] = DARK_PAPERS) -> str:
    """The accent in its own hue, only as light as it must be to be read on the dark papers."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(accent))
    steps = (
        _hex(colorsys.hls_to_rgb(hue, lightness + (1 - lightness) * step / 100, saturation)) for step in range(100)
    )
    return next((colour for colour in steps if is_readable(colour, papers)), "#FFFFFF")


def is_readable(colour: str, papers: Sequence[str]) -> bool:
    return all(contrast(colour, paper) >= READABLE for paper in papers)


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hex(parts: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(part * 255):02X}" for part in parts)


def _luminance(colour: str) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
