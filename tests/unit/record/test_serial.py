from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.model import Form, Issue, Note, Notice, Picture, RenderedIssue, Section, Slot, Story, Window
from digest.record.serial import issue_from_json, issue_to_json, pictures_from_json, pictures_to_json
from tests.unit.record.newsroom import issue, rendered

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TEXT = st.text(max_size=20)
INSTANT = st.datetimes(min_value=datetime(1, 1, 1), timezones=st.just(UTC))
SIZE = st.integers(min_value=0, max_value=10_000)
PICTURE = st.builds(Picture, address=TEXT, width=SIZE, height=SIZE, alt=TEXT, caption=TEXT, credit=TEXT)
STORY = st.builds(
    Story,
    headline=TEXT,
    address=TEXT,
    deck=TEXT,
    kicker=TEXT,
    byline=TEXT,
    place=TEXT,
    published=INSTANT,
    picture=st.none() | PICTURE,
    source=TEXT,
    entry_key=SIZE,
)
SECTION = st.builds(Section, name=TEXT, form=st.sampled_from(Form), stories=st.lists(STORY, max_size=3).map(tuple))
ISSUE = st.builds(
    Issue,
    date=st.dates(),
    number=SIZE,
    window=st.builds(Window, opens=INSTANT, closes=INSTANT),
    lead=st.none() | STORY,
    sections=st.lists(SECTION, max_size=3).map(tuple),
    note=st.builds(Note, paragraphs=st.lists(TEXT, max_size=3).map(tuple), signature=TEXT, role=TEXT),
    notice=st.none() | st.builds(Notice, text=TEXT, link=TEXT, link_text=TEXT),
)
RENDERED = st.builds(
    RenderedIssue,
    issue=TEXT,
    subject=TEXT,
    preheader=TEXT,
    html=TEXT,
    text=TEXT,
    slots=st.dictionaries(st.sampled_from(Slot), TEXT),
    fingerprint=TEXT,
)


@patient
@given(ISSUE, RENDERED)
def test_an_issue_comes_back_exactly(made: Issue, mail: RenderedIssue) -> None:
    kept = issue_from_json(issue_to_json(made, mail))
    assert kept.issue == made
    assert (kept.subject, kept.preheader, kept.fingerprint) == (mail.subject, mail.preheader, mail.fingerprint)
    assert kept.slots == mail.slots
    assert all(isinstance(slot, Slot) for slot in kept.slots)


@patient
@given(st.lists(PICTURE, max_size=3).map(tuple))
def test_pictures_come_back_exactly(pictures: tuple[Picture, ...]) -> None:
    assert pictures_from_json(pictures_to_json(pictures)) == pictures


def test_a_person_can_read_it() -> None:
    text = issue_to_json(replace(issue(), note=Note(paragraphs=("Ōkina",))), rendered())
    assert '"Ōkina"' in text
    assert len(text.splitlines()) > 20


def altered(change: dict[str, Any], *, without: str = "") -> str:
    plain = json.loads(issue_to_json(issue(), rendered()))
    plain["issue"] = {name: value for name, value in {**plain["issue"], **change}.items() if name != without}
    return json.dumps(plain)


def test_a_field_of_a_later_version_is_passed_over() -> None:
    assert issue_from_json(altered({"crossword": "hard"})).issue == issue()


def test_a_field_that_came_later_has_its_default() -> None:
    assert issue_from_json(altered({}, without="notice")).issue == issue()


@pytest.mark.parametrize(
    "text",
    [
        altered({}, without="window"),
        altered({"date": "20th of November"}),
        altered({"date": 20}),
        altered({"number": "one"}),
        altered({"sections": "none"}),
        altered({"sections": [{"name": "National", "form": "sideways"}]}),
        altered({"window": []}),
        "[]",
        "",
    ],
)
def test_what_does_not_fit_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        issue_from_json(text)
