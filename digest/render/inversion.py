"""What mailboxes do to colours in the dark when a letter says nothing that they listen to.

Two habits stand for all: Gmail's apps flip every colour's lightness and keep its hue; Outlook's apps and Android's web
views flip light grounds and dark text only. Neither firm tells how; these are the measures of the design reference:
lightness as HSL has it for the first (ink on paper 16.2 : 1), as CIE L*a*b* has it for the second (13.1 : 1), in which
no ground becomes darker than L* 10.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Callable

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""
Turn = Callable[[Colour, bool], Colour]
"""Gives what becomes of a colour; the flag says whether it is a ground."""

_DARKEST_GROUND = 10.0
_MIDDLE = 50.0
_WHITE = (0.95047, 1.0, 1.08883)  # D65
_TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
_TO_RGB = ((3.2404542, -1.5371385, -0.4985314), (-0.9692660, 1.8760108, 0.0415560), (0.0556434, -0.2040259, 1.0572252))

_STYLED = re.compile(
    r"""(?P<before>\sstyle\s*=\s*"|<style\b[^>]*>)(?P<css>(?<=")[^"]*|(?<=>).*?(?=</style>))""",
    re.DOTALL | re.IGNORECASE,
)
_BGCOLOR = re.compile(r"""(?P<before>\sbgcolor\s*=\s*"?)(?P<colour>#[0-9a-f]{3,6}\b|white\b|black\b)""", re.I)
_DECLARATION = re.compile(r"(?P<property>[\w-]+)(?P<colon>\s*:\s*)(?P<value>[^;{}]+)")
_COLOUR = re.compile(
    r"(?<![\w-])(?:#(?P<six>[0-9a-f]{6})\b|#(?P<three>[0-9a-f]{3})\b|(?P<name>white|black)\b"
    r"|rgba?\(\s*(?P<red>\d{1,3})[\s,]+(?P<green>\d{1,3})[\s,]+(?P<blue>\d{1,3})(?P<rest>[^)]*)\))",
    re.I,
)


def fully(colour: Colour, ground: bool) -> Colour:
    """The colour with its lightness flipped, its hue and saturation kept."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    red, green, blue = colorsys.hls_to_rgb(hue, 1 - lightness, saturation)
    return round(red * 255), round(green * 255), round(blue * 255)


def partly(colour: Colour, ground: bool) -> Colour:
    """A light ground or a dark text flipped; every other colour as it is."""
    lightness, a, b = _to_lab(colour)
    if (lightness > _MIDDLE) is not ground:
        return colour
    least = _DARKEST_GROUND if ground else 0.0
    return _from_lab(least + (100 - lightness) * (100 - least) / 100, a, b)


def with_colours_turned(html: str, turn: Turn) -> str:
    """`html` with the colours of its styles and grounds turned over; pictures stay as they are."""
    html = _STYLED.sub(lambda found: found["before"] + _turned_css(found["css"], turn), html)
    return _BGCOLOR.sub(lambda found: found["before"] + _turned_value(found["colour"], turn, ground=True), html)


def _turned_css(css: str, turn: Turn) -> str:
    def turned(found: re.Match[str]) -> str:
        ground = found["property"].lower().startswith("background")
        return f"{found['property']}{found['colon']}{_turned_value(found['value'], turn, ground=ground)}"

    return _DECLARATION.sub(turned, css)


def _turned_value(value: str, turn: Turn, *, ground: bool) -> str:
    def turned(found: re.Match[str]) -> str:
        red, green, blue = turn(_colour(found), ground)
        return f"rgba({red},{green},{blue}{found['rest']})" if found["rest"] else f"#{red:02x}{green:02x}{blue:02x}"

    return _COLOUR.sub(turned, value)


def _colour(found: re.Match[str]) -> Colour:
    if found["red"]:
        return int(found["red"]), int(found["green"]), int(found["blue"])
    if found["name"]:
        return (255, 255, 255) if found["name"].lower() == "white" else (0, 0, 0)
    digits = found["six"] or "".join(2 * digit for digit in found["three"])
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def _to_lab(colour: Colour) -> tuple[float, float, float]:
    """CIE L*a*b* (1976) of an sRGB colour."""
    linear = [_linear(part / 255) for part in colour]
    x, y, z = (
        _root(sum(share * part for share, part in zip(row, linear, strict=True)) / white)
        for row, white in zip(_TO_XYZ, _WHITE, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _from_lab(lightness: float, a: float, b: float) -> Colour:
    y = (lightness + 16) / 116
    xyz = [_cube(part) * white for part, white in zip((y + a / 500, y, y - b / 200), _WHITE, strict=True)]
    red, green, blue = (_byte(sum(share * part for share, part in zip(row, xyz, strict=True))) for row in _TO_RGB)
    return red, green, blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _byte(linear: float) -> int:
    part = 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055
    return round(255 * min(1.0, max(0.0, part)))


def _root(part: float) -> float:
    return float(part ** (1 / 3)) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116


def _cube(part: float) -> float:
    return part**3 if part**3 > 216 / 24389 else (116 * part - 16) * 27 / 24389
