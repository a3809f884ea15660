from __future__ import annotations

from datetime import date

import pytest

from digest.edit.turns import days, months_named, turns
from digest.edit.words import stems

FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Parents sue to stop the map", {"sued", "blocked"}),
        ("A jury found him guilty", {"convicted"}),
        ("Mayor appeals", {"appealed"}),
        ("Appeals court upholds fee", {"ruled"}),
        ("the Court of Appeals upheld the fee", {"ruled"}),
        ("Le parquet fait appel", {"appealed"}),
        ("Gericht kippt Beiträge", {"ruled"}),
        ("Multan a la empresa", {"fined"}),
        ("تستأنف الشركة", {"appealed"}),
        ("The library has 14 books", set()),
    ],
)
def test_the_turn_that_a_case_took(text: str, found: set[str]) -> None:
    assert turns(list(stems(text))) == found


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on Tuesday", date(2026, 11, 17)),
        ("on Friday", FRIDAY),
        ("am Freitag", FRIDAY),
        ("le samedi", date(2026, 11, 21)),  # dated before midnight somewhere else
        ("el domingo", date(2026, 11, 15)),
    ],
)
def test_a_weekday_is_the_last_such_day(text: str, day: date) -> None:
    assert days(stems(text), FRIDAY) == {day}


def test_months_by_their_names() -> None:
    assert months_named(stems("In February, en agosto, und im Dezember")) == {2, 8, 12}
