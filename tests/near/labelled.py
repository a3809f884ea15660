"""The labelled stories: families of them, and which two tell the same."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import combinations
from pathlib import Path

from digest.edit.gist import gist_of
from digest.model import Entry, Gist

FOLDER = Path(__file__).parent
TUNED, HELD = "tuned", "held"
"""The stories that the method was tuned on, and those that were written before and kept back to measure it."""


class Kind(StrEnum):
    """What two stories are to each other."""

    DUPLICATE = "duplicate"
    FOLLOW_UP = "follow-up"
    LOOKALIKE = "lookalike"
    UNRELATED = "unrelated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A story of a family: the same event is the same story. `formula`: its family shares only words."""

    key: int
    family: str
    formula: bool
    event: str
    source: str
    published: datetime
    headline: str
    text: str

    @property
    def entry(self) -> Entry:
        return Entry(
            source=self.source,
            identity=str(self.key),
            title=self.headline,
            link=f"https://papers.example/{self.key}",
            content="".join(f"<p>{paragraph}</p>" for paragraph in self.text.strip().split("\n\n")),
            published=self.published,
        )

    @property
    def gist(self) -> Gist:
        return Gist(key=self.key, dated=self.published, text=gist_of(self.entry))


def stories(part: str) -> tuple[Labelled, ...]:
    """All stories of a part, the files in the order of their names."""
    families = (
        family
        for file in sorted((FOLDER / part).glob("*.toml"))
        for family in tomllib.loads(file.read_text("utf-8"))["family"]
    )
    told = ((family, story) for family in families for story in family["story"])
    return tuple(
        Labelled(key=key, family=family["about"], formula=family.get("kind") == "lookalike", **story)
        for key, (family, story) in enumerate(told, 1)
    )


def pairs(part: str) -> Iterator[tuple[Kind, Labelled, Labelled]]:
    """Every two stories of one family, and what they are to each other."""
    for one, other in combinations(stories(part), 2):
        if one.family == other.family:
            yield kind_of(one, other), one, other


def kind_of(one: Labelled, other: Labelled) -> Kind:
    """What two stories are to each other."""
    if one.family != other.family:
        return Kind.UNRELATED
    if one.event == other.event:
        return Kind.DUPLICATE
    return Kind.LOOKALIKE if one.formula else Kind.FOLLOW_UP
