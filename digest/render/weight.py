"""How much of the letter's HTML each of its parts takes."""

from __future__ import annotations

import re

_PART = re.compile(r' id="(?P<part>notice|masthead|note|lead|section-\d+|sponsor|subscribe|footer)"')
# Where a part may begin: the box of an MJML section, else, where parts share one, the cell of an MJML text.
_BOX, _CELL = re.compile(r"<div style=\"[^\"]*max-width:"), re.compile(r"<tr><td align=")


def weight_by_part(html: str) -> dict[str, int]:
    """Bytes of UTF-8 by part, in their order: `head` (with the hidden preheader), then the parts by their `id`.

    The sum is the whole. Parts of a publication's own templates that have no such `id` count to the one before them.
    """
    starts = [("head", 0)]
    for found in _PART.finditer(html):
        starts.append((found["part"], _start(html, starts[-1][1] + 1, found.start())))
    ends = [*starts[1:], ("", len(html))]
    return {part: len(html[start:end].encode()) for (part, start), (_, end) in zip(starts, ends, strict=True)}


def _start(html: str, after: int, before: int) -> int:
    """The beginning of the part whose `id` stands at `before`: its box, if that lies behind `after`, else its cell."""
    for opening in (_BOX, _CELL):
        found = [one.start() for one in opening.finditer(html, after, before)]
        if found:
            return found[-1]
    return before
