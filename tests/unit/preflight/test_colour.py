"""Contrast by WCAG, and what was measured of colours that mail programs turned over."""

from __future__ import annotations

import pytest

from digest.preflight.colour import (
    BLACK,
    WHITE,
    Colour,
    contrast,
    ground_turned_partly,
    ink_turned_partly,
    over,
    turned_fully,
    written,
)

PAPER, PANEL = "#FCFAF6", "#F3EEE4"


def colour(text: str) -> Colour:
    red, green, blue = (int(text[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def test_black_on_white_is_the_most() -> None:
    assert contrast(BLACK, WHITE) == contrast(WHITE, BLACK) == pytest.approx(21)


@pytest.mark.parametrize(
    ("ink", "light", "full", "partial"),
    [
        ("#1C1A17", (16.7, 15.0), (16.2, 14.5), (12.6, 11.4)),
        ("#3F3B35", (10.7, 9.6), (11.8, 10.6), (8.3, 7.5)),
        ("#625B50", (6.4, 5.8), (8.5, 7.6), (5.4, 4.9)),
        ("#7D1D2B", (9.7, 8.7), (7.5, 6.7), (7.6, 6.8)),
    ],
)
def test_the_themes_colours_come_out_as_measured(ink: str, light: tuple, full: tuple, partial: tuple) -> None:  # type: ignore[type-arg]
    for at, ground in enumerate((PAPER, PANEL)):
        text, paper = colour(ink), colour(ground)
        assert contrast(text, paper) == pytest.approx(light[at], abs=0.06)
        assert contrast(turned_fully(text), turned_fully(paper)) == pytest.approx(full[at], abs=0.06)
        turned = contrast(ink_turned_partly(text), ground_turned_partly(paper))
        assert turned == pytest.approx(partial[at], abs=0.45)


def test_a_dark_button_with_white_words_is_left_alone_when_partly_turned() -> None:
    button = colour("#7D1D2B")
    assert (ink_turned_partly(WHITE), ground_turned_partly(button)) == (WHITE, button)


def test_a_ground_shines_through() -> None:
    assert written(over(BLACK, 0.5, WHITE)) == "#808080"
