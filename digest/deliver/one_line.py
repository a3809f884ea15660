"""Somebody else's words made fit for one line: a name, a subject, a server's answer."""

from __future__ import annotations

import re

# Control characters, halves of surrogate pairs, a byte order mark, and what turns the direction of all that follows.
_ACTING = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def one_line(text: str, longest: int = 0) -> str:
    """The text on one line, white space as single spaces, without characters that do something.

    At most `longest` characters of it, where that is not 0.
    """
    line = _ACTING.sub("", " ".join(text.split()))
    return line[:longest].strip() if longest else line.strip()
