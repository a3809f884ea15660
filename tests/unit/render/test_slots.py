import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.model import ISSUE_SLOTS, Slot
from digest.render.languages import language_of
from digest.render.slots import fill_html, fill_text, markers_of, neutral_values

MARKERS = markers_of("0123456789abcdef" * 4)
VALUES = {
    Slot.GREETING: "Good morning, Ana & “Bo” <b>,",
    Slot.READER: "ana@docket.example",
    Slot.UNSUBSCRIBE: 'https://docket.example/u?a=1&b="2"',
    Slot.PREFERENCES: "https://docket.example/p",
}


def test_markers_are_safe_for_every_carrier():
    assert MARKERS[Slot.UNSUBSCRIBE] == "digest-unsubscribe-0123456789ab"
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", marker) for marker in MARKERS.values())


def test_html_is_filled_with_escaped_values():
    html = f'<a href="{MARKERS[Slot.UNSUBSCRIBE]}">x</a><p>{MARKERS[Slot.GREETING]}</p>'
    assert fill_html(html, MARKERS, VALUES) == (
        '<a href="https://docket.example/u?a=1&amp;b=&quot;2&quot;">x</a><p>Good morning, Ana &amp; “Bo” &lt;b&gt;,</p>'
    )


def test_text_is_filled_with_values_as_they_are_on_one_line():
    text = f"{MARKERS[Slot.GREETING]}\n{MARKERS[Slot.READER]}"
    values = VALUES | {Slot.READER: "ana\r\nBcc: bo\x00"}
    assert fill_text(text, MARKERS, values) == "Good morning, Ana & “Bo” <b>,\nana Bcc: bo"


def test_a_value_that_looks_like_a_marker_stays():
    values = VALUES | {Slot.GREETING: MARKERS[Slot.READER]}
    assert fill_text(MARKERS[Slot.GREETING], MARKERS, values) == MARKERS[Slot.READER]


def test_a_missing_value_is_an_error():
    with pytest.raises(KeyError):
        fill_html("x", MARKERS, {Slot.GREETING: "Hello"})


def test_the_copy_on_the_web_names_nobody(publication):
    values = neutral_values(publication, language_of(publication.language))
    assert set(values) == set(ISSUE_SLOTS)
    assert values[Slot.UNSUBSCRIBE] == "https://letters.docket.example/"


@given(st.text(alphabet="abcdef-", max_size=60))
def test_text_without_markers_stays(text):
    assert fill_html(text, MARKERS, VALUES) == text
