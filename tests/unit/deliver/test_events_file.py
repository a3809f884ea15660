"""Events as JSON: the body of a request, and files that somebody kept of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from digest.deliver.events_file import NoEvents, parse_events, read_events
from digest.errors import ConfigurationError


def event(kind: str = "delivered") -> dict[str, Any]:
    return {"email": "ana@example.com", "timestamp": 1795183200, "event": kind}


@pytest.mark.parametrize(
    ("body", "events"), [(b"[]", []), (b'[{"a": 1}, 2]', [{"a": 1}, 2]), (b'{"a": 1}', [{"a": 1}])]
)
def test_a_body(body: bytes, events: list[Any]) -> None:
    assert parse_events(body) == events


@pytest.mark.parametrize("body", [b"", b"payload", b"[1", b"7", b'"text"', b"null", b"\xff", b"[" * 5000])
def test_a_body_without_events(body: bytes) -> None:
    with pytest.raises(NoEvents):
        parse_events(body)


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
