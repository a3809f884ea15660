"""A small issue that has every part once."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from digest.model import Form, Issue, Note, Notice, Picture, Section, Story, Window
from digest.settings import Publication

CLOSED = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)


def story_called(words, slug="one"):
    """A story whose every text is `words`."""
    picture = Picture(
        address="https://docket.example/p.jpg", width=1120, height=630, alt=words, caption=words, credit=words
    )
    return Story(
        headline=words,
        address=f"https://docket.example/{slug}/?a=1&b=2",
        deck=words,
        kicker=words,
        byline=words,
        place=words,
        published=CLOSED,
        picture=picture,
    )


def issue_called(words):
    """An issue with every part, whose every text is `words`."""
    story = story_called(words)
    return Issue(
        date=date(2026, 11, 20),
        number=7,
        window=Window(opens=datetime(2026, 11, 13, 14, 0, tzinfo=UTC), closes=CLOSED),
        lead=story,
        sections=tuple(
            Section(name=words, form=form, stories=(story, story))
            for form in (Form.STANDARD, Form.BRIEF, Form.OPINION, Form.LEAD)
        ),
        note=Note(paragraphs=(words, words), signature=words, role=words),
        notice=Notice(text=words, link="https://docket.example/terms/", link_text=words),
    )


@pytest.fixture(name="issue_called")
def _issue_called():
    return issue_called


@pytest.fixture(name="story_called")
def _story_called():
    return story_called


@pytest.fixture
def issue():
    return issue_called("A quiet week in court")


@pytest.fixture
def publication():
    return Publication(
        name="Closing Arguments",
        publisher="The Docket",
        motto="The week in court",
        site="https://docket.example/",
        web="https://letters.docket.example/",
        postal_address="12 Court Street, Springfield",
        timezone=ZoneInfo("America/Los_Angeles"),
        language="en",
        from_="Closing Arguments <letters@docket.example>",
    )
