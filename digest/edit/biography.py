"""Who wrote an opinion: the line at its end in which papers say so."""

from __future__ import annotations

import re
from itertools import islice

from digest.edit import copy
from digest.edit.clean import paragraphs
from digest.model import Entry

_LONGEST = 160
_LAST_PARAGRAPHS = 3
_LONGEST_TEXT = 400_000
# "Leopold Vance-Addo is a lawyer" is read as "By Leopold Vance-Addo, a lawyer".
_IS = re.compile(r"^(?:is|es|est|ist) ")


def about(entry: Entry, byline: str) -> str:
    """What the text says of its author in one of its last paragraphs, if one begins with the name: `Ana Ruiz tries
    civil cases in Harrow.` gives `tries civil cases in Harrow.` Empty without one."""
    if not byline:
        return ""
    for paragraph in islice(reversed(list(paragraphs(entry.content[:_LONGEST_TEXT]))), _LAST_PARAGRAPHS):
        name, rest = paragraph[: len(byline)], paragraph[len(byline) :]
        if name.casefold() == byline.casefold() and rest[:1] in {" ", ","} and len(rest) <= _LONGEST:
            return _IS.sub("", copy.first_sentence(rest.lstrip(" ,")))
    return ""
