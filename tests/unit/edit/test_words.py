from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from digest.edit.words import stem, stems, stems_with_names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("evacuated", "evacuation"),
        ("judges", "judge"),
        ("fined", "fines"),
        ("l'appel", "appel"),
        ("Ménétrier".casefold(), "menetrier"),
        ("المحكمة", "محكمة"),
        ("القاضي", "قاض"),
        ("eleven", "11"),
        ("zwölf", "12"),
        ("ثلاثون", "30"),
    ],
)
def test_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("court", "county"), ("sue", "sun"), ("glass", "glas"), ("nine", "ninety")])
def test_other_words_have_another(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("$1,300 or 1.300", ["1300", "1300"]),
        ("2,4 and 2.4", ["2.4", "2.4"]),
        ("a vote of 5-2", ["5", "2"]),
        ("$3.2M", ["3.2"]),
    ],
)
def test_figures_are_one_whatever_their_spelling(text: str, figures: list[str]) -> None:
    assert [word for word in stems(text) if word[0].isdigit()] == figures


def test_names_keep_their_capital_inside_a_sentence() -> None:
    assert list(stems_with_names("Judge Odile Marchetti wrote")) == ["judg", "Odil", "Marche", "wrot"]


@given(some.text())
def test_any_text_has_stems_without_spaces(text: str) -> None:
    assert all(word and word == "".join(word.split()) for word in stems_with_names(text))


@given(some.text())
def test_case_makes_no_difference_but_to_names(text: str) -> None:
    assert [word.lower() for word in stems_with_names(text)] == list(stems(text))
