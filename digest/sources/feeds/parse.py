"""Which dialect a feed is written in, and its entries."""

from __future__ import annotations

import codecs
from dataclasses import replace

from digest.errors import SourceUnreadable
from digest.sources.entries import Feed
from digest.sources.feeds.jsonfeed import read_json
from digest.sources.feeds.rss import read_xml

_NOTHING = b" \t\r\n\0" + codecs.BOM_UTF8 + codecs.BOM_UTF16


def parse_feed(body: bytes, *, source: str, address: str = "", content_type: str = "") -> Feed:
    """The feed in these bytes, whose entries will belong to `source`.

    `address` is where it was fetched from: relative links may need it. `content_type` is what the server called it;
    only its charset counts, as feeds come under any type. Raises SourceUnreadable when the bytes are no feed.
    """
    beginning = body[:4096].removeprefix(codecs.BOM_UTF8).lstrip()
    if not body.strip(_NOTHING):
        raise SourceUnreadable("the answer was empty", hint="a feed that has nothing to tell is still a document")
    if beginning.startswith((b"{", b"[")):
        return _told(read_json(body, source=source, address=address))
    return _told(read_xml(body, source=source, address=address, content_type=content_type))


def _told(feed: Feed) -> Feed:
    """The feed, with a warning if it has no entries: a misspelt category looks like a quiet week."""
    if feed.entries:
        return feed
    return replace(feed, warnings=(*feed.warnings, "holds no entries"))
