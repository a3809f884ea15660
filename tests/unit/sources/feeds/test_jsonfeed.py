from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import SourceUnreadable
from digest.model import Entry, Picture
from digest.sources.feeds.jsonfeed import read_json
from digest.sources.feeds.parse import parse_feed

FEED: dict[str, Any] = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "The Docket",
    "home_page_url": "https://docket.example/",
    "feed_url": "https://docket.example/feeds/main.json",
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
KEYS = [
    "id",
    "url",
    "external_url",
    "title",
    "content_html",
    "content_text",
    "summary",
    "image",
    "banner_image",
    "date_published",
    "date_modified",
    "author",
    "authors",
    "tags",
    "attachments",
    "language",
]


def only(item: dict[str, Any], **feed: Any) -> Entry:
    (entry,) = parse_feed(
        orjson.dumps(FEED | feed | {"items": [item]}), source="Sister", address="https://f.example/"
    ).entries
    return entry


def test_an_item_is_an_entry() -> None:
    entry = only(
        {
            "id": "https://docket.example/?p=7",
            "url": "https://docket.example/7",
            "title": "Bridge & toll",
            "summary": "Deck",
            "content_html": "<p>Body</p>",
            "date_published": "2026-11-20T09:30:00-08:00",
            "date_modified": "2026-11-21T07:00:00Z",
            "authors": [{"name": "Zoë Hartmann", "url": "https://x.example/"}, {"name": "A Two"}],
            "tags": ["Courts", "Courts", "In brief"],
            "image": "/a.jpg",
            "banner_image": "https://docket.example/b.jpg",
            "attachments": [
                {"url": "https://docket.example/c.jpg", "mime_type": "image/jpeg"},
                {"url": "https://docket.example/d.mp3", "mime_type": "audio/mpeg"},
            ],
        }
    )
    assert entry == Entry(
        source="Sister",
        identity="https://docket.example/?p=7",
        title="Bridge & toll",
        link="https://docket.example/7",
        author="Zoë Hartmann, A Two",
        summary="Deck",
        content="<p>Body</p>",
        categories=("Courts", "In brief"),
        published=datetime(2026, 11, 20, 17, 30, tzinfo=UTC),
        updated=datetime(2026, 11, 21, 7, tzinfo=UTC),
        pictures=tuple(Picture(address=f"https://docket.example/{name}.jpg") for name in "abc"),
    )


@pytest.mark.parametrize(
    ("item", "link"),
    [
        ({"id": "1", "url": "story"}, "https://docket.example/feeds/story"),
        ({"id": "1", "external_url": "https://x.example/1"}, "https://x.example/1"),
        ({"id": "https://docket.example/1"}, "https://docket.example/1"),
        ({"id": "1"}, ""),
        ({"id": "1", "url": "javascript:alert(1)"}, ""),
    ],
)
def test_a_link_is_url_then_external_url_then_id(item: dict[str, Any], link: str) -> None:
    assert only(item).link == link


def test_a_number_is_an_identity_too() -> None:
    assert only({"id": 7, "title": "x"}).identity == "7"
    assert only({"title": "x"}).identity.startswith("sha256:")


def test_plain_text_becomes_html_that_means_the_same() -> None:
    entry = only({"id": "1", "content_text": "One & <b>two</b>\nlines\n\nand a paragraph"})
    assert entry.content == "<p>One &amp; &lt;b&gt;two&lt;/b&gt;<br>lines</p><p>and a paragraph</p>"


def test_authors_may_be_the_feed_s_and_may_be_of_version_1() -> None:
    assert only({"id": "1"}, author={"name": "The Desk"}).author == "The Desk"
    assert only({"id": "1", "author": {"name": "A One"}}, author={"name": "The Desk"}).author == "A One"
    assert only({"id": "1", "authors": [{"name": "desk@docket.example"}]}).author == ""


def test_half_an_emoji_costs_that_half_alone() -> None:
    body = orjson.dumps(FEED | {"items": [{"id": "1", "title": "Cut HERE"}]}).replace(b"HERE", b"\\ud83d")
    assert parse_feed(body, source="s").entries[0].title == "Cut"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_byte_order_mark_does_no_harm(encoding: str) -> None:
    body = orjson.dumps(FEED | {"items": [{"id": "1"}]}).decode().encode(encoding)
    assert len(parse_feed(body, source="s").entries) == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"code":"rest_no_route","message":"No route"}', "JSON, but not a JSON Feed"),
        (b"[1, 2]", "JSON, but not a JSON Feed"),
        (b'{"items": {}}', "JSON, but not a JSON Feed"),
        (b'{"items": [', "broken JSON: Expecting value in line 1"),
        (b"[" * 100_000, "JSON that is nested too deep for a feed"),
        (b'{"a":' * 100_000, "JSON that is nested too deep for a feed"),
    ],
)
def test_other_and_broken_json_is_refused_in_words(body: bytes, said: str) -> None:
    with pytest.raises(SourceUnreadable) as caught:
        parse_feed(body, source="s")
    assert str(caught.value) == said


def test_items_that_are_none_are_told() -> None:
    feed = read_json(orjson.dumps(FEED | {"items": [1, {"id": "1"}, None]}), source="s")
    assert (len(feed.entries), feed.warnings) == (1, ("items that are no objects were left out",))


def test_of_too_many_the_newest_are_read() -> None:
    items = [{"id": str(number), "date_published": f"2026-01-01T00:00:{number % 60:02}Z"} for number in range(10_060)]
    feed = read_json(orjson.dumps(FEED | {"items": items}), source="s")
    assert len(feed.entries) == 10_000
    assert feed.warnings == ("holds 10,060 entries; the 10,000 newest were read",)


@given(st.lists(st.dictionaries(st.sampled_from(KEYS), JSON), max_size=3), st.dictionaries(st.sampled_from(KEYS), JSON))
def test_any_value_may_have_any_type(items: list[dict[str, Any]], feed: dict[str, Any]) -> None:
    parsed = parse_feed(orjson.dumps(feed | {"items": items}), source="s")
    assert len({entry.identity for entry in parsed.entries}) == len(parsed.entries)
