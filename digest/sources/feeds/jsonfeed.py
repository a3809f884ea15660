"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/): one item to an `Item`. Any value may have any type."""

from __future__ import annotations

import codecs
import html
import json
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from digest.errors import SourceUnreadable
from digest.model import Picture
from digest.sources.dates import instant
from digest.sources.entries import Feed, Item, cuts_of, entries_of
from digest.sources.feeds.durations import seconds_of
from digest.sources.feeds.newest import MAX_ITEMS
from digest.sources.pictures import is_picture
from digest.sources.texts import absolute, is_web_address, name_of_person

_NO_FEED = "JSON, but not a JSON Feed"


def read_json(body: bytes, *, source: str, address: str = "") -> Feed:
    """The JSON Feed in these bytes, fetched from `address`. SourceUnreadable when they are other or broken JSON."""
    feed = loaded(body)
    if not isinstance(feed, Mapping) or not isinstance(feed.get("items"), list):
        raise SourceUnreadable(_NO_FEED, hint="check the feed's address")
    found = [item for item in feed["items"] if isinstance(item, Mapping)]
    kept, too_many = _newest(found)
    bases = tuple(filter(is_web_address, (_text(feed, "feed_url"), _text(feed, "home_page_url"), address)))
    items = tuple(_item(item, feed, bases) for item in kept)
    strange = () if len(found) == len(feed["items"]) else ("items that are no objects were left out",)
    return Feed(
        title=_text(feed, "title"),
        entries=entries_of(items, source),
        items=len(items),
        warnings=(*strange, *too_many, *cuts_of(items)),
        older=absolute(_text(feed, "next_url"), *bases),
    )


def loaded(body: bytes) -> Any:
    """The value in a JSON document. SourceUnreadable when it is broken.

    The standard library takes what orjson does not: half an emoji, NaN.
    """
    body = body.removeprefix(codecs.BOM_UTF8)
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(body.decode(json.detect_encoding(body), errors="replace"))
    except json.JSONDecodeError as error:
        raise SourceUnreadable(f"broken JSON: {error.msg} in line {error.lineno}") from error
    except RecursionError as error:
        raise SourceUnreadable("JSON that is nested too deep for a feed") from error


def _newest(items: list[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], tuple[str, ...]]:
    if len(items) <= MAX_ITEMS:
        return items, ()
    by_date = sorted(range(len(items)), key=lambda rank: _text(items[rank], "date_published"), reverse=True)
    warning = f"holds {len(items):,} entries; the {MAX_ITEMS:,} newest were read"
    return [items[rank] for rank in sorted(by_date[:MAX_ITEMS])], (warning,)


def _item(item: Mapping[str, Any], feed: Mapping[str, Any], bases: tuple[str, ...]) -> Item:
    guid = _text(item, "id")
    return Item(
        guid=guid,
        link=_first((_text(item, "url"), _text(item, "external_url"), guid if is_web_address(guid) else "")),
        bases=bases,
        title=_text(item, "title"),
        summary=_text(item, "summary"),
        content=_text(item, "content_html") or _as_html(_text(item, "content_text")),
        author=_authors(item) or _authors(feed),
        categories=tuple(_as_text(tag) for tag in _list(item, "tags")),
        published=instant(_text(item, "date_published")),
        updated=instant(_text(item, "date_modified")),
        written=_text(item, "date_published"),
        pictures=tuple(_pictures(item)),
        seconds=next(filter(None, map(_seconds, _list(item, "attachments"))), 0),
    )


def _authors(thing: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of `authors` (1.1), else of `author` (1.0)."""
    people = _list(thing, "authors") or [thing.get("author")]
    named = (_text(person, "name") for person in people if isinstance(person, Mapping))
    return tuple(filter(None, map(name_of_person, named)))


def _pictures(item: Mapping[str, Any]) -> Iterable[Picture]:
    attached = (each for each in _list(item, "attachments") if isinstance(each, Mapping))
    shown = (each for each in attached if is_picture(_text(each, "url"), _text(each, "mime_type")))
    named = (_text(item, "image"), _text(item, "banner_image"), *(_text(each, "url") for each in shown))
    return (Picture(address=address) for address in named if absolute(address) or address)


def _seconds(attachment: Any) -> int:
    return seconds_of(_text(attachment, "duration_in_seconds")) if isinstance(attachment, Mapping) else 0


def _as_html(text: str) -> str:
    """Plain text as HTML: its paragraphs, nothing of it taken for markup."""
    paragraphs = (html.escape(paragraph.strip()) for paragraph in text.split("\n\n"))
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs if paragraph).replace("\n", "<br>")


def _first(texts: Iterable[str]) -> str:
    return next(filter(None, texts), "")


def _list(thing: Mapping[str, Any], name: str) -> list[Any]:
    value = thing.get(name)
    return value if isinstance(value, list) else []


def _text(thing: Mapping[str, Any], name: str) -> str:
    return _as_text(thing.get(name))


def _as_text(value: Any) -> str:
    """Strings, and numbers as the standard wants them read (`id`); anything else says nothing."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
