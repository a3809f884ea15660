"""What SendGrid's event webhook tells, against its own samples and what public bug reports showed of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from digest.deliver.webhook_events import Evidence, evidence, read_events
from digest.errors import ConfigurationError
from digest.model import Answer

SHARED = Path(__file__).resolve().parents[4] / "shared" / "contracts"
SAMPLES = SHARED / "sendgrid" / "event-webhook-samples.json"
LETTER = {"issue": "2026-11-20", "letter": "0123456789abcdef01234567"}


def event(kind: str = "delivered", **changes: Any) -> dict[str, Any]:
    return {"email": "ana@example.com", "timestamp": 1795183200, "event": kind, "sg_event_id": "x", **LETTER, **changes}


def kinds(*posts: Any) -> list[Answer]:
    return [each.kind for each in evidence(posts)]


def test_an_event_of_ours() -> None:
    (one,) = evidence([event(response="250 2.0.0 OK\r\nqueued")])
    assert one == Evidence(
        issue="2026-11-20",
        letter="0123456789abcdef01234567",
        kind=Answer.TAKEN,
        words="delivered: 250 2.0.0 OK queued",
        at=datetime(2026, 11, 20, 14, 0, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("processed", Answer.TAKEN),
        ("delivered", Answer.TAKEN),
        ("deferred", Answer.TAKEN),
        ("bounce", Answer.TAKEN),
        ("open", Answer.TAKEN),
        ("click", Answer.TAKEN),
        ("spamreport", Answer.TAKEN),
        ("unsubscribe", Answer.TAKEN),
        ("dropped", Answer.NOT_TAKEN),
    ],
)
def test_every_kind(kind: str, answer: Answer) -> None:
    assert kinds(event(kind)) == [answer]


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"type": "bounce", "status": "5.1.1", "reason": "550 5.1.1 That account does not exist."}, Answer.NO_MAILBOX),
        ({"type": "bounce", "status": "5.1.1", "reason": "550 go away"}, Answer.NO_MAILBOX),
        ({"type": "bounce", "status": "5.0.0", "reason": "500 unknown recipient"}, Answer.NO_MAILBOX),
        ({"type": "bounce", "reason": "550 no such user here"}, Answer.NO_MAILBOX),
        ({"type": "bounce", "status": "5.2.2", "reason": "552 5.2.2 mailbox full"}, Answer.TAKEN),
        ({"type": "bounce", "status": "5.7.1", "reason": "550 unknown user, says the filter"}, Answer.TAKEN),
        ({"type": "blocked", "status": "5.0.0", "reason": "500 unknown recipient"}, Answer.TAKEN),
        ({"type": "bounce", "status": 511, "reason": None}, Answer.TAKEN),
    ],
)
def test_a_bounce_says_that_there_is_no_such_reader_or_does_not(changes: dict[str, Any], answer: Answer) -> None:
    assert kinds(event("bounce", **changes)) == [answer]


@pytest.mark.parametrize(
    "post",
    [
        event("account_status_change"),
        event(issue=None),
        event(letter=""),
        event(letter=12),
        event(timestamp="soon"),
        event(timestamp=True),
        event(timestamp=1e30),
        event(timestamp=None),
        {**event(), "event": ["delivered"]},
        {"event": "delivered"},
        {},
        "delivered",
        None,
    ],
)
def test_what_is_not_ours_or_makes_no_sense_is_left_out(post: Any) -> None:
    assert kinds(post, event()) == [Answer.TAKEN]


def test_what_is_said_twice_counts_once() -> None:
    assert kinds(event(), event(sg_event_id="y"), event("dropped"), event()) == [Answer.TAKEN, Answer.NOT_TAKEN]


@pytest.mark.skipif(not SAMPLES.exists(), reason="the shared contracts are not beside this repository")
def test_the_services_own_samples() -> None:
    posts = [{**each, **LETTER, "issue": str(number)} for number, each in enumerate(read_events(SAMPLES))]
    found = {int(each.issue): each.kind for each in evidence(posts)}
    assert len(found) == len(posts) == 15
    assert {posts[number]["event"] for number, kind in found.items() if kind is Answer.NOT_TAKEN} == {"dropped"}
    assert [posts[number]["type"] for number, kind in found.items() if kind is Answer.NO_MAILBOX] == ["bounce"]
    assert not list(evidence(read_events(SAMPLES)))


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([event("open"), event("click")]),
        json.dumps([event("open"), event("click")], indent=1),
        f"{json.dumps(event('open'))}\n\n{json.dumps(event('click'))}\n",
        f"\n \n{json.dumps([event('open')])}\r\n{json.dumps([event('click')])}",
        f"\ufeff{json.dumps([event('open'), 5, None, event('click')])}",
        json.dumps([event("open")], indent=2)[:-2] + "," + json.dumps(event("click")) + "]",
    ],
)
def test_every_form_of_file(text: str, tmp_path: Path) -> None:
    path = tmp_path / "events.json"
    path.write_text(text, encoding="utf-8", newline="")
    assert [each["event"] for each in read_events(path)] == ["open", "click"]


@pytest.mark.parametrize("text", ["", "\n \n", "[]", "[]\n[]\n"])
def test_a_file_without_events(text: str, tmp_path: Path) -> None:
    path = tmp_path / "events.json"
    path.write_text(text)
    assert read_events(path) == ()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{json.dumps(event())}\n\n{{oops\n", 3),
        ('[\n{"event": "open"},\n{"event" "click"}\n]', 3),
        ("email,event\n", 1),
        (f"{json.dumps(event())}\n7\n", 2),
        ('"text"', 1),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_its_line(text: str, line: int, tmp_path: Path) -> None:
    path = tmp_path / "events.json"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=rf"events\.json, line {line}: ") as raised:
        read_events(path)
    assert raised.value.hint


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot read the events"):
        read_events(tmp_path / "nowhere.json")
