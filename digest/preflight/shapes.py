"""Shapes: what elements look like, apart from what they say.

A letter of 25 stories has hundreds of elements and half as many shapes: the same tag, classes and style under the same
parents. Each shape is worked out once, and kept from letter to letter for as long as the style sheets stay the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from digest.preflight import features
from digest.preflight.colour import BLACK, WHITE, Colour, over
from digest.preflight.css import Compound, Declaration, Rule, colour_of, declarations, pixels, sheet

BODY_PX = 16.0
_LARGE = {"h1": 2.0, "h2": 1.5, "h3": 1.17, "h4": 1.0, "small": 0.83}
_FONT_SIZES = {"small": 13.0, "medium": 16.0, "large": 18.0, "smaller": 13.0, "x-small": 10.0, "xx-small": 9.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How text is set: its colour, the ground under it, its size in px; `pictured` when the ground is a picture."""

    ink: Colour = BLACK
    ground: Colour = WHITE
    px: float = BODY_PX
    pictured: bool = False


@dataclass(frozen=True, slots=True)
class Cascade:
    """The rules that hold always, and those and the ones for the dark, each in the order of their weight."""

    light: tuple[Rule, ...] = ()
    dark: tuple[Rule, ...] = ()

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> Cascade:
        """Rules by specificity, then by place (CSS Cascade level 4, section 6.4)."""
        ordered = sorted((rule for rule in rules if rule.path), key=lambda rule: rule.specificity)
        plain = tuple(rule for rule in ordered if rule.is_plain)
        return cls(plain, tuple(rule for rule in ordered if rule.is_plain or rule.is_dark))


@dataclass(slots=True, eq=False)
class Shape:
    """An element as it is set, under its parent. `styles` are its own declarations, in the light form."""

    tag: str
    names: frozenset[str]
    parent: Shape | None
    cascade: Cascade
    styles: Mapping[str, str] = field(default_factory=dict)
    declared: tuple[Declaration, ...] = ()
    uses: features.Features = frozenset()
    light: Look = field(default_factory=Look)
    dark: Look = field(default_factory=Look)
    hidden: bool = False
    children: dict[Any, Shape] = field(default_factory=dict)
    worked_out: dict[Any, Any] = field(default_factory=dict)
    """What checks found about the shape, by check: it holds wherever the shape is used."""

    def child(self, key: tuple[Any, ...], tag: str, attributes: Mapping[str, str]) -> Shape:
        """The shape of an element inside, which `key` stands for."""
        made = self.children[key] = _worked_out(self, tag, attributes)
        return made


@lru_cache(maxsize=32)
def root(sheets: tuple[tuple[str, str], ...]) -> Shape:
    """The shape above `<body>` of letters with these style elements: text and `media` of each."""
    rules = [rule for text, media in sheets for rule in sheet(text, media).rules]
    return Shape(tag="html", names=frozenset(), parent=None, cascade=Cascade.of(rules))


def _worked_out(parent: Shape, tag: str, attributes: Mapping[str, str]) -> Shape:
    names = {f".{name}" for name in attributes.get("class", "").split()}
    if identity := attributes.get("id"):
        names.add(f"#{identity}")
    shape = Shape(tag=tag, names=frozenset(names), parent=parent, cascade=parent.cascade)
    shape.declared = declarations(attributes.get("style", ""))
    light = _cascaded(shape, parent.cascade.light, attributes)
    shape.styles = light
    shape.light = _look(parent.light, tag, light)
    shape.dark = _look(parent.dark, tag, _cascaded(shape, parent.cascade.dark, attributes))
    shape.hidden = parent.hidden or light.get("display") == "none" or light.get("visibility") == "hidden"
    shape.uses = _uses(shape, attributes)
    return shape


def _uses(shape: Shape, attributes: Mapping[str, str]) -> features.Features:
    """What it asks of a mail program. In what is hidden only the hiding counts."""
    own = features.of_tag(shape.tag, attributes.get("type", "").lower())
    declared = [each for each in shape.declared if not shape.hidden or each.name == "display"]
    if shape.hidden:
        return frozenset().union(own, *map(features.of_declaration, declared))
    return own.union(features.of_attributes(tuple(attributes)), *map(features.of_declaration, declared))


def _cascaded(shape: Shape, rules: Iterable[Rule], attributes: Mapping[str, str]) -> dict[str, str]:
    """The declarations that win, by name; `background` stands for its colour too."""
    matching = [rule.declarations for rule in rules if _matches(rule.path, shape)]
    of_sheets = [each for declared in matching for each in declared]
    own = shape.declared
    styles = {"background-color": attributes["bgcolor"]} if "bgcolor" in attributes else {}
    for important in (False, True):
        for declaration in (*of_sheets, *own):
            if declaration.important is important:
                _declare(styles, declaration)
    return styles


def _declare(styles: dict[str, str], declaration: Declaration) -> None:
    styles[declaration.name] = declaration.value
    if declaration.name == "background":
        styles["background-color"] = declaration.value
        styles["background-image"] = declaration.value if "url(" in declaration.value else "none"


def _matches(path: tuple[Compound, ...], shape: Shape) -> bool:
    if not _is(path[-1], shape):
        return False
    rest, above = list(path[:-1]), shape.parent
    while rest and above is not None:
        if _is(rest[-1], above):
            rest.pop()
        above = above.parent
    return not rest


def _is(compound: Compound, shape: Shape) -> bool:
    return compound.tag in {"", shape.tag} and compound.names <= shape.names


def _look(outer: Look, tag: str, styles: Mapping[str, str]) -> Look:
    ground, pictured = _ground(outer, styles)
    ink = colour_of(styles["color"]) if "color" in styles else None
    # A link without a colour of its own gets the program's, which knows what it is shown on: it counts as text.
    shown = over(*ink, ground) if ink else outer.ink
    return Look(ink=shown, ground=ground, px=_px(outer.px, tag, styles), pictured=pictured)


def _ground(outer: Look, styles: Mapping[str, str]) -> tuple[Colour, bool]:
    pictured = "url(" in styles.get("background-image", "")
    found = colour_of(styles["background-color"]) if "background-color" in styles else None
    if not found or found[1] == 0:
        return outer.ground, outer.pictured or pictured
    return over(*found, outer.ground), pictured


def _px(outer: float, tag: str, styles: Mapping[str, str]) -> float:
    """The size of its text: the longhand where there is one, else out of `font`."""
    written = styles.get("font-size") or next(iter(styles.get("font", "").split("/")), "").split(" ")[-1]
    if not written:
        return outer * _LARGE.get(tag, 1.0)
    if written.endswith("%"):
        return outer * _number(written[:-1], 100.0) / 100
    if written.endswith("rem"):
        return BODY_PX * _number(written[:-3], 1.0)
    if written.endswith("em"):
        return outer * _number(written[:-2], 1.0)
    return pixels(written) if pixels(written) is not None else _FONT_SIZES.get(written, outer)  # type: ignore[return-value]


def _number(text: str, otherwise: float) -> float:
    try:
        return float(text)
    except ValueError:
        return otherwise
