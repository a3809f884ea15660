"""Setting plain text: lines of at most 72 columns, addresses never broken. Pure functions, used as template filters.

A line that the paragraph goes on after ends in a space: programs that know `format=flowed` (RFC 3676, section 4.1) set
such lines anew in their own width, and the others show lines that are short enough.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from digest.render.direction import first_direction, runs_against
from digest.render.typography import NARROW_SPACE, NO_BREAK_SPACE

WIDTH = 72
LEFT_TO_RIGHT_MARK = "\u200e"
RIGHT_TO_LEFT_MARK = "\u200f"

_BINDING = NO_BREAK_SPACE + NARROW_SPACE
_PLAIN_SPACES = str.maketrans(dict.fromkeys(_BINDING, " "))
# Latin letters, and the marks of printers: one column each.
_NARROW = re.compile("[\x20-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e]*")
_SIGNATURE = "--"
_BULLET = "* "


def wrapped(text: str, first: str = "", *, apart: str = "", right_to_left: bool = False) -> str:
    """`text` as one paragraph in lines of at most 72 columns, `first` before it; it flows.

    Lines break at spaces only, so an address stays whole however long it is; other words without an end are broken. The
    word with `apart` in it, a marker of something that may be longer, has a line to itself.
    """
    if apart or columns(text) + columns(first) > WIDTH:
        lines = "\n".join(_lines(_words(text), first, apart))
    else:
        lines = (first + " ".join(word for word, _ in _words(text))).rstrip(" ")
    lines = lines.translate(_PLAIN_SPACES)
    return "\n".join(map(directed, lines.split("\n"))) if right_to_left else lines


def bulleted(text: str, *, right_to_left: bool = False) -> str:
    """`text` as an item of a list."""
    return wrapped(text, _BULLET, right_to_left=right_to_left)


def underlined(text: str, line: str = "-", *, right_to_left: bool = False) -> str:
    """`text` wrapped, with a line as long as its longest one under it."""
    lines = wrapped(text, right_to_left=right_to_left)
    under = line * max((columns(one.rstrip(" ")) for one in lines.splitlines()), default=0)
    return f"{lines}\n{directed(under) if right_to_left else under}"


def directed(line: str) -> str:
    """A line of a language that is written from right to left, marked where it would be taken for one that is not.

    Programs take a line's direction from its first letter (UAX 9, rule P2). An address alone stays free of marks.
    """
    if not line.strip() or "://" in line or first_direction(line) == "R":
        return line
    return RIGHT_TO_LEFT_MARK + _kept_together(line)


def isolated(text: str) -> str:
    """A name or an address in Latin letters, so that its stops and brackets stay at its own end (UAX 9, rule N1)."""
    return f"{LEFT_TO_RIGHT_MARK}{text}{LEFT_TO_RIGHT_MARK}" if first_direction(text) == "L" else text


def columns(text: str) -> int:
    """How wide `text` is in a monospaced font (Unicode annex 11)."""
    if _NARROW.fullmatch(text):
        return len(text)
    return sum(_columns(character) for character in text)


def _kept_together(line: str) -> str:
    """The same line; foreign words with a stop or a quotation mark at an end keep it there."""
    words = line.removeprefix(_BULLET).rstrip(" ")
    if (words[:1].isalnum() and words[-1:].isalnum()) or not runs_against(words, right_to_left=True):
        return line
    return line.replace(words, isolated(words)) if LEFT_TO_RIGHT_MARK not in words else line


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Cf", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _lines(words: Iterable[tuple[str, bool]], first: str, apart: str) -> Iterator[str]:
    line, width = first, columns(first)
    begun = alone = False
    for word, ends in words:
        wide, own = columns(word), bool(apart) and apart in word
        if begun and (alone or own or width + 1 + wide > WIDTH):
            yield _soft(line)
            line, width, begun = "", 0, False
        line += f" {word}" if begun else word
        width += wide + begun
        begun, alone = True, own
        if ends:
            yield line
            line, width, begun = "", 0, False
    yield line if begun else line.strip()


def _soft(line: str) -> str:
    """The line, to be gone on after; two dashes and a space would begin a signature (RFC 3676, section 4.3)."""
    return line if line == _SIGNATURE else f"{line} "


def _words(text: str) -> Iterator[tuple[str, bool]]:
    """The words, and whether the line has to end after each: it does where a word without an end was broken."""
    # Not split(): that would part what a no-break space binds.
    for word in filter(None, (word.strip(_BINDING) for word in text.split(" "))):
        if "://" in word or columns(word) <= WIDTH:
            yield word, False
        else:
            *pieces, last = _broken(word)
            yield from ((piece, True) for piece in pieces)
            yield last, False


def _broken(word: str) -> list[str]:
    pieces, width = [""], 0
    for character in word:
        width += _columns(character)
        if width > WIDTH:
            pieces.append("")
            width = _columns(character)
        pieces[-1] += character
    return pieces
