"""From a place in what the templates made, back to the template and its line.

Only when something is wrong are the templates read again with marks in them: each stretch of fixed text then says
where it comes from.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import Environment
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

# U+10FFFE and U+10FFFF are noncharacters: no text has them.
_OPEN, _CLOSE = "\U0010fffe", "\U0010ffff"
_MARK = re.compile(f"{_OPEN}([^{_CLOSE}]*):([0-9]+){_CLOSE}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A line of a template."""

    template: str
    line: int

    def __str__(self) -> str:
        return f"{self.template}:{self.line}"


def marking(environment: Environment) -> Environment:
    """The same templates, made to say where their fixed text comes from."""
    return environment.overlay(extensions=[_Marks])


def place_of(marked: str, offset: int) -> Place | None:
    """The template line that made the byte at `offset` of the text without marks, out of the text with marks."""
    starts, places, length, position = [], [], 0, 0
    for found in _MARK.finditer(marked):
        length += len(marked[position : found.start()].encode())
        position = found.end()
        starts.append(length)
        places.append(Place(template=found[1], line=int(found[2])))
    index = bisect_right(starts, offset)
    return places[index - 1] if index else None


class _Marks(Extension):
    """Puts a mark before each line of fixed text."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        name = stream.filename or stream.name or "template"
        for token in stream:
            yield Token(token.lineno, "data", _marked(token, name)) if token.type == "data" else token


def _marked(token: Token, name: str) -> str:
    lines = token.value.splitlines(keepends=True)
    return "".join(f"{_OPEN}{name}:{token.lineno + number}{_CLOSE}{line}" for number, line in enumerate(lines))
