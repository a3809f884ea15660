"""How long a story takes to read, or an episode to hear."""

from __future__ import annotations

import re

from digest.edit.clean import paragraphs
from digest.model import Entry

WORDS_A_MINUTE = 230
"""Adults read 238 words of English non-fiction a minute on average (Brysbaert 2019, "How many words do we read per
minute?"); other languages that part their words lie near it."""

_LONGEST_TEXT = 400_000
# Runs of letters longer than this on average: a script that does not part its words.
_LONGEST_WORD = 14
# Where a feed gives the beginning of a text only, its length tells nothing.
_CUT_OFF = re.compile(r"(?:\[(?:…|\.\.\.)\]|…|\.\.\.)\s*\S{0,20}\s*$")


def minutes_to_read(entry: Entry) -> int:
    """Minutes, one at least; 0 when the feed does not give the whole text, or its words cannot be counted."""
    text = " ".join(paragraphs(entry.content[:_LONGEST_TEXT]))
    words = re.findall(r"\w+", text)
    if not words or _CUT_OFF.search(text) or len(entry.content) > _LONGEST_TEXT:
        return 0
    if sum(map(len, words)) > _LONGEST_WORD * len(words):
        return 0
    return max(1, round(len(words) / WORDS_A_MINUTE))


def minutes_to_hear(entry: Entry) -> int:
    """Minutes, one at least; 0 when the feed does not say."""
    return max(1, round(entry.seconds / 60)) if entry.seconds else 0
