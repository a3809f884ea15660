"""What articles' pages said, beside their entries."""

from __future__ import annotations

from datetime import timedelta

import pytest

from digest.model import ArticlePage, Picture
from digest.record.store import Store
from tests.unit.record.newsroom import NOW, WEEK, entry, fetched

PAGE = ArticlePage(
    address="https://docket.example/1",
    title="A headline",
    keywords=("courts",),
    published=NOW,
    is_free=False,
    picture=Picture(address="https://docket.example/1.jpg", width=1200),
    opening="One paragraph.\n\nAnother.",
)


@pytest.fixture
def key(store: Store) -> int:
    store.sources.keep(
        fetched(entry(1, link="https://docket.example/a-bridge", published=NOW - timedelta(days=1))), now=NOW
    )
    return store.entries.in_window(WEEK)[0].key


def test_what_a_page_said_comes_back_with_its_entry(store: Store, key: int) -> None:
    assert store.entries.in_window(WEEK)[0].page is None
    assert store.articles.asked([key]) == {}
    store.articles.keep(key, PAGE, now=NOW)
    assert store.entries.in_window(WEEK)[0].page == PAGE
    asked = store.articles.asked([key])[key]
    assert (asked.at, asked.failures, asked.is_stale) == (NOW, 0, False)


def test_failures_are_counted_and_take_nothing_away(store: Store, key: int) -> None:
    store.articles.keep(key, PAGE, now=NOW)
    for hours in (1, 2):
        store.articles.note_failure(key, PAGE.address, "404", now=NOW + timedelta(hours=hours))
    asked = store.articles.asked([key])[key]
    assert (asked.failures, asked.at) == (2, NOW + timedelta(hours=2))
    assert store.entries.in_window(WEEK)[0].page == PAGE
    store.articles.keep(key, PAGE, now=NOW)
    assert store.articles.asked([key])[key].failures == 0


def test_a_page_that_never_answered_says_nothing(store: Store, key: int) -> None:
    store.articles.note_failure(key, PAGE.address, "404", now=NOW)
    assert store.entries.in_window(WEEK)[0].page is None


def test_a_corrected_entry_makes_its_page_stale(store: Store, key: int) -> None:
    store.articles.keep(key, PAGE, now=NOW)
    corrected = entry(1, title="Corrected", link="https://docket.example/a-bridge")
    store.sources.keep(fetched(corrected), now=NOW + timedelta(minutes=1))
    assert store.articles.asked([key])[key].is_stale


def test_entries_are_found_by_what_their_link_holds(store: Store, key: int) -> None:
    assert [known.key for known in store.articles.linking("A-Bridge")] == [key]
    assert [known.source for known in store.articles.linking("a-bridge")] == ["The Docket"]
    assert store.articles.linking("a_bridge") == ()
