from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.model.pictures import Crop
from digest.pictures.crops import MEASURES, cut, print_width, reduction

LEAD, STORY = MEASURES[Crop.LEAD], MEASURES[Crop.STORY]
SIDES = st.integers(1, 20_000)


def test_of_a_wide_picture_both_sides_are_cut_off_alike() -> None:
    assert cut(2000, 900, LEAD) == (200, 0, 1800, 900)


def test_of_a_square_top_and_bottom_are_cut_off_alike() -> None:
    assert cut(900, 900, STORY) == (0, 150, 900, 750)


def test_of_an_upright_picture_less_is_cut_off_above_where_faces_are() -> None:
    _, top, _, bottom = cut(900, 1600, STORY)
    assert (top, bottom) == (300, 900)


def test_a_print_is_twice_what_is_shown_and_never_enlarged() -> None:
    assert print_width(6000, 4000, LEAD) == 1120
    assert print_width(800, 600, LEAD) == 800
    assert (STORY.height(640), LEAD.height(1120)) == (427, 630)


@pytest.mark.parametrize(("width", "height", "scale"), [(2240, 1260, 0.5), (600, 400, 1.0), (1260, 2240, 1120 / 1260)])
def test_a_picture_is_opened_no_smaller_than_its_largest_print(width: int, height: int, scale: float) -> None:
    assert reduction(width, height) == pytest.approx(scale)


@given(SIDES, SIDES, st.sampled_from(list(Crop)))
def test_what_is_cut_out_lies_in_the_picture_and_has_its_sides(width: int, height: int, crop: Crop) -> None:
    measures = MEASURES[crop]
    left, top, right, bottom = cut(width, height, measures)
    assert 0 <= left < right <= width + 1e-6
    assert 0 <= top < bottom <= height + 1e-6
    assert (right - left) / (bottom - top) == pytest.approx(measures.across / measures.down)
    assert left == 0 or top == 0


@given(SIDES, SIDES, st.sampled_from(list(Crop)))
def test_a_reduced_picture_still_holds_the_whole_print(width: int, height: int, crop: Crop) -> None:
    left, _, right, _ = cut(width, height, MEASURES[crop])
    assert (right - left) * reduction(width, height) >= print_width(width, height, MEASURES[crop]) - 1e-6
