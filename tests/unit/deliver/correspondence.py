"""An invented campaign and its letters, for the tests of the delivery room."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from digest.deliver.letters import Addressing, write_letter
from digest.model import ISSUE_SLOTS, Batch, Campaign, Letter, RenderedIssue, Subscriber

ISSUE = "2026-11-20"
ADDRESSING = Addressing(web="https://docket.example/", secret="a secret of the tests", domain="docket.example")
MARKERS = {slot: f"slot-{slot.value}-5f2c9a" for slot in ISSUE_SLOTS}
HTML = (
    "<!doctype html><html><body><p>{greeting}</p><h1>Court’s week</h1>"
    + "<p>A deck of some length, with a dash — and more.</p>\n" * 20
    + '<p>Sent to {reader}. <a href="{unsubscribe}">Unsubscribe</a> <a href="{preferences}">Preferences</a></p></html>'
)
TEXT = (
    "{greeting}\n\nCourt’s week\n.hidden\nFrom here on\n\nSent to {reader}\nUnsubscribe: {unsubscribe}\n{preferences}\n"
)


def marked(body: str) -> str:
    """A body with the slots' markers where `{greeting}` and so on stand."""
    for slot, marker in MARKERS.items():
        body = body.replace(f"{{{slot.value}}}", marker)
    return body


def rendered(**changes: Any) -> RenderedIssue:
    issue = RenderedIssue(
        issue=ISSUE,
        subject="Closing Arguments: the court’s week",
        preheader="What the court did",
        html=marked(HTML),
        text=marked(TEXT),
        slots=MARKERS,
        fingerprint="0123456789abcdef",
    )
    return replace(issue, **changes)


def campaign(*, issue: RenderedIssue | None = None, **changes: Any) -> Campaign:
    whole = Campaign(
        rendered=issue or rendered(),
        from_="Closing Arguments <letters@docket.example>",
        reply_to="The Docket <editor@docket.example>",
        list_id="Closing Arguments <closing-arguments.docket.example>",
        archive="https://docket.example/issues/",
        unsubscribe_mail="unsubscribe@docket.example",
        date=datetime(2026, 11, 20, 14, 0, tzinfo=UTC),
    )
    return replace(whole, **changes)


def letter(address: str = "ana@example.com", name: str = "Ana Silva", key: int = 0) -> Letter:
    subscriber = Subscriber(address=address, name=name)
    return write_letter(subscriber, issue=ISSUE, addressing=ADDRESSING, key=key)


def letters(count: int) -> list[Letter]:
    """Letters with the keys 1 to `count`."""
    return [letter(f"reader{number}@example.com", f"Reader Number{number}", number) for number in range(1, count + 1)]


def batch(letters: Iterable[Letter], *, number: int = 1) -> Batch:
    return Batch(number=number, letters=tuple(letters))


def stuffed(text: str) -> str:
    """The text as it goes as `format=flowed` (RFC 3676, section 4.4), line by line."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(f" {line}" if line.startswith((" ", ">", "From ")) else line for line in lines)


def unstuffed(text: str) -> str:
    """The text as programs show it that know `format=flowed`, its lines as they are."""
    return "\n".join(line.removeprefix(" ") for line in text.split("\n"))
