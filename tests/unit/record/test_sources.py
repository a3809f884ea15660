from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from digest.errors import RecordError
from digest.model import KnownSource, PageKnown, Picture, SeenEntry, SourceStatus
from digest.record.store import Store
from tests.unit.record.newsroom import DAY, FEED, NOW, WEEK, entry, fetched

PAGE = PageKnown(address=FEED, etag='"a"', last_modified="Fri, 20 Nov 2026 06:00:00 GMT", body_hash="ab")
PAST = PageKnown(address=f"{FEED}?paged=2", etag='"a"')


def all_seen(store: Store) -> tuple[SeenEntry, ...]:
    return store.entries.in_window(replace(WEEK, opens=NOW - 3000 * DAY))


def test_a_first_reading_is_all_new(store: Store) -> None:
    report = store.sources.keep(fetched(entry(1), entry(2), warnings=("odd",)), now=NOW)
    assert (report.entries, report.new, report.updated) == (2, 2, 0)
    assert (report.name, report.url, report.status) == ("The Docket", FEED, SourceStatus.OK)
    assert report.warnings == ("odd",)


def test_an_entry_comes_back_as_it_was(store: Store) -> None:
    full = entry(
        link="https://docket.example/1?a=1&b=2",
        author="Ana Reporter",
        summary="<p>A “deck”\r\n with {{ braces }}</p>",
        content="x" * 100_000,
        categories=("National", "Ōlelo"),
        published=NOW - DAY,
        updated=NOW,
        pictures=(Picture(address="https://docket.example/1.jpg", width=640, credit="Staff"),),
    )
    store.sources.keep(fetched(full), now=NOW)
    (seen,) = all_seen(store)
    assert seen.entry == full
    assert (seen.first_seen, seen.source_since, seen.ran_in) == (NOW, NOW, "")


def test_keeping_the_same_again_changes_nothing(store: Store) -> None:
    store.sources.keep(fetched(entry(1), entry(2)), now=NOW)
    before = all_seen(store)
    report = store.sources.keep(fetched(entry(1), entry(2)), now=NOW + DAY)
    assert (report.new, report.updated) == (0, 0)
    assert all_seen(store) == before


def test_a_corrected_story_keeps_its_place_and_its_first_sight(store: Store) -> None:
    store.sources.keep(fetched(entry(1), entry(2)), now=NOW)
    report = store.sources.keep(fetched(entry(1, title="Corrected"), entry(2), entry(3)), now=NOW + DAY)
    assert (report.new, report.updated) == (1, 1)
    first, _, third = all_seen(store)
    assert (first.entry.title, first.first_seen) == ("Corrected", NOW)
    assert (third.first_seen, third.source_since) == (NOW + DAY, NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"link": "https://docket.example/other"},
        {"author": "Ben Editor"},
        {"summary": "Another deck"},
        {"content": "Another text"},
        {"categories": ("Courts",)},
        {"published": NOW},
        {"updated": NOW},
        {"pictures": (Picture(address="https://docket.example/2.jpg"),)},
    ],
)
def test_every_part_of_an_entry_can_be_corrected(store: Store, change: dict[str, Any]) -> None:
    store.sources.keep(fetched(entry()), now=NOW)
    assert store.sources.keep(fetched(entry(**change)), now=NOW).updated == 1
    assert all_seen(store)[0].entry == entry(**change)


def test_an_entry_that_left_the_feed_stays(store: Store) -> None:
    store.sources.keep(fetched(entry(1), entry(2)), now=NOW)
    store.sources.keep(fetched(entry(2)), now=NOW + DAY)
    assert [seen.entry.identity for seen in all_seen(store)] == ["guid-1", "guid-2"]


def test_one_identity_twice_in_a_feed_is_one_entry_and_settles_down(store: Store) -> None:
    twice = fetched(entry(1, title="Newest"), entry(1, title="Older"))
    assert store.sources.keep(twice, now=NOW).new == 1
    assert store.sources.keep(twice, now=NOW).updated == 0
    assert all_seen(store)[0].entry.title == "Newest"


def test_one_identity_in_two_sources_is_two_entries(store: Store) -> None:
    store.sources.keep(fetched(entry(1)), now=NOW)
    store.sources.keep(fetched(entry(1), url="https://sister.example/feed", name="Sister"), now=NOW)
    assert [seen.entry.source for seen in all_seen(store)] == ["The Docket", "Sister"]


def test_an_entry_has_the_name_that_its_source_has_now(store: Store) -> None:
    store.sources.keep(fetched(entry(1)), now=NOW)
    store.sources.keep(fetched(name="The Daily Docket", status=SourceStatus.UNCHANGED), now=NOW)
    assert all_seen(store)[0].entry.source == "The Daily Docket"


def test_half_a_character_from_a_json_feed_is_no_obstacle(store: Store) -> None:
    broken = fetched(entry(identity="\ud800", title="\udfff!", categories=("\ud801",), content="\x00"))
    assert store.sources.keep(broken, now=NOW).new == 1
    assert store.sources.keep(broken, now=NOW).updated == 0
    (seen,) = all_seen(store)
    assert (seen.entry.title, seen.entry.categories, seen.entry.content) == ("?!", ("?",), "\x00")


def test_ten_thousand_entries(store: Store) -> None:
    many = fetched(*(entry(number) for number in range(10_000)))
    assert store.sources.keep(many, now=NOW).new == 10_000
    again = store.sources.keep(replace(many, entries=(*many.entries[:-1], entry(9_999, title="Last"))), now=NOW)
    assert (again.new, again.updated) == (0, 1)


def known(store: Store) -> KnownSource:
    return store.sources.known([FEED])[FEED]


def test_pages_are_kept_with_the_entries(store: Store) -> None:
    moved = fetched(entry(), pages=(PAGE, PAST), moved_to="https://docket.example/rss", api="https://docket.example/r/")
    store.sources.keep(moved, now=NOW)
    assert store.sources.known([FEED, "https://other.example/"]).keys() == {FEED}
    assert known(store).pages == {PAGE.address: PAGE, PAST.address: PAST}
    assert (known(store).moved_to, known(store).api) == ("https://docket.example/rss", "https://docket.example/r/")


def test_a_new_answer_replaces_what_was_known_of_a_page(store: Store) -> None:
    store.sources.keep(fetched(pages=(PAGE, PAST)), now=NOW)
    store.sources.keep(fetched(pages=(replace(PAGE, etag='"b"', last_modified=""),)), now=NOW)
    assert known(store).pages == {FEED: replace(PAGE, etag='"b"', last_modified=""), PAST.address: PAST}


def test_how_far_back_a_source_is_covered_is_kept(store: Store) -> None:
    store.sources.keep(fetched(entry(published=NOW - DAY), covered_since=NOW - 3 * DAY, whole=True), now=NOW)
    store.sources.keep(fetched(status=SourceStatus.UNCHANGED), now=NOW + DAY)
    assert (known(store).covered_since, known(store).newest) == (NOW - 3 * DAY, NOW - DAY)
    assert known(store).whole_at == NOW


def test_a_story_of_the_future_is_not_the_newest(store: Store) -> None:
    store.sources.keep(fetched(entry(1, published=NOW - DAY), entry(2, published=NOW + 900 * DAY)), now=NOW)
    assert known(store).newest == NOW - DAY


@pytest.mark.parametrize("step", ["INSERT ON entry", "INSERT ON source_page", "UPDATE OF api ON source"])
def test_entries_and_pages_are_kept_together_or_not_at_all(store: Store, file: Path, step: str) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute(f"CREATE TRIGGER broken BEFORE {step} BEGIN SELECT RAISE(ABORT, 'out of order'); END")
    with pytest.raises(RecordError, match="out of order"):
        store.sources.keep(fetched(entry(1), entry(2), pages=(PAGE,)), now=NOW)
    assert store.sources.known([FEED]) == {}
    assert all_seen(store) == ()


FAILED = {"status": SourceStatus.FAILED, "error": "timed out"}


def test_a_failure_says_since_when(store: Store) -> None:
    store.sources.keep(fetched(entry(), pages=(PAGE,)), now=NOW)
    first = store.sources.keep(fetched(**FAILED), now=NOW + DAY)
    second = store.sources.keep(fetched(**FAILED), now=NOW + 2 * DAY)
    assert (first.failing_since, first.last_good) == (NOW + DAY, NOW)
    assert (second.failing_since, second.last_good) == (NOW + DAY, NOW)
    assert second.error == "timed out"
    assert known(store).pages == {FEED: PAGE}
    assert known(store).failures == 2
    assert len(all_seen(store)) == 1


@pytest.mark.parametrize("status", [SourceStatus.OK, SourceStatus.UNCHANGED])
def test_a_good_reading_ends_a_failure(store: Store, status: SourceStatus) -> None:
    store.sources.keep(fetched(**FAILED), now=NOW)
    report = store.sources.keep(fetched(status=status), now=NOW + DAY)
    assert (report.failing_since, report.last_good) == (None, None)
    again = store.sources.keep(fetched(**FAILED), now=NOW + 2 * DAY)
    assert (again.failing_since, again.last_good) == (NOW + 2 * DAY, NOW + DAY)


def test_a_source_that_failed_at_first_is_known_since_it_was_read(store: Store) -> None:
    store.sources.keep(fetched(**FAILED), now=NOW)
    store.sources.keep(fetched(entry()), now=NOW + DAY)
    assert all_seen(store)[0].source_since == NOW + DAY
