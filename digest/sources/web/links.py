"""The Link header (RFC 8288): where an answer says that related things are."""

from __future__ import annotations

import re

from digest.sources.texts import absolute

# `<address>` and its parameters, up to the next one; commas and semicolons may stand inside both.
_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[\w!#$&+.^`|~*-]+\s*(?:=\s*(?:\"(?:[^\"\\]|\\.)*\"|[^\s\",;]+))?)*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s\",;]+))", re.IGNORECASE)


def links_of(header: str, base: str) -> dict[str, str]:
    """The absolute http(s) addresses of a Link header by their relations, in lower case; of several the first."""
    found: dict[str, str] = {}
    for address, parameters in _LINK.findall(header):
        rel = _REL.search(parameters)
        target = absolute(address, base)
        for name in (rel[1] or rel[2] or "").lower().split() if rel and target else ():
            found.setdefault(name, target)
    return found
