"""How well near duplicates are told from follow-ups and lookalikes, by the labelled stories of one part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from digest.edit.near import find_near
from tests.near.labelled import Kind, Labelled, kind_of, stories


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """A pair that was taken for what it is not."""

    kind: Kind
    one: Labelled
    other: Labelled
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Pairs by kind, how many of each were called near, and the pairs that were taken wrongly."""

    part: str
    counts: Mapping[Kind, int]
    near: Mapping[Kind, int]
    wrong: tuple[Wrong, ...]

    @property
    def precision(self) -> float:
        """Which part of what was called near is."""
        return self.near[Kind.DUPLICATE] / max(1, sum(self.near.values()))

    @property
    def recall(self) -> float:
        """Which part of the duplicates was called near."""
        return self.near[Kind.DUPLICATE] / self.counts[Kind.DUPLICATE]


def measure(part: str) -> Measured:
    """Looks for near duplicates among all stories of a part, as a gather does, every two stories compared."""
    told = {story.key: story for story in stories(part)}
    found = {
        frozenset((pair.entry, pair.other)): f"{pair.score:.2f}: {pair.why}"
        for pair in find_near([story.gist for story in told.values()], ())
    }
    counts: Counter[Kind] = Counter(dict.fromkeys(Kind, 0))
    near: Counter[Kind] = Counter(dict.fromkeys(Kind, 0))
    wrong = []
    for one, other in combinations(told.values(), 2):
        kind = kind_of(one, other)
        why = found.get(frozenset((one.key, other.key)), "")
        counts[kind] += 1
        near[kind] += bool(why)
        if bool(why) != (kind is Kind.DUPLICATE):
            wrong.append(Wrong(kind=kind, one=one, other=other, why=why))
    return Measured(part=part, counts=counts, near=near, wrong=tuple(wrong))
