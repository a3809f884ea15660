"""Whether text stands out from its ground: in the light, in the dark, and turned over by mail programs."""

from __future__ import annotations

from collections.abc import Iterator

from digest.preflight.colour import (
    READABLE,
    Colour,
    contrast,
    ground_turned_partly,
    ink_turned_partly,
    turned_fully,
    written,
)
from digest.preflight.fault import Fault
from digest.preflight.inspected import Look
from digest.preflight.shapes import Shape

_INVISIBLE = "⁠\u200b‌‍͏ ­  "
LIGHT, DARK, FULLY, PARTLY = "light", "dark", "turned over", "partly turned over"

_WHY = {
    LIGHT: "readers with weak eyes, or in the sun, cannot read it",
    DARK: "readers who read in the dark cannot read it",
    FULLY: "Outlook's apps and Gmail on iPhones turn all colours over in the dark, and it cannot be read there",
    PARTLY: "Gmail on Android and Outlook.com turn light grounds and dark text over, and it cannot be read there",
}
_DO = {
    LIGHT: "take a darker colour for it, or a lighter ground",
    DARK: "correct the pair in the part of the style sheet for prefers-color-scheme: dark",
    FULLY: "choose a text colour further away from its ground",
    PARTLY: "choose a text colour further away from its ground, and set both on the same element",
}


def light(look: Look) -> Iterator[Fault]:
    """In the light."""
    yield from _faint(look, LIGHT)


def dark(look: Look) -> Iterator[Fault]:
    """In the letter's own dark form."""
    yield from _faint(look, DARK)


def turned(look: Look) -> Iterator[Fault]:
    """After programs turned it over."""
    yield from _faint(look, FULLY)
    yield from _faint(look, PARTLY)


def least(look: Look) -> str:
    """The lowest of all contrasts."""
    least = min((min(_contrasts(shape).values()) for shape in look.page.texts), default=0.0)
    return f"at least {least:.1f}:1" if least else ""


def _faint(look: Look, form: str) -> Iterator[Fault]:
    told: set[tuple[Colour, Colour]] = set()
    for shape, (at, words) in look.page.texts.items():
        found = _contrasts(shape)[form]
        if found >= READABLE or not words.strip(_INVISIBLE) or (pair := _pair(shape, form)) in told:
            continue
        told.add(pair)
        yield Fault(
            title=f"{written(pair[0])} on {written(pair[1])} has a contrast of {found:.1f}:1",
            where=look.places.of_element(at, words),
            why=f"{_WHY[form]}; 4.5:1 is needed",
            do=_DO[form],
            at=at,
        )


def _contrasts(shape: Shape) -> dict[str, float]:
    """The contrast in each form, worked out once for a shape."""
    known = shape.worked_out
    if "contrast" not in known:
        known["contrast"] = {form: contrast(*_pair(shape, form)) for form in _WHY}
    found: dict[str, float] = known["contrast"]
    return found


def _pair(shape: Shape, form: str) -> tuple[Colour, Colour]:
    look = shape.dark if form == DARK else shape.light
    if form == FULLY:
        return turned_fully(look.ink), turned_fully(look.ground)
    if form == PARTLY:
        return ink_turned_partly(look.ink), ground_turned_partly(look.ground)
    return look.ink, look.ground
