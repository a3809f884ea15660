"""Slots: the places that are filled for each reader. The rendered letter holds a marker for each of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from digest.model import ISSUE_SLOTS, Slot
from digest.render.characters import printable
from digest.render.languages import Language
from digest.settings import Publication


def markers_of(content_hash: str) -> dict[Slot, str]:
    """A marker for each slot of an issue. No story can contain one: it would have to know the hash of the issue it
    stands in."""
    return {slot: marker_of(slot, content_hash) for slot in ISSUE_SLOTS}


def marker_of(slot: Slot, content_hash: str) -> str:
    """The marker of one slot."""
    return f"digest-{slot.value}-{content_hash[:12]}"


def fill_html(html: str, slots: Mapping[Slot, str], values: Mapping[Slot, str]) -> str:
    """`html` with each marker of `slots` replaced by its value, escaped for text and attributes.

    Raises KeyError when a slot has no value.
    """
    return _fill(html, {marker: escape(printable(values[slot])) for slot, marker in slots.items()})


def fill_text(text: str, slots: Mapping[Slot, str], values: Mapping[Slot, str]) -> str:
    """`text` with each marker of `slots` replaced by its value on one line. Raises KeyError when one is missing."""
    return _fill(text, {marker: printable(values[slot]) for slot, marker in slots.items()})


def neutral_values(publication: Publication, language: Language) -> dict[Slot, str]:
    """What stands in the slots of the copy on the web and in the archive, which is nobody's in particular."""
    return {
        Slot.GREETING: language.greeting_without_name(),
        Slot.READER: language.nobody_in_particular(),
        Slot.UNSUBSCRIBE: publication.web,
        Slot.PREFERENCES: publication.web,
    }


def _fill(text: str, replacements: Mapping[str, str]) -> str:
    # In one pass: a value that looks like a marker stays what it is.
    marker = re.compile("|".join(map(re.escape, replacements)) or r"(?!)")
    return marker.sub(lambda found: replacements[found.group()], text)
