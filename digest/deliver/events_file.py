"""A provider's events as JSON: the body of a request, or a file that somebody kept of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from digest.errors import ConfigurationError

_LINE_WITH_TEXT = re.compile(rb"[^\r\n]*[^\s][^\r\n]*")


class NoEvents(ValueError):
    """Not JSON, or JSON that can hold no events."""


def parse_events(body: bytes) -> list[Any]:
    """The events of one request: a JSON array (or a single object), whatever stands in it. Raises NoEvents."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise NoEvents(str(error)) from None
    if not isinstance(found, list | dict):
        raise NoEvents("neither an array nor an object")
    return found if isinstance(found, list) else [found]


def read_events(path: Path) -> tuple[Mapping[str, Any], ...]:
    """The events of a file: a JSON array, or a line of JSON for each event or for each array of them.

    Raises ConfigurationError, with file and line.
    """
    content = _read(path).removeprefix(b"\xef\xbb\xbf")
    first = _LINE_WITH_TEXT.search(content)
    if first is not None and _is_json(first[0]):
        return tuple(event for number, line in _lines(content) for event in _events(path, number, line))
    return tuple(_events(path, 1, content)) if content.strip() else ()


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
