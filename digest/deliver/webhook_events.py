"""What SendGrid's event webhook tells of letters, as evidence of what became of them. Pure, but for reading the file.

https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event: events come in any order, more than once, and
with fields missing. An event counts if it names a letter of ours: by the two custom arguments of the request.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from digest.deliver.receipts import said
from digest.deliver.smtp_replies import Reply, no_such_reader
from digest.errors import ConfigurationError
from digest.model import Answer

_KINDS: Mapping[str, Answer] = {
    "processed": Answer.TAKEN,
    "delivered": Answer.TAKEN,
    "deferred": Answer.TAKEN,
    "bounce": Answer.TAKEN,
    "open": Answer.TAKEN,
    "click": Answer.TAKEN,
    "spamreport": Answer.TAKEN,
    "unsubscribe": Answer.TAKEN,
    "group_unsubscribe": Answer.TAKEN,
    "group_resubscribe": Answer.TAKEN,
    "dropped": Answer.NOT_TAKEN,
}
_LINE_WITH_TEXT = re.compile(rb"[^\r\n]*[^\s][^\r\n]*")
_REPLY_CODE = re.compile(r"^\d{3}[ -]")
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What one event shows of one letter.

    `issue` and `letter` (the letter's key: 24 hexadecimal digits of its Message-ID) are the request's custom arguments.
    `kind` is TAKEN for whatever shows that SendGrid took the letter over, also where the reader's server refused it
    afterwards; NO_MAILBOX where that server said that there is no such reader; NOT_TAKEN where SendGrid dropped it.
    """

    issue: str
    letter: str
    kind: Answer
    words: str
    at: datetime


def evidence(posts: Iterable[Mapping[str, Any]]) -> Iterator[Evidence]:
    """The evidence in these events, each piece once, in their order. What is not ours or makes no sense is left out."""
    seen: set[Evidence] = set()
    for post in posts:
        found = _evidence(post)
        if found is not None and found not in seen:
            seen.add(found)
            yield found


def read_events(path: Path) -> tuple[Mapping[str, Any], ...]:
    """The events of a file: a JSON array, or a line of JSON for each event or for each array of them.

    Raises ConfigurationError, with file and line.
    """
    content = _read(path).removeprefix(b"\xef\xbb\xbf")
    first = _LINE_WITH_TEXT.search(content)
    if first is not None and _is_json(first[0]):
        return tuple(event for number, line in _lines(content) for event in _events(path, number, line))
    return tuple(_events(path, 1, content)) if content.strip() else ()


def _evidence(post: object) -> Evidence | None:
    if not isinstance(post, Mapping):
        return None
    issue, letter, event, at = post.get("issue"), post.get("letter"), post.get("event"), _instant(post)
    if not (isinstance(issue, str) and isinstance(letter, str) and isinstance(event, str)) or at is None:
        return None
    kind = _kind(event, post)
    if kind is None or not issue or not letter:
        return None
    return Evidence(issue=issue, letter=letter, kind=kind, words=_words(event, post), at=at)


def _kind(event: str, post: Mapping[str, Any]) -> Answer | None:
    if event == "bounce" and _says_no_mailbox(post):
        return Answer.NO_MAILBOX
    return _KINDS.get(event)


def _says_no_mailbox(post: Mapping[str, Any]) -> bool:
    """Whether the reader's server said so. A `blocked` one is about this letter or its sender, whatever its words."""
    if post.get("type") == "blocked":
        return False
    status, reason = _text(post, "status"), _REPLY_CODE.sub("", _text(post, "reason"))
    telling = bool(_ENHANCED.fullmatch(status)) and not status.endswith(".0.0") and not _ENHANCED.match(reason)
    text = f"{status} {reason}" if telling else reason
    return no_such_reader(Reply(code=550, text=text.encode("utf-8", "replace")))


def _words(event: str, post: Mapping[str, Any]) -> str:
    """`bounce: 550 5.1.1 no such user`"""
    why = _text(post, "reason") or _text(post, "response")
    return said(f"{event}: {why}" if why else event)


def _text(post: Mapping[str, Any], name: str) -> str:
    value = post.get(name)
    return value if isinstance(value, str) else ""


def _instant(post: Mapping[str, Any]) -> datetime | None:
    seconds = post.get("timestamp")
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"cannot read the events in {path}: {error.strerror or error}") from None


def _lines(content: bytes) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(content.splitlines(), start=1):
        if line.strip():
            yield number, line


def _is_json(line: bytes) -> bool:
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True


def _events(path: Path, line: int, text: bytes) -> Iterator[Mapping[str, Any]]:
    """The events in a piece of JSON that begins on `line` of the file."""
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _wrong(path, line + error.lineno - 1, f"is not JSON: {error.msg}") from None
    if not isinstance(found, list | dict):
        raise _wrong(path, line, "is no event")
    yield from (event for event in (found if isinstance(found, list) else [found]) if isinstance(event, dict))


def _wrong(path: Path, line: int, what: str) -> ConfigurationError:
    return ConfigurationError(
        f"{path}, line {line}: {what}", hint="give it what SendGrid's event webhook posted: a JSON array, or JSON lines"
    )
