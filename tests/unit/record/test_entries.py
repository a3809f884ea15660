from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from digest.model import Cut
from digest.record.store import Store
from tests.unit.record.newsroom import DAY, ISSUE, NOW, WEEK, composed, entry, fetched, gone_out

LAST_WEEK = "2026-11-13"
BEFORE = WEEK.opens - DAY
WITHIN = WEEK.opens + DAY
AFTER = WEEK.closes + DAY


def keep(store: Store, number: int, *, seen: datetime, published: datetime | None = None) -> int:
    """An entry in the store; returns its key."""
    store.sources.keep(fetched(entry(number, published=published)), now=seen)
    everything = store.entries.in_window(WEEK.__class__(opens=WEEK.opens - 1000 * DAY, closes=WEEK.closes))
    return max(one.key for one in everything)


@pytest.mark.parametrize(
    ("seen", "published", "concerns"),
    [
        (WITHIN, WITHIN, True),
        (WITHIN, None, True),
        (WITHIN, BEFORE, True),
        (BEFORE, WITHIN, True),
        (BEFORE, AFTER, True),
        (AFTER, AFTER, True),
        (BEFORE, None, False),
        (BEFORE, BEFORE, False),
        (WEEK.opens, WEEK.opens, False),
    ],
)
def test_what_was_published_or_first_seen_since_the_week_opened(
    store: Store, seen: datetime, published: datetime | None, concerns: bool
) -> None:
    keep(store, 1, seen=seen, published=published)
    assert bool(store.entries.in_window(WEEK)) is concerns


def cut(key: int) -> Cut:
    return Cut(title="Story", address="https://docket.example/", reason="over the section's 4", entry_key=key)


def test_what_an_issue_that_went_out_has_cut_is_settled(store: Store) -> None:
    key = keep(store, 1, seen=WITHIN)
    gone_out(store, LAST_WEEK, cuts=[cut(key)])
    assert store.entries.in_window(WEEK, issue=ISSUE) == ()


def test_what_an_issue_that_went_out_has_run_is_marked(store: Store) -> None:
    key = keep(store, 1, seen=WITHIN)
    gone_out(store, LAST_WEEK, stories=[(key, "docket.example/1", "Story")])
    (seen,) = store.entries.in_window(WEEK, issue=ISSUE)
    assert seen.ran_in == LAST_WEEK


def test_it_is_enough_that_the_sending_began(store: Store) -> None:
    run, dropped = keep(store, 1, seen=WITHIN), keep(store, 2, seen=WITHIN)
    composed(store, LAST_WEEK, stories=[(run, "docket.example/1", "Story")], cuts=[cut(dropped)])
    assert [seen.ran_in for seen in store.entries.in_window(WEEK, issue=ISSUE)] == ["", ""]
    store.issues.mark_sending(LAST_WEEK)
    assert [seen.ran_in for seen in store.entries.in_window(WEEK, issue=ISSUE)] == [LAST_WEEK]


def test_an_issue_does_not_stand_in_its_own_way(store: Store) -> None:
    run, dropped = keep(store, 1, seen=WITHIN), keep(store, 2, seen=WITHIN)
    gone_out(store, ISSUE, stories=[(run, "docket.example/1", "Story")], cuts=[cut(dropped)])
    assert [seen.ran_in for seen in store.entries.in_window(WEEK, issue=ISSUE)] == ["", ""]
    assert store.entries.already_ran(before=ISSUE) == {}


def test_a_later_issue_counts_too_when_an_earlier_date_is_made_up(store: Store) -> None:
    key = keep(store, 1, seen=WITHIN)
    gone_out(store, ISSUE, stories=[(key, "docket.example/1", "Story")])
    assert store.entries.in_window(WEEK, issue=LAST_WEEK)[0].ran_in == ISSUE
    assert store.entries.already_ran(before=LAST_WEEK) == {"docket.example/1": ISSUE}


def test_a_story_that_ran_twice_has_its_first_issue(store: Store) -> None:
    key = keep(store, 1, seen=WITHIN)
    for day in (LAST_WEEK, "2026-11-06"):
        gone_out(store, day, stories=[(key, "docket.example/1", "Story")])
    assert store.entries.in_window(WEEK, issue=ISSUE)[0].ran_in == "2026-11-06"
    assert store.entries.already_ran(before=ISSUE) == {"docket.example/1": "2026-11-06"}


def test_only_stories_of_issues_that_went_out_have_run(store: Store) -> None:
    keys = [keep(store, number, seen=NOW) for number in (1, 2, 3)]
    gone_out(store, LAST_WEEK, stories=[(keys[0], "docket.example/1", "Story")], cuts=[cut(keys[1])])
    composed(store, "2026-11-06", stories=[(keys[2], "docket.example/3", "Story")])
    assert store.entries.already_ran(before=ISSUE) == {"docket.example/1": LAST_WEEK}


def test_how_long_an_entry_runs_is_kept_and_a_length_that_comes_later_is_a_change(store: Store) -> None:
    silent = entry(1, published=WITHIN)
    store.sources.keep(fetched(silent), now=WITHIN)
    assert store.sources.keep(fetched(silent), now=WITHIN).updated == 0
    assert store.sources.keep(fetched(replace(silent, seconds=1628)), now=WITHIN).updated == 1
    assert [one.entry.seconds for one in store.entries.in_window(WEEK)] == [1628]
