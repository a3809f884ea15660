"""How many letters a lane takes at a time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digest.deliver.seam import Abilities
from digest.dispatch.portion import Portion, first

BY_LETTER = Abilities(readers_per_call=500, letter_by_letter=True)


def test_a_call_is_as_large_as_it_may_be_however_long_it_takes() -> None:
    portion = Portion(Abilities(readers_per_call=1000))
    portion.took(1000, 30.0)
    assert portion.letters == first(Abilities(readers_per_call=1000)) == 1000


def test_a_quick_server_gets_more_at_a_time_and_a_slow_one_less() -> None:
    portion = Portion(BY_LETTER)
    assert portion.letters == first(BY_LETTER) == 100
    portion.took(100, 0.1)
    assert portion.letters == 200
    portion.took(200, 0.2)
    portion.took(400, 0.4)
    assert portion.letters == 500
    portion.took(500, 2.5)
    assert portion.letters == 250
    for _ in range(5):
        portion.took(portion.letters, portion.letters / 4)
    assert portion.letters == 10


def test_half_a_second_s_work_is_what_it_comes_to() -> None:
    portion = Portion(BY_LETTER)
    for _ in range(10):
        portion.took(portion.letters, portion.letters / 300)
    assert portion.letters == 150


@given(st.integers(1, 500), st.lists(st.tuples(st.integers(0, 500), st.floats(0, 1e6))))
def test_it_stays_within_its_bounds(most: int, batches: list[tuple[int, float]]) -> None:
    portion = Portion(Abilities(readers_per_call=most, letter_by_letter=True))
    for letters, seconds in batches:
        portion.took(letters, seconds)
        assert min(10, most) <= portion.letters <= most
