"""Reads a segment as an editor writes it. What is not known is refused: a slip must not reach nobody, or everybody."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches

from lark import Token, Tree

from digest.audience.segment_grammar import NotUnderstood, parse
from digest.audience.segments import Known
from digest.audience.zones import known_zone, zone_names
from digest.model.readers import Rhythm
from digest.model.segments import Either, Every, Segment, Term, Trait, Without

LONGEST = 2000
"""Characters. Long enough for anything that a person means, and short enough for what a database takes."""

_TRAITS: Mapping[str, Trait] = {trait.value: trait for trait in Trait} | {
    "frequency": Trait.RHYTHM,
    "zone": Trait.TIMEZONE,
}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SHOWN = 12


def read_segment(text: str, known: Known) -> Segment:
    """The segment that a text says, with names as they are spelled here. Raises NotUnderstood."""
    if len(text) > LONGEST:
        raise NotUnderstood(f"it is longer than {LONGEST} characters", column=LONGEST + 1)
    return _segment(parse(text), known)


def _segment(tree: Tree[Token], known: Known) -> Segment:
    parts = [child for child in tree.children if isinstance(child, Tree)]
    match tree.data:
        case "without":
            part = _segment(parts[0], known)
            return part.part if isinstance(part, Without) else Without(part)
        case "both":
            return Every(tuple(_flat(Every, (_segment(part, known) for part in parts))))
        case "either":
            return Either(tuple(_flat(Either, (_segment(part, known) for part in parts))))
    return _term(tree, known)


def _flat(kind: type[Every] | type[Either], parts: Iterable[Segment]) -> Iterable[Segment]:
    """`a and (b and c)` is `a and b and c`."""
    for part in parts:
        yield from part.parts if isinstance(part, kind) else (part,)


def _term(tree: Tree[Token], known: Known) -> Term:
    field, value = tree.children
    assert isinstance(field, Token) and isinstance(value, Tree)
    name = field.removesuffix(":").strip()
    trait = _TRAITS.get(name.casefold())
    if trait is None:
        hint = _near(name, _TRAITS) or f"there are {', '.join(_TRAITS)}"
        raise NotUnderstood(f"“{name}” is nothing that readers choose", column=field.column or 1, hint=hint)
    text, column = _text(value)
    return Term(trait, _VALUES[trait](text, known, column))


def _text(value: Tree[Token]) -> tuple[str, int]:
    """What a value says, without its quotation marks, and its column."""
    tokens = [token for token in value.children if isinstance(token, Token)]
    first = tokens[0]
    if first.type != "QUOTED":
        return " ".join(tokens), first.column or 1
    inside = str(first[1:-1])
    return (_ESCAPED.sub(r"\1", inside) if first.startswith('"') else inside), first.column or 1


def _section(text: str, known: Known, column: int) -> str:
    names = {_plain(name): name for name in known.sections}
    found = names.get(_plain(text))
    if found is not None:
        return found
    raise _unknown("section", text, column, tuple(known.sections))


def _language(text: str, known: Known, column: int) -> str:
    code = re.split("[-_]", text.strip())[0].casefold()
    if code == known.language or code in known.languages:
        return code
    raise _unknown("language", text, column, tuple(dict.fromkeys((known.language, *known.languages))))


def _rhythm(text: str, known: Known, column: int) -> str:
    rhythm = text.strip().casefold()
    if rhythm in list(Rhythm):
        return rhythm
    raise _unknown("rhythm", text, column, tuple(Rhythm))


def _timezone(text: str, known: Known, column: int) -> str:
    zone, _ = known_zone(text)
    if zone:
        return zone
    near = _near(text, zone_names()) or "write a time zone like Europe/Madrid"
    raise NotUnderstood(f"there is no time zone “{text}”", column=column, hint=near)


_VALUES: Mapping[Trait, Callable[[str, Known, int], str]] = {
    Trait.SECTION: _section,
    Trait.LANGUAGE: _language,
    Trait.RHYTHM: _rhythm,
    Trait.TIMEZONE: _timezone,
}


def _unknown(kind: str, text: str, column: int, names: tuple[str, ...]) -> NotUnderstood:
    listed = ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
    hints = filter(None, (_near(text, names), f"there are {listed}" if names else "digest.toml has none"))
    return NotUnderstood(f"there is no {kind} “{text}”", column=column, hint="; ".join(hints))


def _near(text: str, names: Iterable[str]) -> str:
    plain = {_plain(name): name for name in names}
    near = get_close_matches(_plain(text), plain, n=1)
    return f"did you mean {plain[near[0]]}?" if near else ""


def _plain(name: str) -> str:
    """Letter case and runs of spaces make no other name."""
    return " ".join(name.split()).casefold()
