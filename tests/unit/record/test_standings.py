"""How sources stand: what is usual, what is odd, and what fails."""

from __future__ import annotations

from datetime import timedelta

import pytest

from digest.model import SourceStatus
from digest.record.standings import Dates, weekly
from digest.record.store import Store
from tests.unit.record.newsroom import DAY, FEED, NOW, WEEK, entry, fetched

SINCE = WEEK.opens


def published(*days_ago: float) -> list[Dates]:
    """Entries that were published so many days before the week began, and seen at once."""
    return [Dates(published=SINCE - timedelta(days=day), updated=None, first_seen=SINCE) for day in days_ago]


@pytest.mark.parametrize(
    ("days", "usual"),
    [
        ((), 0),
        ((-1, -2), 0),  # this week's alone tell nothing of others
        ((1, 2, 3), 3),
        ((1, 8, 9, 15, 16, 17), 2),
        ((1, 50), 0),  # most of the weeks between had none
        (tuple(day + 0.5 for day in range(56)), 7),
    ],
)
def test_usual_is_the_median_of_the_weeks_before(days: tuple[float, ...], usual: float) -> None:
    assert weekly(published(*days), SINCE).usual == usual


def test_a_week_counts_what_came_since_it_began() -> None:
    found = weekly(
        [
            *published(-1, -2, 1),
            Dates(published=None, updated=None, first_seen=SINCE + DAY),
            Dates(published=None, updated=SINCE + DAY, first_seen=SINCE + DAY),
            Dates(published=SINCE + 30 * DAY, updated=None, first_seen=SINCE + DAY),
        ],
        SINCE,
    )
    assert (found.this_week, found.undated, found.ahead) == (5, 1, 2 + 1)


def test_a_story_dated_minutes_ahead_is_not_of_the_future() -> None:
    slow = Dates(published=SINCE + DAY + timedelta(minutes=20), updated=None, first_seen=SINCE + DAY)
    assert weekly([slow], SINCE).ahead == 0


def test_a_source_stands_as_it_was_read_last(store: Store) -> None:
    stories = [entry(number, published=NOW - number * DAY) for number in range(1, 16)]
    store.sources.keep(fetched(*stories, complete=True, why="every story"), now=NOW)
    (standing,) = store.standings.of([FEED, "https://other.example/"], since=SINCE)
    assert (standing.name, standing.url, standing.complete, standing.why) == ("The Docket", FEED, True, "every story")
    assert (standing.this_week, standing.usual, standing.newest) == (7, 4, NOW - DAY)
    assert (standing.failing_since, standing.last_good) == (None, NOW)


def test_a_source_that_fails_is_not_complete(store: Store) -> None:
    store.sources.keep(fetched(entry(), complete=True), now=NOW)
    later = NOW + DAY
    store.sources.keep(fetched(status=SourceStatus.FAILED, error="404"), now=later, retry_at=later + DAY)
    (standing,) = store.standings.of([FEED], since=SINCE)
    assert (standing.complete, standing.failing_since, standing.error) == (False, later, "404")
    assert (standing.failures, standing.retry_at, standing.retired_at) == (1, later + DAY, None)


def test_a_source_that_is_gone_is_retired(store: Store) -> None:
    store.sources.keep(fetched(status=SourceStatus.FAILED, error="410", retired=True), now=NOW)
    store.sources.keep(fetched(status=SourceStatus.RETIRED), now=NOW + DAY)
    (standing,) = store.standings.of([FEED], since=SINCE)
    assert standing.retired_at == NOW


def test_without_dates_the_newest_is_the_one_seen_last(store: Store) -> None:
    store.sources.keep(fetched(entry(1)), now=NOW)
    store.sources.keep(fetched(entry(1), entry(2)), now=NOW + DAY)
    (standing,) = store.standings.of([FEED], since=SINCE)
    assert (standing.newest, standing.undated) == (NOW + DAY, 2)
