"""Contrast by WCAG, and the accent for the dark."""

from __future__ import annotations

import colorsys

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from digest.config.colour import DARK_PAPERS, PAPERS, READABLE, contrast, lightened_for_the_dark

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#FFFFFF", 21.0),
        ("#FFFFFF", "#FFFFFF", 1.0),
        ("#767676", "#FFFFFF", 4.54),
        ("#7D1D2B", PAPERS[0], 9.7),
        ("#7D1D2B", PAPERS[1], 8.7),
        ("#EBA49A", DARK_PAPERS[0], 9.0),
        ("#EBA49A", DARK_PAPERS[1], 8.0),
    ],
)
def test_contrast_is_that_of_the_tables(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.06)
    assert contrast(other, one) == contrast(one, other)


@given(colours)
def test_the_accent_for_the_dark_can_always_be_read(accent: str) -> None:
    assert min(contrast(lightened_for_the_dark(accent), paper) for paper in DARK_PAPERS) >= READABLE


def hue(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return colorsys.rgb_to_hls(red, green, blue)[0]


@given(colours)
def test_the_accent_for_the_dark_keeps_its_hue(accent: str) -> None:
    parts = [int(accent[at : at + 2], 16) for at in (1, 3, 5)]
    assume(max(parts) - min(parts) > 60)
    turned = abs(hue(accent) - hue(lightened_for_the_dark(accent)))
    assert min(turned, 1 - turned) < 0.03


def test_a_colour_that_can_be_read_in_the_dark_stays() -> None:
    assert lightened_for_the_dark("#EBA49A") == "#EBA49A"
