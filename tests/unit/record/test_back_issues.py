"""The search: words and never syntax, whole issues, the newest first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.model.back_issues import BackIssue, IndexedStory
from digest.record.back_issues import BackIssues
from digest.record.location import url_of
from digest.record.store import Store
from tests.backlist import Backlist, issue, story

NEWEST = date(2026, 11, 20)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackIssues]:
    """Four issues with 25 stories each, and an older one with 70."""
    backlist = Backlist.open(tmp_path_factory.mktemp("search"))
    for week, count in ((0, 25), (1, 25), (2, 25), (3, 70), (4, 25)):
        day = NEWEST - timedelta(weeks=week)
        backlist.send(issue(day, 9 - week, (story("A river"), story("A dam"))))
        stories = (
            IndexedStory(place=one, headline=f"Río {one}", deck="L’été, 5 %", about="") for one in range(1, count + 1)
        )
        backlist.store.back_issues.keep(shown(day), stories)
    yield backlist.store.back_issues
    backlist.store.close()


def shown(day: date) -> BackIssue:
    went_out = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return BackIssue(date=day, number=1, subject="", preheader="", headline="A river", stories=25, went_out=went_out)


@pytest.mark.parametrize("words", ["rio", "RÍO", "ri", "ete", "rio ete", '"rio', "rio*", "5", "(rio)", "rio:"])
def test_case_accents_endings_and_signs_do_not_matter(index: BackIssues, words: str) -> None:
    assert index.search(words).stories >= 5


@pytest.mark.parametrize(
    "words", ["", " ", '"', "*", "-", "io", "rio dam", "rio OR zebra", "rio NOT zebra", "deck:rio zebra"]
)
def test_every_word_is_looked_for_as_it_stands(index: BackIssues, words: str) -> None:
    assert index.search(words).found == ()


def test_page_by_page_each_issue_comes_once_and_whole_but_for_one_that_fills_a_page(index: BackIssues) -> None:
    seen: list[str] = []
    before = ""
    while True:
        page = index.search("rio", before=before)
        places = [one.place for one in page.found if one.issue == page.found[0].issue]
        assert places == sorted(places)
        seen += dict.fromkeys(one.issue for one in page.found)
        if not page.goes_on:
            break
        before = page.goes_on
    assert seen == [(NEWEST - timedelta(weeks=week)).isoformat() for week in range(5)]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_whatever_is_asked_is_words(index: BackIssues, words: str) -> None:
    index.search(words)


def test_an_issue_that_is_kept_again_is_there_once(index: BackIssues) -> None:
    before = index.search("rio").stories
    index.keep(
        shown(NEWEST), [IndexedStory(place=one, headline=f"Río {one}", deck="", about="") for one in range(1, 26)]
    )
    assert index.search("rio").stories == before


def test_an_empty_store_finds_nothing(tmp_path: Path) -> None:
    with Store.open(url_of(tmp_path / "digest.db")) as store:
        assert store.back_issues.search("rio").found == ()
        assert store.back_issues.all() == ()
