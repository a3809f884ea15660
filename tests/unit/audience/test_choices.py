"""Which sections a reader gets."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.audience.choices import WHOLE, is_in, variants

KNOWN = {"National": ("Politics", "Government"), "Courts & the law": ("Courts",), "Regional": ("Courts", "County")}
IN_ISSUE = [("National", 3), ("Courts & the law", 2), ("Regional", 1)]


def variant(*chosen: str, in_issue: list[tuple[str, int]] = IN_ISSUE, least: int = 1) -> int | None:
    return variants([chosen], in_issue, KNOWN, least=least)[chosen]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (("National",), 0b001),
        (("regional",), 0b100),
        (("Regional", "NATIONAL"), 0b101),
        (("County",), 0b100),  # a category of the site
        (("Courts",), 0b110),  # of two sections
        (("Courts & the law", "Sport"), 0b010),  # what nobody knows is passed over
    ],
)
def test_sections_by_their_names_or_categories(chosen: tuple[str, ...], expected: int) -> None:
    assert variant(*chosen) == expected


@pytest.mark.parametrize("chosen", [("National", "Courts & the law", "Regional"), ("VIP",), ()])
def test_the_whole_issue(chosen: tuple[str, ...]) -> None:
    assert variant(*chosen) == WHOLE


def test_a_section_that_the_issue_lacks_leaves_nothing() -> None:
    assert variant("Regional", in_issue=IN_ISSUE[:2]) is None


def test_too_little() -> None:
    assert variant("Regional", least=2) is None
    assert variant("Regional", "Courts & the law", least=3) == 0b110
    assert variant("VIP", least=99) == WHOLE


@given(st.lists(st.integers(1, 4), min_size=1, max_size=70), st.data())
def test_what_was_chosen_is_in_and_nothing_else(stories: list[int], data: Any) -> None:
    names = [f"Section {number}" for number in range(len(stories))]
    chosen = data.draw(st.sets(st.sampled_from(names), min_size=1))
    found = variants([tuple(chosen)], list(zip(names, stories, strict=True)), dict.fromkeys(names, ()), least=1)
    made = found[tuple(chosen)]
    assert made is not None
    assert made < 1 << 63, "the store cannot keep it"
    got = {name for number, name in enumerate(names) if is_in(made, number)}
    assert got == chosen | set(names[62:])
