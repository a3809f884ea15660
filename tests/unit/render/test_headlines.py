from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.model import Note, Section
from digest.render import headlines
from digest.render.headlines import LONGEST_PREHEADER, LONGEST_SUBJECT, cut
from digest.render.languages import language_of

NAME = "Closing Arguments"


def subject_of(issue, code="en"):
    return headlines.subject_of(issue, NAME, language_of(code))


def preheader_of(issue, code="en"):
    return headlines.preheader_of(issue, language_of(code))


@pytest.fixture
def week(issue, story_called):
    def of(*sections, lead="Three states must share a river", note=()):
        return replace(
            issue,
            lead=replace(story_called(lead), deck="") if lead else None,
            sections=tuple(
                Section(name="S", stories=tuple(replace(story_called(words), deck="") for words in headlines))
                for headlines in sections
            ),
            note=Note(paragraphs=note),
        )

    return of


def test_the_subject_is_the_name_and_the_lead(week):
    assert subject_of(week()) == "Closing Arguments: Three states must share a river"


def test_without_a_lead_the_subject_is_the_name_and_the_date(week):
    assert subject_of(week(lead="")) == "Closing Arguments: Friday, November 20, 2026"


def test_a_long_subject_is_cut_at_a_word(week):
    subject = subject_of(week(lead="Commission reverses itself " * 10))
    assert 75 < len(subject) <= LONGEST_SUBJECT
    assert subject.endswith("itself…") or subject.endswith("reverses…") or subject.endswith("Commission…")


def test_the_preheader_takes_the_first_headline_of_each_section_first(week):
    line = preheader_of(week(("One", "Two"), ("Three?", "Four")))
    assert line == "One; Three? Two; Four"


def test_the_preheader_never_repeats_the_lead_or_itself(week):
    assert preheader_of(week(("Three states must share a river", "One", "one"))) == "One"


def test_the_preheader_stops_between_90_and_110(week):
    assert preheader_of(week(("x" * 50, "y" * 45, "z" * 30))) == f"{'x' * 50}; {'y' * 45}"
    assert 90 <= len(preheader_of(week(("word " * 16, "other " * 16)))) <= 110


def test_a_week_without_other_stories_speaks_of_its_note(week):
    assert preheader_of(week(note=("Nothing happened.",))) == "Nothing happened."
    assert preheader_of(week()) == ""


def test_subject_and_preheader_are_joined_as_the_language_joins(week):
    issue = week(("One", 'Two "x"', "Qui?"), lead='"Three" rivers')
    assert subject_of(issue, "fr") == "Closing Arguments : « Three » rivers"
    assert subject_of(week(lead=""), "es") == "Closing Arguments: viernes, 20 de noviembre de 2026"
    assert preheader_of(issue, "fr") == "One\u202f; Two «\u202fx\u202f» Qui\u202f?"
    assert preheader_of(week(("واحد", "من يدفع؟", "ثلاثة")), "ar") == "واحد؛ من يدفع؟ ثلاثة"


@given(st.text(), st.integers(min_value=10, max_value=120))
def test_cutting_keeps_the_beginning_and_the_limit(text, most):
    short = cut(text, most)
    assert len(short) <= most
    assert short == " ".join(text.split()) or (short.endswith("…") and " ".join(text.split()).startswith(short[:-1]))


@given(st.lists(st.text(min_size=1), max_size=5))
def test_a_preheader_is_never_too_long(headlines):
    from datetime import UTC, date, datetime

    from digest.model import Issue, Story, Window

    now = datetime(2026, 11, 20, tzinfo=UTC)
    stories = tuple(Story(headline=words, address="https://docket.example/", published=now) for words in headlines)
    issue = Issue(
        date=date(2026, 11, 20),
        number=1,
        window=Window(opens=now, closes=now),
        lead=None,
        sections=(Section(name="S", stories=stories),),
        note=Note(paragraphs=()),
    )
    assert len(preheader_of(issue)) <= LONGEST_PREHEADER
