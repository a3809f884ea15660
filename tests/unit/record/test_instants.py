from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.record.instants import to_instant, to_number

INSTANTS = st.datetimes(timezones=st.just(UTC))


@settings(deadline=None)
@given(INSTANTS)
def test_every_instant_comes_back_to_the_microsecond(instant: datetime) -> None:
    assert to_instant(to_number(instant)) == instant


@settings(deadline=None)
@given(INSTANTS, INSTANTS)
def test_numbers_sort_like_instants(one: datetime, other: datetime) -> None:
    assert (to_number(one) < to_number(other)) == (one < other)


def test_other_offsets_are_the_same_instant() -> None:
    pacific = timezone(timedelta(hours=-8))
    assert to_number(datetime(2026, 11, 20, 6, tzinfo=pacific)) == to_number(datetime(2026, 11, 20, 14, tzinfo=UTC))


def test_an_instant_without_an_offset_is_refused() -> None:
    with pytest.raises(TypeError):
        to_number(datetime(2026, 11, 20, 6))
