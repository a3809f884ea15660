"""How long a provider in trouble is left alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from digest.deliver.breaker import pause_after


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [(-1, 0), (0, 0), (1, 0), (2, 0), (3, 1), (4, 2), (5, 4), (6, 8), (7, 15), (8, 15), (10**9, 15)],
)
def test_the_pauses_double_up_to_a_quarter_of_an_hour(failures: int, minutes: int) -> None:
    assert pause_after(failures) == timedelta(minutes=minutes)
