"""The Link header (RFC 8288): where an answer says that related things are."""

from __future__ import annotations

import re

from digest.sources.texts import absolute

MOST = 20_000
"""Characters of Link headers that are looked at."""

# `<address>` and its parameters, up to the next one; commas and semicolons may stand inside both.
_LINK = re.compile(r"""<([^<>]*)>((?:\s*;\s*[^\s;,=<>"]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)""")
_PARAMETER = re.compile(r"""([^\s;,=<>"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*))""")


def links_of(header: str, base: str) -> dict[str, str]:
    """The absolute http(s) addresses of a Link header by their relations, in lower case; of several the first.

    Links of something else than this address (`anchor`) are left out.
    """
    found: dict[str, str] = {}
    for address, parameters in _LINK.findall(header[:MOST]):
        said = _parameters(parameters)
        target = absolute(address, base)
        if target and "anchor" not in said:
            for relation in said.get("rel", "").lower().split():
                found.setdefault(relation, target)
    return found


def _parameters(text: str) -> dict[str, str]:
    """A link's parameters; of one that comes twice the first counts (section 3.3)."""
    found: dict[str, str] = {}
    for name, quoted, plain in _PARAMETER.findall(text):
        found.setdefault(name.lower(), re.sub(r"\\(.)", r"\1", quoted) or plain)
    return found
