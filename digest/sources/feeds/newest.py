"""The cap on items: of a feed that holds more than anybody reads, the newest."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from digest.sources.dates import instant

MAX_ITEMS = 10_000

_OPENS = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]")
_ITEM = re.compile(rb"<((?:\w+:)?(?:item|entry))[\s>].*?</\1\s*>", re.DOTALL)
_DATE = re.compile(rb"<(?:pubDate|(?:\w+:)?(?:published|updated|date|issued))>\s*(?:<!\[CDATA\[)?\s*([^<\]]+)")
_UNDATED = datetime.min.replace(tzinfo=UTC)


def with_newest_items(xml: bytes, most: int = MAX_ITEMS) -> tuple[bytes, str]:
    """The XML with its `most` newest items in their order, and a warning that says so if there were more."""
    if len(_OPENS.findall(xml)) <= most:
        return xml, ""
    items = list(_ITEM.finditer(xml))
    newest = sorted(items, key=_written_at, reverse=True)[:most]
    kept = sorted(newest, key=re.Match.start)
    inside = b"\n".join(item[0] for item in kept)
    whole = xml[: items[0].start()] + inside + xml[items[-1].end() :] if items else xml
    return whole, f"holds {len(items):,} entries; the {len(kept):,} newest were read"


def _written_at(item: re.Match[bytes]) -> datetime:
    written = _DATE.search(item[0])
    return (written and instant(written[1].decode(errors="replace"))) or _UNDATED
