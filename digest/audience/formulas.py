"""Cells that a spreadsheet would take for formulas: made harmless when a list is written, put right when it is read.

A cell that begins with `=`, `+`, `-` or `@` is run by Excel and its kin when somebody opens the file (OWASP, "CSV
injection"), and a reader chooses their own name. An apostrophe before it says that it is text. One that was there
already gets one more, so that what is read is always what was written.
"""

from __future__ import annotations

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"''*[=+\-@\t\r]")


def guarded(text: str) -> str:
    """The text as it may stand in a cell."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text that a cell stands for."""
    return text[1:] if _GUARDED.match(text) else text
