"""The configured hour in each reader's own time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from digest.dispatch.hours import hours

HOME = ZoneInfo("Pacific/Honolulu")
DAY = date(2026, 11, 20)


def test_without_an_hour_letters_may_leave_at_once() -> None:
    assert hours(DAY, None, home=HOME, zones=["Asia/Tokyo"]) == (None, {})


def test_each_zone_has_its_own_instant() -> None:
    due, zones = hours(DAY, time(7, 30), home=HOME, zones=["Asia/Tokyo", "Europe/Berlin", ""])
    assert due == datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
    assert zones == {
        "Asia/Tokyo": datetime(2026, 11, 19, 22, 30, tzinfo=UTC),
        "Europe/Berlin": datetime(2026, 11, 20, 6, 30, tzinfo=UTC),
    }


def test_an_hour_that_is_left_out_is_the_one_after_it() -> None:
    _, zones = hours(date(2026, 3, 29), time(2, 30), home=HOME, zones=["Europe/Berlin"])
    assert zones["Europe/Berlin"].astimezone(UTC) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # 03:30 there


def test_of_an_hour_that_comes_twice_it_is_the_first() -> None:
    _, zones = hours(date(2026, 10, 25), time(2, 30), home=HOME, zones=["Europe/Berlin"])
    assert zones["Europe/Berlin"].astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
