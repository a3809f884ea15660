from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.edit.week import closed_lately, closing, closings_after, due_issue, last_closing, window_of
from digest.errors import ConfigurationError
from digest.model import Window
from digest.settings import Week

LOS_ANGELES = ZoneInfo("America/Los_Angeles")
FRIDAYS = Week(weekday=4, hour=time(6))


def utc(*fields: int) -> datetime:
    return datetime(*fields, tzinfo=UTC)  # type: ignore[misc]


def test_the_hour_stays_local_across_a_clock_change() -> None:
    assert closing(date(2026, 10, 30), FRIDAYS, LOS_ANGELES) == utc(2026, 10, 30, 13)
    assert closing(date(2026, 11, 6), FRIDAYS, LOS_ANGELES) == utc(2026, 11, 6, 14)


def test_an_hour_that_does_not_exist_and_one_that_comes_twice() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    sundays = Week(weekday=6, hour=time(2, 30))
    assert closing(date(2026, 3, 29), sundays, berlin) == utc(2026, 3, 29, 1, 30)
    assert closing(date(2026, 10, 25), sundays, berlin) == utc(2026, 10, 25, 0, 30)


def test_the_next_five_instants() -> None:
    found = list(islice(closings_after(utc(2026, 10, 23, 13), FRIDAYS, LOS_ANGELES), 3))
    assert found == [
        (date(2026, 10, 30), utc(2026, 10, 30, 13)),
        (date(2026, 11, 6), utc(2026, 11, 6, 14)),
        (date(2026, 11, 13), utc(2026, 11, 13, 14)),
    ]


@given(st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)), st.integers(0, 6), st.times())
def test_last_closing_is_the_last_and_within_a_week(naive: datetime, weekday: int, hour: time) -> None:
    now, week = naive.replace(tzinfo=UTC), Week(weekday=weekday, hour=hour.replace(microsecond=0))
    day, closes = last_closing(now, week, LOS_ANGELES)
    following, later = next(closings_after(now, week, LOS_ANGELES))
    assert closes <= now < later
    assert following - day == timedelta(days=7)
    assert day.weekday() == weekday


def test_before_anything_was_sent_the_first_issue_is_due() -> None:
    week = Week(weekday=4, hour=time(6), first_issue=date(2026, 11, 20))
    assert due_issue(utc(2027, 3, 1), week, LOS_ANGELES, None) == date(2026, 11, 20)
    assert due_issue(utc(2027, 3, 1), week, LOS_ANGELES, date(2026, 11, 20)) == date(2027, 2, 26)


def test_the_week_just_closed_is_due_and_once_sent_the_next() -> None:
    thursday = utc(2026, 11, 19, 12)
    assert due_issue(thursday, FRIDAYS, LOS_ANGELES, None) == date(2026, 11, 13)
    assert due_issue(thursday, FRIDAYS, LOS_ANGELES, date(2026, 11, 6)) == date(2026, 11, 13)
    assert due_issue(thursday, FRIDAYS, LOS_ANGELES, date(2026, 11, 13)) == date(2026, 11, 20)
    # An issue that went out ahead of its time is followed by the one after it, not by itself.
    assert due_issue(thursday, FRIDAYS, LOS_ANGELES, date(2026, 11, 20)) == date(2026, 11, 27)


def test_a_timer_catches_up_for_a_day_and_sends_nothing_twice() -> None:
    friday = utc(2026, 11, 20, 14)
    for now, last_sent, due in [
        (friday - timedelta(seconds=1), None, None),
        (friday, None, date(2026, 11, 20)),
        (friday + timedelta(hours=24), date(2026, 11, 13), date(2026, 11, 20)),
        (friday + timedelta(hours=25), date(2026, 11, 13), None),
        (friday, date(2026, 11, 20), None),
    ]:
        assert closed_lately(now, FRIDAYS, LOS_ANGELES, last_sent) == due
    later = Week(weekday=4, hour=time(6), first_issue=date(2026, 11, 27))
    assert closed_lately(friday, later, LOS_ANGELES, None) is None


def test_a_window_begins_where_the_last_issue_ended() -> None:
    last = Window(opens=utc(2026, 10, 30, 13), closes=utc(2026, 11, 6, 14))
    window = window_of(date(2026, 11, 20), FRIDAYS, LOS_ANGELES, now=utc(2026, 11, 21), last=last)
    assert window == Window(opens=utc(2026, 11, 6, 14), closes=utc(2026, 11, 20, 14))


def test_the_first_window_is_a_week_or_begins_where_asked() -> None:
    now = utc(2026, 11, 21)
    plain = window_of(date(2026, 11, 20), FRIDAYS, LOS_ANGELES, now=now, last=None)
    assert plain.opens == utc(2026, 11, 13, 14)
    asked = window_of(date(2026, 11, 20), FRIDAYS, LOS_ANGELES, now=now, last=None, since=date(2026, 11, 1))
    assert asked.opens == utc(2026, 11, 1, 7)


def test_an_issue_made_up_ahead_of_its_time_ends_now() -> None:
    now = utc(2026, 11, 18, 9)
    assert window_of(date(2026, 11, 20), FRIDAYS, LOS_ANGELES, now=now, last=None).closes == now


def test_a_window_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="2026-11-20"):
        window_of(date(2026, 11, 20), FRIDAYS, LOS_ANGELES, now=utc(2026, 12, 1), last=None, since=date(2026, 11, 25))


def test_a_first_issue_that_was_missed_costs_no_story() -> None:
    now = utc(2026, 11, 21)
    installed = utc(2026, 11, 9, 12)
    window = window_of(date(2026, 11, 20), FRIDAYS, LOS_ANGELES, now=now, last=None, began=installed)
    assert window.opens == utc(2026, 11, 6, 14)
    late = window_of(date(2026, 11, 20), FRIDAYS, LOS_ANGELES, now=now, last=None, began=now)
    assert late.opens == utc(2026, 11, 13, 14)
    named = Week(weekday=4, hour=time(6), first_issue=date(2026, 11, 13))
    for day, opens in ((13, utc(2026, 11, 6, 14)), (20, utc(2026, 11, 6, 14))):
        window = window_of(date(2026, 11, day), named, LOS_ANGELES, now=now, last=None, began=utc(2026, 8, 1))
        assert window.opens == opens
