"""The words of segments: which readers an issue goes to, by what they chose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias


class Trait(StrEnum):
    """What of a reader's choice a term looks at."""

    SECTION = "section"
    LANGUAGE = "language"
    RHYTHM = "rhythm"
    TIMEZONE = "timezone"


@dataclass(frozen=True, slots=True)
class Term:
    """The readers with that value: `language:es`. Of a section those who get it: who chose it, and who chose none and
    so gets all."""

    trait: Trait
    value: str


@dataclass(frozen=True, slots=True)
class Every:
    """The readers who are in every part."""

    parts: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """The readers who are in one part at least."""

    parts: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """All readers but those of the part."""

    part: Segment


Segment: TypeAlias = "Term | Every | Either | Without"
"""Equal ones are the same filter in the same order."""


def terms_of(segment: Segment) -> Iterator[Term]:
    """The terms in the order in which they are written, one that stands twice twice."""
    match segment:
        case Term():
            yield segment
        case Without(part):
            yield from terms_of(part)
        case Every(parts) | Either(parts):
            for part in parts:
                yield from terms_of(part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A segment as the store can apply it. `words` are its own. `language` and `timezone` are the publication's, which
    readers have who named none. `choices` has, for each section that the segment names, the choices of sections that
    come to it; whoever chose nothing has them all."""

    segment: Segment
    words: str
    language: str
    timezone: str
    choices: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentCount:
    """How many readers may be written to, how many of them are in the segment, and in each of its terms by itself,
    under the term's words."""

    words: str
    readers: int
    selected: int
    terms: Mapping[str, int] = field(default_factory=dict)
