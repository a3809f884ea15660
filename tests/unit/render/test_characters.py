from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.render.characters import printable


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("A headline\r\nBcc: all@docket.example", "A headline Bcc: all@docket.example"),
        ("tab\tand\x0bfeed\x0c", "tab and feed "),
        ("nul\x00 bell\x07 escape\x1b[31m", "nul bell escape[31m"),
        ("turned \u202eround\u202c and \u2067isolated\u2069", "turned round and isolated"),
        ("half a \ud83d pair, \ufffe and \ufeffmark", "half a  pair,  and mark"),
        ("Kaʻahumanu, “quoted”, 🦉, العربية, zero\u200dwidth", "Kaʻahumanu, “quoted”, 🦉, العربية, zero\u200dwidth"),
    ],
)
def test_only_what_a_letter_may_hold_is_left(raw, clean):
    assert printable(raw) == clean


def test_every_text_of_an_issue_is_reached(issue_called):
    assert printable(issue_called("one\x00\ntwo")) == issue_called("one two")


def test_what_is_no_text_stays(issue, publication):
    assert printable(issue) == issue
    assert printable(replace(publication, motto="x\x00")).timezone is publication.timezone


@given(st.text())
def test_it_is_done_once(text):
    assert printable(printable(text)) == printable(text)


@given(st.text())
def test_what_is_left_can_be_written_as_utf_8_on_one_line(text):
    clean = printable(text)
    clean.encode()
    assert len(clean.splitlines()) <= 1


def test_what_holds_nothing_to_take_out_is_not_made_again(issue):
    assert printable(issue) is issue
