"""Style sheets and style attributes as values. The CSS library is used here alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, cast

import tinycss2
from tinycss2.color3 import RGBA, parse_color

from digest.preflight.colour import Colour

_COMPOUND = re.compile(r"[.#]?[\w-]+|\*")
_PX = re.compile(r"(-?\d*\.?\d+)(px|pt)?", re.IGNORECASE)
_PX_IN_A_POINT = 4 / 3
_CONDITIONAL = {"media", "supports", "layer", "container"}


@dataclass(frozen=True, slots=True)
class Declaration:
    """`color: #7D1D2B !important`; name and value in small letters."""

    name: str
    value: str
    important: bool = False


@dataclass(frozen=True, slots=True)
class Compound:
    """`td.muted` of a selector: what an element must be."""

    tag: str
    names: frozenset[str]
    """Classes with their dot, ids with their `#`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule of a sheet, once for each selector of its list.

    `path` is empty for a selector that says more than tags, classes, ids and descent: it then matches nothing here.
    `conditions` are the at-rules around it, as written.
    """

    selector: str
    path: tuple[Compound, ...]
    declarations: tuple[Declaration, ...]
    conditions: tuple[str, ...] = ()

    @property
    def specificity(self) -> tuple[int, int, int]:
        """Ids, classes, tags (Selectors level 3, section 9)."""
        names = [name for compound in self.path for name in compound.names]
        ids = sum(name.startswith("#") for name in names)
        return ids, len(names) - ids, sum(bool(compound.tag) for compound in self.path)

    @property
    def is_plain(self) -> bool:
        """Whether it holds always."""
        return not self.conditions

    @property
    def is_dark(self) -> bool:
        """Whether it holds for readers who read in the dark, and for nobody else."""
        return len(self.conditions) == 1 and bool(re.search(r"prefers-color-scheme\s*:\s*dark", self.conditions[0]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A style element. `at_rules` are all of them as written, such as `@media (max-width:479px)`; `broken` is what the
    parser could not read."""

    rules: tuple[Rule, ...] = ()
    at_rules: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def declarations(style: str) -> tuple[Declaration, ...]:
    """What a style attribute, or the block of a rule, declares; what cannot be read is left out."""
    return tuple(_declarations(tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True)))


@lru_cache(maxsize=128)
def sheet(text: str, media: str = "") -> Sheet:
    """A style element, with its `media` attribute."""
    outer = (f"@media {media.lower()}",) if media and media.lower() != "all" else ()
    found = _read(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True), outer)
    return replace(found, at_rules=(*outer, *found.at_rules))


@lru_cache(maxsize=1024)
def colour_of(value: str) -> tuple[Colour, float] | None:
    """The colour that a value names, also among others (`#FFF url(x)`), and its alpha; None where there is none."""
    for token in tinycss2.parse_component_value_list(value, skip_comments=True):
        found = parse_color(cast("Any", token))
        if isinstance(found, RGBA):
            return (found.red, found.green, found.blue), found.alpha
    return None


def pixels(value: str) -> float | None:
    """`13px` and `10pt` in px; None for what is no such length."""
    found = _PX.fullmatch(value.strip())
    if not found:
        return None
    return float(found[1]) * (_PX_IN_A_POINT if found[2] and found[2].lower() == "pt" else 1)


def _read(nodes: Iterable[Any], conditions: tuple[str, ...]) -> Sheet:
    rules: list[Rule] = []
    at_rules: list[str] = []
    broken: list[str] = []
    for node in nodes:
        if node.type == "qualified-rule":
            rules += _rules(node, conditions)
            broken += [token.message for token in node.prelude if token.type == "error"]
        elif node.type == "at-rule":
            inner = _at_rule(node, conditions)
            rules += inner.rules
            at_rules += inner.at_rules
            broken += inner.broken
        elif node.type == "error":
            broken.append(node.message)
    return Sheet(rules=tuple(rules), at_rules=tuple(at_rules), broken=tuple(broken))


def _at_rule(node: Any, conditions: tuple[str, ...]) -> Sheet:
    written = f"@{node.lower_at_keyword} {tinycss2.serialize(node.prelude).strip().lower()}".strip()
    if node.content is None or node.lower_at_keyword not in _CONDITIONAL:
        return Sheet(at_rules=(written,))
    nodes = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
    inner = _read(nodes, (*conditions, written))
    return replace(inner, at_rules=(written, *inner.at_rules))


def _rules(node: Any, conditions: tuple[str, ...]) -> Iterator[Rule]:
    inside = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
    declared = tuple(_declarations(inside))
    for selector in tinycss2.serialize(node.prelude).split(","):
        yield Rule(selector=selector.strip(), path=_path(selector), declarations=declared, conditions=conditions)


def _path(selector: str) -> tuple[Compound, ...]:
    compounds = tuple(map(_compound, selector.split()))
    return tuple(each for each in compounds if each) if all(compounds) else ()


def _compound(text: str) -> Compound | None:
    parts = _COMPOUND.findall(text)
    if "".join(parts) != text:
        return None
    tags = [part.lower() for part in parts if part[0] not in ".#*"]
    return Compound(tag=tags[0] if tags else "", names=frozenset(part for part in parts if part[0] in ".#"))


def _declarations(nodes: Iterable[Any]) -> Iterator[Declaration]:
    for node in nodes:
        if node.type == "declaration":
            yield Declaration(node.lower_name, tinycss2.serialize(node.value).strip().lower(), node.important)
