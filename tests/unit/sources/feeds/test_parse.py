from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from digest.errors import SourceUnreadable
from digest.sources.feeds.parse import parse_feed
from digest.sources.texts import is_web_address

PIECES = st.sampled_from(
    [
        "<rss version='2.0'>",
        "<channel>",
        "<item>",
        "</item>",
        "<title>",
        "</title>",
        "<link>",
        "</link>",
        "<guid>",
        "</guid>",
        "<feed xmlns='http://www.w3.org/2005/Atom'>",
        "<entry>",
        "</entry>",
        "<id>",
        "</id>",
        "<link href='a' rel='alternate'/>",
        "<![CDATA[",
        "]]>",
        "&",
        "&amp;",
        "&nbsp;",
        "<!--",
        "-->",
        "<",
        ">",
        "text",
        "https://x.example/1",
        "<pubDate>2026-11-20</pubDate>",
        "<category term='x'/>",
        "<author>a@b.example</author>",
        "<media:content url='a'>",
        "<enclosure url='a.jpg' type='image/jpeg'/>",
        "<content type='xhtml'>",
        "<div>",
        "</rss>",
        "</feed>",
        "<image>",
        "</image>",
        "<source>",
        "\x00",
        "é",
        "<updated>x</updated>",
        "<dc:creator>",
        "<description>",
        "</description>",
        "<textinput>",
        "<svg>",
        "<category>",
        "<name>x</name>",
        "<textInput>",
    ]
)


@pytest.mark.parametrize("body", [b"", b" \n\t", b"\0\0\0\0", b"\xef\xbb\xbf"])
def test_an_empty_answer_says_so(body: bytes) -> None:
    with pytest.raises(SourceUnreadable) as caught:
        parse_feed(body, source="s")
    assert str(caught.value) == "the answer was empty"


@pytest.mark.parametrize("content_type", ["text/html", "text/plain", "application/octet-stream", ""])
def test_a_feed_may_come_under_any_type(content_type: str) -> None:
    body = b"<rss version='2.0'><channel><item><title>T</title></item></channel></rss>"
    assert len(parse_feed(body, source="s", content_type=content_type).entries) == 1


@given(st.lists(PIECES, max_size=30).map("".join))
@example("<textinput><link><rss version='2.0'></link>")
def test_whatever_comes_is_a_feed_or_refused_in_words(rubbish: str) -> None:
    for start in ("", "<rss version='2.0'><channel>", "<feed xmlns='http://www.w3.org/2005/Atom'>"):
        with suppress(SourceUnreadable):
            feed = parse_feed((start + rubbish).encode(), source="s", address="https://x.example/feed")
            assert len({entry.identity for entry in feed.entries}) == len(feed.entries)
            assert all(entry.link == "" or is_web_address(entry.link) for entry in feed.entries)


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_refused_in_words(rubbish: bytes) -> None:
    for start in (
        b"",
        b"<?xml version='1.0'?>",
        b"<rss><channel><item><title>",
        b'{"items":[',
        b"\xff\xfe",
        b"\x1f\x8b",
    ):
        with suppress(SourceUnreadable):
            parse_feed(start + rubbish, source="s")
