"""Words in their own direction: where a story runs against the letter, and where the letter's own words hold."""

import pytest

from digest.render.direction import first_direction, runs_against, runs_leftward, way_of
from digest.render.site import host

URDU = "یورو ملین: برطانوی شہری نے دس کروڑ پاؤنڈ جیت لیے"


@pytest.mark.parametrize(
    ("text", "right_to_left", "expected"),
    [
        ("Nobody won", False, False),
        ("Nobody won", True, True),
        (URDU, False, True),
        (URDU, True, False),
        ("", False, False),
        ("2026 …", False, False),
        ("2026 …", True, False),
        # The letter's own sentence about foreign stories, and a foreign story that begins with a name.
        (f"This week: {URDU}", False, False),
        ("هذا الأسبوع: Troubleshoot AKS cluster issues with Diagnostics and Periscope", True, False),
        (f"BBC {URDU}", False, False),
        ("«سلام» means peace, and is said in many places", False, False),
        ("שלום", False, True),
        ("ދިވެހި", False, True),
        ("判決は明日", True, True),
        ("判決は明日", False, False),
    ],
)
def test_what_runs_against_the_letter_is_seen(text: str, right_to_left: bool, expected: bool):
    assert runs_against(text, right_to_left=right_to_left) is expected


def test_an_element_says_its_direction_and_its_side():
    assert way_of(URDU, right_to_left=False) == ' dir="rtl" align="right"'
    assert way_of("Nobody won", right_to_left=True) == ' dir="ltr" align="left"'
    assert way_of(URDU, right_to_left=False, within=True) == ' dir="rtl"'
    assert way_of("Nobody won", right_to_left=False) == ""


def test_marks_and_digits_have_no_direction():
    assert first_direction("“12” …") == ""
    assert first_direction("“12” سلام") == "R"
    assert not runs_leftward("12, 13")


def test_a_link_without_words_is_named_by_its_site():
    assert host("https://www.bread.example/rolls?x=1") == "bread.example"
    assert host("bread") == "bread"
