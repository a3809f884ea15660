from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from digest.edit.gist import gist_of
from digest.edit.near import REACH, find_near
from digest.model import ArticlePage, Entry, Gist
from tests.near.labelled import HELD, TUNED, Kind, pairs
from tests.near.measuring import measure

NOW = datetime(2026, 11, 17, 12, tzinfo=UTC)
HEADLINE = "Appeals court upholds the lighthouse toll"
STORY = """
<p>PORT MERROW — An appeals court on Tuesday upheld the toll of $14 that Port Merrow takes from yachts which pass its
lighthouse, ruling that a light is a service.</p>
<p>The owners of 312 yachts had sued. “They saw the rocks because of it,” Judge Ysolde Quarle wrote. The harbor master,
Bram Teale, said the bulb costs $900.</p>"""
WIRE = """
<p>Yachts must go on paying $14 for the lighthouse of Port Merrow. A light is a service, Judge Ysolde Quarle ruled on
Tuesday for an appeals court, because of which 312 yachts saw the rocks. Their owners had sued. A bulb costs $900,
harbor master Bram Teale said.</p>"""


def gist(key: int, title: str = HEADLINE, content: str = STORY, *, dated: datetime = NOW) -> Gist:
    told = Entry(source="The Docket", identity=str(key), title=title, link="", content=content)
    return Gist(key=key, dated=dated, text=gist_of(told))


def near(new: Iterable[Gist], others: Iterable[Gist] = ()) -> list[tuple[int, int]]:
    return [(pair.entry, pair.other) for pair in find_near(list(new), list(others))]


def test_the_same_story_in_other_words_is_near_and_says_why() -> None:
    (pair,) = find_near([gist(2, "Yachts lose over light", WIRE)], [gist(1)])
    assert (pair.entry, pair.other) == (2, 1)
    assert 0.4 < pair.score < 1
    assert "of the names and figures" in pair.why


def test_a_pair_is_found_once_whichever_side_is_new() -> None:
    one, other = gist(1), gist(2, "Yachts lose over light", WIRE)
    assert near([one, other]) == near([other, one]) == near([other], [one]) == near([one], [other]) == [(2, 1)]


def test_the_next_turn_of_the_case_is_not_near() -> None:
    later = STORY.replace("An appeals court on Tuesday upheld", "Yacht owners asked the high court on Monday to strike")
    later = later.replace(", ruling that a light is a service", ", which an appeals court upheld last week")
    appealed = gist(2, "Yacht owners appeal over lighthouse toll", later, dated=NOW + timedelta(days=6))
    assert near([appealed], [gist(1)]) == []


@pytest.mark.parametrize("headline", ["This week in court", "Corrections"])
def test_a_recurring_headline_with_another_text_is_not_near(headline: str) -> None:
    other = (
        "<p>A beekeeper in Gull Lane may keep 40,000 bees, a clerk lost a stamp and found it in Vera Molt's shoe.</p>"
    )
    assert near([gist(2, headline, other)], [gist(1, headline)]) == []


def test_headlines_alone_prove_nothing() -> None:
    assert near([gist(2, content="")], [gist(1, content="")]) == []


@pytest.mark.parametrize(("apart", "found"), [(REACH, [(2, 1)]), (REACH + timedelta(seconds=1), [])])
def test_stories_further_apart_than_the_reach_are_not_compared(apart: timedelta, found: list[tuple[int, int]]) -> None:
    undated = STORY.replace(" on Tuesday", "")
    assert near([gist(2, content=undated, dated=NOW + apart)], [gist(1, content=undated)]) == found


def test_what_has_no_text_is_told_by_its_page() -> None:
    bare = Entry(source="The Docket", identity="1", title=HEADLINE, link="")
    page = ArticlePage(address="https://docket.example/1", opening="A lamp burned.\n\nThe keeper slept.")
    assert "keeper" in gist_of(bare, page)
    told = replace(bare, content="<p>Nobody slept.</p>")
    assert "keeper" not in gist_of(told, page)


@pytest.mark.parametrize("part", [TUNED, HELD])
def test_labelled_pairs_are_told_apart(part: str) -> None:
    measured = measure(part)
    assert measured.precision >= 0.98, measured.wrong
    assert measured.recall >= 0.9, measured.wrong


def test_there_are_enough_labelled_pairs_of_each_kind() -> None:
    kinds = [kind for part in (TUNED, HELD) for kind, _, _ in pairs(part)]
    assert kinds.count(Kind.DUPLICATE) >= 90
    assert kinds.count(Kind.FOLLOW_UP) >= 90
    assert kinds.count(Kind.LOOKALIKE) >= 60
    assert len(list(pairs(HELD))) >= 80
