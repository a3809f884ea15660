from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.render import typography

_ = "\u00a0"


@pytest.mark.parametrize(
    ("raw", "language", "bound"),
    [
        ("on Dec. 1 and November 20, 2026", "en", f"on Dec.{_}1 and November{_}20, 2026"),
        ("in May 3 of us", "en", f"in May{_}3 of us"),
        ("on 20 November and 3 März", "de", f"on 20{_}November and 3{_}März"),
        ("awards $212 million to 38 patients", "en", f"awards $212{_}million to 38 patients"),
        ("114 degrees, 2.5 percent, 11 p.m.", "en", f"114{_}degrees, 2.5{_}percent, 11{_}p.m."),
        ("the board said, 3 to 2.", "en", f"the board said, 3{_}to{_}2."),
        ("from 1971 to 1980", "en", "from 1971 to 1980"),
        ("5 minutest", "en", "5 minutest"),
        ("dismay 5", "en", "dismay 5"),
        ("", "en", ""),
    ],
)
def test_what_belongs_together_in_running_text(raw, language, bound):
    assert typography.running(raw, language) == bound


@pytest.mark.parametrize(
    ("raw", "set_"),
    [
        ("Rail workers may sue", f"Rail workers may{_}sue"),
        ("Jurisprudence considered misunderstood", "Jurisprudence considered misunderstood"),
        ("Alone", "Alone"),
        ("Panel rules 3 to 2", f"Panel rules 3{_}to{_}2"),
    ],
)
def test_a_short_ending_of_a_headline_stays_together(raw, set_):
    assert typography.headline(raw) == set_


@pytest.mark.parametrize(
    ("raw", "set_"),
    [
        ("The courthouse at dusk", "The courthouse at dusk."),
        ("The courthouse at dusk.", "The courthouse at dusk."),
        ("“Guilty!”", "“Guilty!”"),
        ("  ", ""),
    ],
)
def test_a_caption_ends_with_its_full_stop(raw, set_):
    assert typography.caption(raw) == set_


def test_a_short_credit_stays_together_and_a_long_one_may_break():
    assert typography.credit("Ingrid Solano/The Docket") == f"(Ingrid{_}Solano/The{_}Docket)"
    assert typography.credit("Ingrid Solano for The Docket and others") == "(Ingrid Solano for The Docket and others)"


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Friday, November 20, 2026"),
        ("de", "Freitag, 20. November 2026"),
        ("xx-nowhere", "Friday, November 20, 2026"),
        ("", "Friday, November 20, 2026"),
    ],
)
def test_the_date_line_speaks_the_language_of_the_publication(language, line):
    assert typography.date_line(date(2026, 11, 20), language) == line


def test_scripts_are_told_apart():
    assert [typography.is_right_to_left(one) for one in ("en", "ar", "he", "ja")] == [False, True, True, False]
    assert [typography.has_capitals(one) for one in ("en", "el", "ar", "ja")] == [True, True, False, False]


@given(st.text())
def test_setting_changes_spaces_only(text):
    assert typography.headline(text).replace(_, " ") == text.replace(_, " ")
    assert typography.running(text, "de").replace(_, " ") == text.replace(_, " ")
