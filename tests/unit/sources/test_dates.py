from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from feedparser.datetimes import _parse_date
from hypothesis import given
from hypothesis import strategies as st

from digest.sources.dates import instant, parsed_instant

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


def read(written: str) -> datetime | None:
    return parsed_instant(written, _parse_date(written))


@pytest.mark.parametrize(
    "written",
    [
        "Mon, 23 Nov 2026 09:00:00 GMT",
        "Mon, 23 Nov 2026 09:00:00 -0000",
        "Mon, 23 Nov 2026 04:00 EST",
        "Mon, 23 Nov 26 09:00:00 +0000",
        "23 Nov 2026 01:00:00 -0800",
        "2026-11-23T09:00:00Z",
        "2026-11-23T14:30:00+05:30",
        "2026-11-23 09:00",
        "2026-11-23T09:00:00.123456Z",
    ],
)
def test_a_date_is_an_instant_in_utc(written: str) -> None:
    assert read(written) == NINE


@pytest.mark.parametrize(
    "written",
    [
        "Yesterday",
        "2026-13-45",
        "2026-02-30",
        "0000-00-00T00:00:00Z",
        "2026-11-23T09:00:00+99:99",
        "Mon, 23 Nov 2026 09:00:00 +9999",
        "1764000000000",
        "1764000000",
        "",
        "11-23",
        "-26",
        "23",
        "9999-12-31T23:59:59-10:00",
    ],
)
def test_what_no_calendar_has_is_no_date(written: str) -> None:
    assert read(written) is None


@pytest.mark.parametrize("year", [1969, 9999])
def test_years_far_off_are_kept(year: int) -> None:
    assert read(f"{year}-12-31T23:59:59Z") == datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC)


AWARE = st.datetimes(
    min_value=datetime(1900, 1, 1),
    max_value=datetime(9998, 1, 1),
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


@given(AWARE)
def test_every_rfc_3339_date_is_read_by_both(date: datetime) -> None:
    date = date.replace(microsecond=0)
    assert instant(date.isoformat()) == date
    assert read(date.isoformat()) == date


@pytest.mark.parametrize(
    "written",
    ["2026-11-23T09:00:00Z", "2026-11-23T09:00:00", "2026-11-23T10:00+01:00", "Mon, 23 Nov 2026 01:00:00 -0800"],
)
def test_json_dates_are_instants_in_utc(written: str) -> None:
    assert instant(written) == NINE


@pytest.mark.parametrize("written", ["", "soon", "2026-13-01", "0001-01-01T00:00:00+14:00", "0"])
def test_json_dates_may_be_none(written: str) -> None:
    assert instant(written) is None
