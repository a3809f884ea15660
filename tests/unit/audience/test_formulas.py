"""Cells that a spreadsheet would run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.audience.formulas import guarded, unguarded
from digest.audience.roster import clean_name


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "''@x", "\t=1"])
def test_no_cell_begins_a_formula(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["", "Ana", "O'Dell", "'t Hooft", "a=b", "'"])
def test_any_other_cell_stays_as_it_is(text: str) -> None:
    assert guarded(text) == unguarded(text) == text


@given(st.text(st.sampled_from("'=+-@a\t"), max_size=8))
def test_what_is_read_is_what_was_written(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t"))


def test_a_name_is_read_without_its_guard() -> None:
    assert clean_name("'=HYPERLINK(1)") == "=HYPERLINK(1)"
    assert clean_name("'t Hooft") == "'t Hooft"
