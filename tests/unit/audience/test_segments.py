"""The language of segments: what it says, what is refused and where, and who is in one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from digest.audience.segment_grammar import NotUnderstood
from digest.audience.segment_reading import LONGEST, read_segment
from digest.audience.segments import counted, judge_of, selection_of, written
from digest.model.readers import Choice, Rhythm
from digest.model.segments import Either, Every, Segment, Term, Trait, Without
from tests.unit.audience.segments import KNOWN, SEGMENTS

ENVIRONMENT, BRIEF = Term(Trait.SECTION, "Environment"), Term(Trait.SECTION, "In brief")
SPANISH, GERMAN = Term(Trait.LANGUAGE, "es"), Term(Trait.LANGUAGE, "de")


def read(text: str) -> Segment:
    return read_segment(text, KNOWN)


@pytest.mark.parametrize(
    ("text", "segment"),
    [
        ("section:Environment and language:es", Every((ENVIRONMENT, SPANISH))),
        ("section:In brief", BRIEF),
        ("section:  in   BRIEF or language:ES-mx", Either((BRIEF, SPANISH))),
        ('section:"In brief"', BRIEF),
        ("section:“In brief”", BRIEF),
        ("section:'In brief'", BRIEF),
        ('section : "Courts: the week"', Term(Trait.SECTION, "Courts: the week")),
        (r'section:"The \"last\" \\ word"', Term(Trait.SECTION, 'The "last" \\ word')),
        ("frequency:monthly", Term(Trait.RHYTHM, "monthly")),
        ("rhythm:Weekly", Term(Trait.RHYTHM, "weekly")),
        ("zone:europe/madrid", Term(Trait.TIMEZONE, "Europe/Madrid")),
        ("timezone:America/New York", Term(Trait.TIMEZONE, "America/New_York")),
        ("not language:es", Without(SPANISH)),
        ("not not language:es", SPANISH),
        ("NOT(language:es OR language:de)", Without(Either((SPANISH, GERMAN)))),
        (
            "section:In brief or language:es and not language:de",
            Either((BRIEF, Every((SPANISH, Without(GERMAN))))),
        ),
        ("(section:In brief or language:es) and language:de", Every((Either((BRIEF, SPANISH)), GERMAN))),
        ("language:es and (language:de and section:In brief)", Every((SPANISH, GERMAN, BRIEF))),
    ],
)
def test_a_segment_is_read(text: str, segment: Segment) -> None:
    assert read(text) == segment
    assert read(written(segment)) == segment


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("", 1, "it ends here; expected here: a field"),
        ("section:", 9, "it ends here; expected here: a value"),
        ("language:es and", 16, "it ends here; expected here: a field"),
        ("(language:es", 13, r"it ends here; expected here: \)"),
        ("language:es)", 12, "does not go here; expected here: and, or, the end"),
        ("language:es section:In brief", 20, "“:” does not go here; put and, or between two terms"),
        ('section:"In brief', 9, '“"” does not go here; .* close them'),
        ("Environment", 1, "“Environment” does not go here; expected here: a field"),
        ("section:Either or", 18, "it ends here; .*; a name that has and, or, not in it goes in quotation marks"),
        (
            "section:Enviroment",
            9,
            "there is no section “Enviroment”; did you mean Environment.; there are Environment, ",
        ),
        ('language:de or section:"Sport"', 24, "there is no section “Sport”; there are Environment, In brief"),
        ("language:sp", 10, "there is no language “sp”; there are en, es, de"),
        ("frequency:daily", 11, "there is no rhythm “daily”; .*weekly, monthly"),
        ("zone:Europe/Madird", 6, "there is no time zone “Europe/Madird”; did you mean Europe/Madrid"),
        ("not sektion:In brief", 5, "“sektion” is nothing that readers choose; did you mean section"),
        ("domain:gmail.com", 1, "“domain” is nothing that readers choose; there are section, language"),
        ("language:es" + " or language:es" * 200, LONGEST + 1, f"longer than {LONGEST}"),
    ],
)
def test_what_is_wrong_is_shown_at_its_place(text: str, column: int, said: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        read(text)
    assert refused.value.column == column
    assert re.search(said, f"{refused.value}; {refused.value.hint}")


def test_the_deepest_that_fits_is_still_read() -> None:
    text = "language:es"
    while len(text) + 30 < LONGEST:
        text = f"not ({text} or language:de and language:en)"
    assert read(written(read(text))) == read(text)


@given(SEGMENTS)
def test_what_is_written_is_read_again(segment: Segment) -> None:
    assert read(written(segment)) == segment


@pytest.mark.parametrize(
    ("text", "choice", "is_in"),
    [
        ("section:Environment", Choice(sections=("Environment", "In brief")), True),
        ("section:Environment", Choice(sections=("In brief",)), False),
        ("section:Environment", Choice(sections=("Climate",)), True),  # a category that it takes
        ("section:Environment", Choice(), True),  # who chose none gets all
        ("section:Environment", Choice(sections=("gone",)), True),
        ("language:en", Choice(), True),
        ("language:en", Choice(language="en-GB"), True),
        ("language:es", Choice(), False),
        ("frequency:monthly", Choice(rhythm=Rhythm.MONTHLY), True),
        ("frequency:monthly", Choice(), False),
        ("zone:America/New_York", Choice(), True),
        ("zone:America/New_York", Choice(timezone="Europe/Madrid"), False),
        ("section:Environment and not language:es", Choice(language="es"), False),
        ("section:Environment and not language:es", Choice(language="de"), True),
        ("language:es or language:de", Choice(language="de"), True),
        ("language:es or language:de", Choice(language="pt"), False),
    ],
)
def test_who_is_in_it(text: str, choice: Choice, is_in: bool) -> None:
    assert judge_of(read(text), KNOWN)(choice) is is_in


def test_each_term_is_counted_by_itself() -> None:
    spanish, courts = Choice(language="es"), Choice(sections=("Courts: the week",))
    count = counted(read("section:Environment and language:es"), KNOWN, [(spanish, 2), (Choice(), 3), (courts, 4)])
    assert (count.readers, count.selected) == (9, 2)
    assert count.terms == {"section:Environment": 5, "language:es": 2}


def test_a_selection_has_the_choices_that_come_to_its_sections() -> None:
    chosen = [("climate",), ("In brief",), ("gone",)]
    selection = selection_of(read("section:Environment or not section:In brief"), KNOWN, chosen)
    assert selection.choices == {"Environment": (("climate",), ("gone",)), "In brief": (("In brief",), ("gone",))}
