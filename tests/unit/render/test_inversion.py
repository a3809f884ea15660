"""What becomes of colours in mailboxes that turn letters over; contrasts are those of the design reference."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.render.inversion import fully, partly, with_colours_turned

PAPER, PANEL = (252, 250, 246), (243, 238, 228)
INKS = {"ink": (28, 26, 23), "text": (63, 59, 53), "muted": (98, 91, 80), "accent": (125, 29, 43)}
COLOURS = st.tuples(*[st.integers(0, 255)] * 3)


def luminance(colour):
    """WCAG 2.2, relative luminance."""
    parts = [part / 255 for part in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("name", "full", "partial"),
    [("ink", (16.2, 14.5), 12.6), ("text", (11.8, 10.6), 8.3), ("muted", (8.5, 7.6), 5.4), ("accent", (7.5, 6.7), 7.6)],
)
def test_contrasts_are_those_of_the_design(name, full, partial):
    measured = [contrast(fully(INKS[name], False), fully(ground, True)) for ground in (PAPER, PANEL)]
    assert [round(each, 1) for each in measured] == list(full)
    assert contrast(partly(INKS[name], False), partly(PAPER, True)) == pytest.approx(partial, rel=0.05)


def test_partly_leaves_dark_grounds_and_light_text():
    assert partly((125, 29, 43), True) == (125, 29, 43)
    assert partly((255, 255, 255), False) == (255, 255, 255)


@given(COLOURS)
def test_twice_fully_is_where_it_was(colour):
    back = fully(fully(colour, True), True)
    assert all(abs(one - other) <= 6 for one, other in zip(back, colour, strict=True))


@given(COLOURS, st.booleans())
def test_every_colour_stays_a_colour(colour, ground):
    assert all(0 <= part <= 255 for part in partly(colour, ground))


def marked(colour, ground):
    return (1, 1, 1) if ground else (2, 2, 2)


@pytest.mark.parametrize(
    ("html", "turned"),
    [
        ('<p style="color:#abc">', '<p style="color:#020202">'),
        ('<p style="background:#ABCDEF url(x)">', '<p style="background:#010101 url(x)">'),
        ('<p style="border:1px solid rgb(1, 2, 3)">', '<p style="border:1px solid #020202">'),
        ('<p style="color:rgba(1,2,3,.5)">', '<p style="color:rgba(2,2,2,.5)">'),
        ('<p style="color:white;margin:0 #">', '<p style="color:#020202;margin:0 #">'),
        ('<td bgcolor="#FFFFFF">', '<td bgcolor="#010101">'),
        (
            '<style media="all">a:hover{color:black}</style><body style="background-color:#fff">',
            '<style media="all">a:hover{color:#020202}</style><body style="background-color:#010101">',
        ),
        ("<p>color:#fff is white</p>", "<p>color:#fff is white</p>"),
        ('<a href="https://docket.example/#abc">', '<a href="https://docket.example/#abc">'),
        ('<p style="font-family:whitehall">', '<p style="font-family:whitehall">'),
    ],
)
def test_what_is_a_colour_and_what_is_not(html, turned):
    assert with_colours_turned(html, marked) == turned


def test_a_colour_that_is_transparent_in_part_stays_so():
    made = with_colours_turned('<p style="color:rgba(0, 0, 0, 0.4)">', fully)
    assert re.search(r"rgba\(255,255,255, 0\.4\)", made)
