"""What a gather brought, compared: a real store, the real method."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from digest.comparing import compare
from digest.edit.near import REACH
from digest.model import ArticlePage, Entry
from digest.record.store import Store
from tests.near.labelled import TUNED, Labelled, stories
from tests.unit.record.newsroom import DAY, ISSUE, NOW, fetched, gone_out

DAM = [story for story in stories(TUNED) if story.family == "The dam of Upper Kessel"]
FIRST, SECOND, AFTERWARDS = DAM
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    with Store.open(f"sqlite:///{tmp_path / 'digest.db'}") as opened:
        yield opened


def told(story: Labelled, **fields: object) -> Entry:
    return replace(story.entry, published=NOW - DAY, **fields)  # type: ignore[arg-type]


def keep(store: Store, *entries: Entry) -> None:
    store.sources.keep(fetched(*entries), now=NOW)


def near(store: Store, *, issue: str = "") -> dict[int, list[int]]:
    found = store.likenesses.of(range(1, 9), issue=issue)
    return {key: [other.key for other in others] for key, others in found.items()}


def test_what_tells_the_same_is_found_once_it_is_compared(store: Store) -> None:
    keep(store, told(FIRST), told(SECOND), told(AFTERWARDS))
    assert near(store) == {}
    assert compare(store, NOW) == 3
    assert near(store) == {1: [2], 2: [1]}


def test_what_was_compared_is_not_compared_again(store: Store) -> None:
    keep(store, told(FIRST))
    assert (compare(store, NOW), compare(store, NOW)) == (1, 0)


def test_what_comes_later_is_compared_with_what_was_there(store: Store) -> None:
    keep(store, told(FIRST))
    compare(store, NOW)
    keep(store, told(SECOND))
    assert compare(store, LATER) == 1
    assert near(store) == {1: [2], 2: [1]}


def test_a_correction_is_compared_again(store: Store) -> None:
    keep(store, told(FIRST), told(SECOND))
    compare(store, NOW)
    other = told(SECOND, title="Goat elected mayor", content="<p>A goat called Hettie was elected in Gull Lane.</p>")
    keep(store, told(FIRST), other)
    assert compare(store, LATER) == 1
    assert near(store) == {}
    keep(store, told(FIRST), told(SECOND))
    compare(store, LATER)
    assert near(store) == {1: [2], 2: [1]}


def test_a_headline_whose_page_was_read_is_compared_again(store: Store) -> None:
    keep(store, told(FIRST), told(SECOND, content=""))
    compare(store, NOW)
    assert near(store) == {}
    store.articles.keep(2, ArticlePage(address=SECOND.entry.link, opening=SECOND.text.strip()), now=NOW)
    assert compare(store, LATER) == 1
    assert near(store) == {1: [2], 2: [1]}


def test_old_stories_are_passed_over(store: Store) -> None:
    keep(store, replace(told(FIRST), published=NOW - REACH), told(SECOND))
    assert compare(store, NOW) == 1
    assert store.likenesses.uncompared(since=NOW - 10 * REACH) == ()


def test_a_store_without_anything_new_is_left_alone(store: Store) -> None:
    assert compare(store, NOW) == 0


def test_where_the_other_ran_is_told_but_not_of_the_issue_itself(store: Store) -> None:
    keep(store, told(FIRST), told(SECOND))
    compare(store, NOW)
    gone_out(store, ISSUE, stories=[(1, "papers.example/1", FIRST.headline)])
    ((other,),) = store.likenesses.of([2], issue="").values()
    assert (other.key, other.link, other.ran_in) == (1, FIRST.entry.link, ISSUE)
    ((itself,),) = store.likenesses.of([2], issue=ISSUE).values()
    assert itself.ran_in == ""
