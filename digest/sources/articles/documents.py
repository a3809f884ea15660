"""Linked data of a page (JSON-LD, https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents): its objects,
out of scripts that are often not quite JSON. Any value may have any type."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from lxml import etree

Thing = Mapping[str, Any]

_MOST_SCRIPTS = 40
_MOST_TEXT = 500_000
_MOST_THINGS = 2_000
_DEEPEST = 8
_WRAPPING = re.compile(r"^\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[\s*(?:\*/)?)|(?:-->|(?://|/\*)?\s*\]\]>\s*(?:\*/)?)\s*$")
_COMMA_TOO_MANY = re.compile(r",(?=\s*[}\]])")
_BETWEEN = re.compile(r"[\s;,]*")
# What stands in these is other stories, other people's words, or the house itself.
_ELSEWHERE = frozenset(
    {"citation", "comment", "haspart", "isbasedon", "ispartof", "itemlistelement", "mentions", "relatedlink", "review"}
)


class Documents:
    """The objects of a page's linked data, the outer before those inside them, and each by its `@id`."""

    def __init__(self, values: Iterable[Any]) -> None:
        self.things = tuple(islice(_things(values), _MOST_THINGS))
        self._by_id: dict[str, Thing] = {}
        for thing in self.things:
            name = thing.get("@id")
            if isinstance(name, str) and len(thing) > len(self._by_id.get(name, ())):
                self._by_id[name] = thing

    def whole(self, value: Any) -> Any:
        """What a reference (`{"@id": …}`) stands for, with what is said beside it; any other value as it is."""
        if not isinstance(value, Mapping) or not isinstance(value.get("@id"), str):
            return value
        return {**self._by_id.get(value["@id"], {}), **value}


def documents_of(tree: etree._Element) -> Documents:
    """The linked data in a page. What cannot be mended is left out."""
    scripts = (script for script in tree.iter("script") if "ld+json" in str(script.get("type") or "").lower())
    return Documents(value for script in islice(scripts, _MOST_SCRIPTS) for value in _values(script.text or ""))


def types_of(thing: Thing) -> frozenset[str]:
    """The names of a thing's types, without where they are defined: `NewsArticle`."""
    named = thing.get("@type")
    named = named if isinstance(named, list) else [named]
    return frozenset(re.split(r"[/#:]", each)[-1] for each in named if isinstance(each, str))


def _values(script: str) -> list[Any]:
    if len(script) > _MOST_TEXT:
        return []
    text = _WRAPPING.sub("", _WRAPPING.sub("", script)).strip()
    for attempt in (text, _COMMA_TOO_MANY.sub("", text), html.unescape(text)):
        values = list(_read(attempt))
        if values:
            return values
    return []


def _read(text: str) -> Iterator[Any]:
    """The values that stand one after the other in `text`, up to the first that is none."""
    # Line breaks inside strings are forbidden, and common.
    decoder = json.JSONDecoder(strict=False)
    at = 0
    while at < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield value
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at


def _things(values: Iterable[Any]) -> Iterator[Thing]:
    level = list(values)
    for _ in range(_DEEPEST):
        found = [value for value in _flat(level) if isinstance(value, Mapping)]
        yield from found
        level = [value for thing in found for name, value in thing.items() if name.lower() not in _ELSEWHERE]


def _flat(values: Iterable[Any]) -> Iterator[Any]:
    """The values, and those in lists among them."""
    for value in values:
        if isinstance(value, list):
            yield from (each for each in value if not isinstance(each, list))
        else:
            yield value
