"""Setting plain text: lines of at most 72 columns, addresses never broken. Pure functions, used as template filters."""

from __future__ import annotations

import unicodedata

from digest.render.typography import NO_BREAK_SPACE

WIDTH = 72


def wrapped(text: str, indent: str = "", first: str | None = None) -> str:
    """`text` in lines of at most 72 columns, `indent` before each of them and `first`, if given, before the first.

    Lines break at spaces only, so an address stays whole however long it is; other words without an end are broken.
    """
    room = WIDTH - columns(indent)
    lines: list[list[str]] = [[]]
    width = 0
    for word in _words(text, room):
        wide = columns(word)
        if lines[-1] and width + 1 + wide > room:
            lines.append([])
            width = 0
        width += wide + bool(lines[-1])
        lines[-1].append(word)
    start = indent if first is None else first
    return (start + f"\n{indent}".join(map(" ".join, lines))).replace(NO_BREAK_SPACE, " ")


def bulleted(text: str) -> str:
    """`text` as an item of a list, its further lines hanging."""
    return wrapped(text, indent="  ", first="* ")


def underlined(text: str, line: str = "-") -> str:
    """`text` wrapped, with a line as long as its longest one under it."""
    lines = wrapped(text)
    return f"{lines}\n{line * max(map(columns, lines.splitlines()), default=0)}"


def columns(text: str) -> int:
    """How wide `text` is in a monospaced font (Unicode annex 11)."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Cf", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _words(text: str, room: int) -> list[str]:
    pieces: list[str] = []
    # Not split(): that would part what a no-break space binds.
    for word in filter(None, text.split(" ")):
        pieces += [word] if "://" in word or columns(word) <= room else _broken(word, room)
    return pieces


def _broken(word: str, room: int) -> list[str]:
    pieces, width = [""], 0
    for character in word:
        width += _columns(character)
        if width > room:
            pieces.append("")
            width = _columns(character)
        pieces[-1] += character
    return pieces
