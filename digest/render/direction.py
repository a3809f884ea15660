"""Which way words run: stories come in any script, and are set in their own direction in whatever letter they stand."""

from __future__ import annotations

import re
import unicodedata

from markupsafe import Markup

# The blocks whose letters run from right to left (Unicode 15, DerivedBidiClass: R and AL).
_LEFTWARD = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]+")
_LETTERS = re.compile(r"[^\W\d_]+")


def first_direction(text: str) -> str:
    """`L` or `R`, by the first letter that has a direction (UAX 9, rule P2); empty without one."""
    kinds = (unicodedata.bidirectional(character) for character in text)
    return next(("L" if kind == "L" else "R" for kind in kinds if kind in {"L", "R", "AL"}), "")


def runs_leftward(text: str) -> bool:
    """Whether most of its letters run from right to left."""
    leftward = sum(map(len, _LEFTWARD.findall(text)))
    return 2 * leftward > sum(map(len, _LETTERS.findall(text)))


def runs_against(text: str, *, right_to_left: bool) -> bool:
    """Whether `text` runs against the letter: its first letter does, and so do most of the others.

    Both are asked for. A sentence of the letter's own may be made of foreign headlines, and a foreign one may begin
    with a name in the letter's script; where they disagree the letter's direction holds.
    """
    if not right_to_left and not _LEFTWARD.search(text):
        return False
    return first_direction(text) == ("L" if right_to_left else "R") and runs_leftward(text) is not right_to_left


def way_of(text: str, *, right_to_left: bool, within: bool = False) -> str:
    """The attributes for an element that holds `text`, none where it runs like the letter. `within` a line, alignment
    means nothing."""
    if not runs_against(text, right_to_left=right_to_left):
        return ""
    way, side = ("ltr", "left") if right_to_left else ("rtl", "right")
    return Markup(f' dir="{way}"' if within else f' dir="{way}" align="{side}"')  # noqa: S704  # two fixed words
