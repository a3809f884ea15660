"""Typewriter quotes and apostrophes made into a language's own. Only marks that can be told for sure are touched."""

from __future__ import annotations

import re
from typing import NamedTuple

APOSTROPHE = "’"

PROTECTED = re.compile(
    r"""(?x:
      \b[A-Za-z][A-Za-z0-9+.-]{0,20}://\S+ | \bwww\.\S+ | \bmailto:\S+   # addresses on the web
    | (?<![\w.+-])\w[\w.+'-]{0,63}@[\w-]+\.[\w.-]+                     # and of mail
    | `[^`]*` | <[^<>\s][^<>]*> | &\#?\w{1,20};                         # code
    | (?<!\S)[^\s={}\\|]*[={}\\|]\S* | '{2,} | "{2,}
    | \b\d+(?:[.,/]\d+)?'\s?\d+(?:[.,/]\d+)?(?:"|'')                   # 5'11"
    )"""
)
"""What stays as it is, whatever stands in it."""

_MARK = re.compile(rf"""(?P<kept>{PROTECTED.pattern})|["'„“”]""")
# 'tis, 'em, rock 'n' roll, the '90s: what is left out stands before the word.
_LEFT_OUT = re.compile(r"'(?:\d0s|\d\d(?!\w)|(?:tis|twas|em|n|til|cause|bout|round)(?!\w))", re.IGNORECASE)
_BEFORE_A_QUOTE = frozenset("“‘„‚«‹([{—–-/¿¡")
_AFTER_A_QUOTE = frozenset("”’»›)]}.,;:!?%،؛؟")


class Quotes(NamedTuple):
    """The marks of a quotation, and those of a quotation within it."""

    opening: str
    closing: str
    inner_opening: str
    inner_closing: str


class _Mark(NamedTuple):
    at: int
    character: str


def curly(text: str, quotes: Quotes) -> str:
    """`text` with its straight quotes in the language's form, and its straight apostrophes curly.

    A quote becomes curly together with its other half; one without, and one after a digit that may stand for feet,
    inches, minutes or seconds, stays as it is.
    """
    if '"' not in text and "'" not in text:
        return text
    characters = list(text)
    marks = [_Mark(found.start(), found[0]) for found in _MARK.finditer(text) if not found["kept"]]
    for opening, closing in _pairs(text, [mark for mark in marks if mark.character != "'"]):
        _place(characters, opening, closing, quotes.opening, quotes.closing)
    singles = [mark for mark in marks if mark.character == "'"]
    apostrophes = [mark for mark in singles if _is_apostrophe(text, mark.at)]
    rest = [mark for mark in singles if mark not in apostrophes]
    paired = _pairs(text, rest)
    for opening, closing in paired:
        _place(characters, opening, closing, quotes.inner_opening, quotes.inner_closing)
    halves = {mark.at for pair in paired for mark in pair}
    apostrophes += [mark for mark in rest if mark.at not in halves and _ends_a_word(text, mark.at)]
    for mark in apostrophes:
        characters[mark.at] = APOSTROPHE
    return "".join(characters)


def _place(characters: list[str], first: _Mark, last: _Mark, opening: str, closing: str) -> None:
    """A `„` that is there already stays, and is closed by its own mate."""
    characters[first.at] = "„" if first.character == "„" else opening
    characters[last.at] = "“" if first.character == "„" else closing


def _pairs(text: str, marks: list[_Mark]) -> list[tuple[_Mark, _Mark]]:
    opened: list[_Mark] = []
    pairs = []
    for number, mark in enumerate(marks):
        if mark.character in "“”":
            # Only as the end of „ does it say anything: on its own it is set already.
            opened = opened[:-1] if opened and opened[-1].character == "„" else opened
        elif mark.character == "„" or _opens(text, mark):
            opened.append(mark)
        elif opened and _closes(text, mark) and not _measures(text, marks, number):
            opening = opened.pop()
            if opening.at + 1 < mark.at:
                pairs.append((opening, mark))
    return pairs


def _opens(text: str, mark: _Mark) -> bool:
    # Where marks stand side by side, what stands before them all tells.
    before, after = text[: mark.at].rstrip("\"'")[-1:], text[mark.at + 1 : mark.at + 2]
    free = not before or before.isspace() or before in _BEFORE_A_QUOTE
    return mark.character in "\"'" and free and bool(after) and not after.isspace() and after not in _AFTER_A_QUOTE


def _closes(text: str, mark: _Mark) -> bool:
    before, after = text[: mark.at][-1:], text[mark.at + 1 : mark.at + 2]
    return bool(before) and not before.isspace() and not after.isalnum()


def _measures(text: str, marks: list[_Mark], number: int) -> bool:
    """Whether it stands for inches or feet: after a digit, with another mark to come that can close the quotation."""
    mark = marks[number]
    following = marks[number + 1 : number + 2]
    return (
        text[: mark.at][-1:].isdigit()
        and bool(following)
        and not _opens(text, following[0])
        and _closes(text, following[0])
    )


def _is_apostrophe(text: str, at: int) -> bool:
    before, after = text[:at][-1:], text[at + 1 : at + 2]
    if before.isalnum():
        return after.isalpha()
    return bool(_LEFT_OUT.match(text, at))


def _ends_a_word(text: str, at: int) -> bool:
    """`the dogs' bowls`."""
    return text[:at][-1:].isalpha()
