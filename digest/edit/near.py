"""Near duplicates: the same story with another headline, from a sister site or a wire.

Two versions of a story share most of their telling words, and nearly all names and figures. So does a follow-up, which
tells the past of its case; but its first sentences tell another turn (`charged`, `sentenced`) on another day. Stories
made by a formula share its words and not the names and figures.

How much each of these counts was fitted to labelled pairs (`python -m tests.near` measures it), and then rounded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from itertools import chain
from math import exp, log

from rapidfuzz import fuzz

from digest.edit.common_words import OF_THE_LANGUAGE, OF_THE_TRADE
from digest.edit.turns import days, months_named, turns
from digest.model import Gist, Likeness

REACH = timedelta(days=60)
"""Stories further apart are not compared."""
NEAR = 0.4
"""From this score on two entries tell the same story."""

_LEAST_WORDS = 12
"""Fewer telling words than these prove nothing: a headline alone, a recurring column's."""
_LEAD_WORDS = 28
"""So many words at least are read for what happened, and when: the headline and whole sentences."""
_LEAST_SHARED = 4
_LEAST_ALIKE = 60
_COMMON = 0.005
_STILL_RARE = 20
"""A word finds pairs that no larger share of the stories has, or no more stories than these."""
# As many stories as the window's are imagined beside it, so that common words are known in a small window too.
_IMAGINED = 400
_IN_IMAGINED = {"trade": 40, "figure": 8, "other": 1}
_RAREST = 0.002
_ASKED = 2_500
_FURTHEST = 5
"""Days further apart count no more than these."""
_DOUBT = 2.0
"""A weight of names and figures that is taken to be half shared, so that one name alone proves little."""


class Rarity:
    """How telling words are among some stories: the rarer, the more. Words of the language weigh nothing."""

    def __init__(self, gists: Sequence[Gist]) -> None:
        # A few thousand stories, evenly out of all, tell how rare a word is as well as all of them.
        some = gists[:: 1 + len(gists) // _ASKED]
        self._stories = len(some)
        self._in_stories = Counter(chain.from_iterable(gist.telling.split() for gist in some))

    def weight(self, word: str) -> float:
        """What a stem in small letters weighs: 0 to 6.2."""
        if word in OF_THE_LANGUAGE:
            return 0.0
        share = (self._in_stories[word] + _IN_IMAGINED[_sort_of(word)]) / (self._stories + _IMAGINED)
        return -log(max(share, _RAREST))

    def is_common(self, word: str) -> bool:
        """Whether so many stories have it that it does not help to find those that are alike."""
        known = word in OF_THE_LANGUAGE or word in OF_THE_TRADE
        return known or self._in_stories[word] > max(_COMMON * self._stories, _STILL_RARE)


def _sort_of(word: str) -> str:
    if word in OF_THE_TRADE:
        return "trade"
    return "figure" if word.isdigit() and len(word) < 3 else "other"


@dataclass(frozen=True)
class Profile:
    """A gist, looked at from all sides, each when it is asked for."""

    gist: Gist
    rarity: Rarity = field(repr=False)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(self.gist.telling.split())

    @cached_property
    def facts(self) -> dict[str, float]:
        """The names and figures of the opening, with what they weigh. A script without capitals has no names, so that
        all telling words stand for them."""
        opening = {word for sentence in self.gist.sentences for word in sentence}
        names = {word.lower() for word in opening if word[0].isupper()} - OF_THE_TRADE - OF_THE_LANGUAGE
        figures = {word for word in opening if word[0].isdigit()}
        found = names | figures if names else (opening - OF_THE_TRADE - OF_THE_LANGUAGE)
        return {word: self.rarity.weight(word) for word in found}

    @cached_property
    def lead(self) -> list[str]:
        words = list(self.gist.headline)
        read = 0
        for sentence in self.gist.sentences:
            if read >= _LEAD_WORDS:
                break
            words += map(str.lower, sentence)
            read += len(sentence)
        return words

    def share_in(self, other: Profile) -> float:
        """How much of its names and figures the other story has too, 0 to 1."""
        shared = sum(weight for word, weight in self.facts.items() if word in other.words)
        return (shared + _DOUBT) / (sum(self.facts.values()) + 2 * _DOUBT)


def likeness(one: Profile, other: Profile) -> Likeness:
    """How far two entries tell the same story: the score is 0 to 1, and NEAR is where they do."""
    alike = fuzz.token_set_ratio(one.gist.telling, other.gist.telling) / 100
    shares = sorted((one.share_in(other), other.share_in(one)))
    for_it = 14.5 * alike + 4 * shares[0] + 10.5 * shares[1]
    against = 3 * _turned(one, other) + 1.75 * _looks_back(one, other) + _apart(one, other)
    return Likeness(
        entry=one.gist.key,
        other=other.gist.key,
        score=1 / (1 + exp(-max(-30.0, for_it - against - 21))),
        why=f"{alike:.0%} of the words, {shares[1]:.0%} of the names and figures",
    )


def find_near(new: Sequence[Gist], others: Sequence[Gist]) -> Iterator[Likeness]:
    """The pairs among `new`, and between `new` and `others`, that tell the same story. The later entry comes first."""
    rarity = Rarity([*new, *others])
    index = _Index(rarity, new)
    index.take(others)
    for gist in new:
        one = Profile(gist, rarity)
        for other in index.like(one):
            later, earlier = (one, other) if gist.key > other.gist.key else (other, one)
            found = likeness(later, earlier)
            if found.score >= NEAR:
                yield found
        index.take([gist])


class _Index:
    """Stories by their uncommon words: of those, the words that some stories to be looked for have."""

    def __init__(self, rarity: Rarity, sought: Iterable[Gist]) -> None:
        words = frozenset(chain.from_iterable(gist.telling.split() for gist in sought))
        self._rarity = rarity
        self._profiles: list[Profile] = []
        self._stories: dict[str, list[int]] = {word: [] for word in words if not rarity.is_common(word)}
        self._words = frozenset(self._stories)

    def take(self, gists: Iterable[Gist]) -> None:
        """From now on these are found too."""
        for gist in gists:
            for word in self._words.intersection(gist.telling.split()):
                self._stories[word].append(len(self._profiles))
            self._profiles.append(Profile(gist, self._rarity))

    def like(self, one: Profile) -> Iterator[Profile]:
        """Those that share some uncommon words with a story, are not too far from it in time, and say enough."""
        shared = Counter(chain.from_iterable(self._stories[word] for word in one.words & self._words))
        for place, count in shared.items():
            other = self._profiles[place]
            if count >= _LEAST_SHARED and abs(one.gist.dated - other.gist.dated) <= REACH and _worth_it(one, other):
                yield other


def _worth_it(one: Profile, other: Profile) -> bool:
    """Whether both say enough, and are at all alike."""
    here, there = one.gist.telling, other.gist.telling
    enough = min(len(one.words), len(other.words)) > _LEAST_WORDS
    return enough and fuzz.token_set_ratio(here, there, score_cutoff=_LEAST_ALIKE) > 0


def _turned(one: Profile, other: Profile) -> bool:
    """Whether the first sentences tell different turns of a case."""
    here, there = turns(one.lead), turns(other.lead)
    return bool(here and there and not here & there)


def _apart(one: Profile, other: Profile) -> float:
    """How far the days lie apart of which the first sentences tell; without such days, those of publication."""
    here, there = (days(each.lead, each.gist.dated.date()) for each in (one, other))
    if here and there:
        return 1.8 * min(_FURTHEST, *(abs((day - another).days) for day in here for another in there))
    return 0.25 * min(abs(one.gist.dated - other.gist.dated) / timedelta(days=1), 3)


def _looks_back(one: Profile, other: Profile) -> bool:
    """Whether the later story names the month of the earlier, which is not its own."""
    earlier, later = sorted((one, other), key=lambda each: each.gist.dated)
    month = earlier.gist.dated.month
    return month != later.gist.dated.month and month in months_named(later.gist.text.lower().split())
