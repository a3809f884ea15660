import pytest

from digest.edit.biography import about
from digest.model import Entry


def said(*paragraphs, byline="Ana Ruiz"):
    content = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return about(Entry(source="The Docket", identity="1", content=content), byline)


@pytest.mark.parametrize(
    ("last", "words"),
    [
        ("<em>Ana Ruiz tries civil cases in Harrow.</em>", "tries civil cases in Harrow."),
        ("Ana Ruiz is a lawyer in Harrow. Write to her at once.", "a lawyer in Harrow."),
        ("ANA RUIZ, a lawyer, lives in Harrow.", "a lawyer, lives in Harrow."),
        ("Ana Ruiz es abogada.", "abogada."),
    ],
)
def test_the_line_at_the_end_says_who_wrote_it(last, words):
    assert said("An argument.", last) == words
    assert said("An argument.", last, "The Docket welcomes letters.") == words


@pytest.mark.parametrize(
    "last",
    [
        "Ana Ruizenberg is somebody else.",
        "By Ana Ruiz",
        "Ana Ruiz",
        "An argument without an author.",
        f"Ana Ruiz {'x ' * 100}",
    ],
)
def test_nothing_is_said_where_nothing_is_known(last):
    assert said("An argument.", last) == ""


def test_a_name_at_the_beginning_is_part_of_the_story():
    assert said("Ana Ruiz was late.", "One.", "Two.", "Three.") == ""


def test_without_a_byline_nobody_is_presented():
    assert said("Somebody writes every Friday.", byline="") == ""
