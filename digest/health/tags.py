"""Lists of tags, `v=DKIM1; k=rsa; p=…`, as DKIM and DMARC write their records (RFC 6376, section 3.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping

_TAG = re.compile(r"\s*(?P<name>[A-Za-z][A-Za-z0-9_]*)\s*=\s*(?P<value>[^;]*?)\s*", re.DOTALL)


class BadTags(ValueError):
    """Not a list of tags; the text says where."""


def tags_of(text: str) -> Mapping[str, str]:
    """The values by their names. Raises BadTags for what is no tag, and for one that stands there twice."""
    found: dict[str, str] = {}
    for part in text.split(";"):
        if not part.strip():
            continue
        tag = _TAG.fullmatch(part)
        if not tag:
            raise BadTags(f"“{part.strip()[:40]}” is no tag")
        if tag["name"] in found:
            raise BadTags(f"“{tag['name']}” stands in it twice")
        found[tag["name"]] = tag["value"]
    return found
