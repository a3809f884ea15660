from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import SourceUnreadable
from digest.sources.opml import Subscription, named_apart, read_opml, write_opml

CREATED = datetime(2026, 11, 20, 14, tzinfo=UTC)
LIST = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0">
 <head><title>Our feeds</title></head>
 <body>
  <outline text="Courts" title="Courts">
   <outline text="Appeals"><outline type="rss" text="The Docket" xmlUrl="https://docket.example/feed/"
     htmlUrl="https://docket.example/"/></outline>
   <outline TITLE="Harbor" XMLURL="feed://harbor.example/rss?a=1&b=2"/>
  </outline>
  <outline text="Twice" xmlUrl="https://docket.example/feed/"/>
  <outline text="A note without a feed"/>
  <outline type="include" text="Elsewhere" xmlUrl="https://docket.example/more.opml"/>
  <outline text="A file" xmlUrl="file:///etc/hostname"/>
  <outline xmlUrl="feed:https://record.example/feed.json"/>
 </body>
</opml>"""


def test_feeds_come_in_order_with_their_folders_each_once() -> None:
    found = read_opml(LIST.encode())
    assert found.title == "Our feeds"
    assert found.subscriptions == (
        Subscription(
            name="The Docket",
            feed="https://docket.example/feed/",
            site="https://docket.example/",
            folders=("Courts", "Appeals"),
        ),
        Subscription(name="Harbor", feed="http://harbor.example/rss?a=1&b=2", folders=("Courts",)),
        Subscription(feed="https://record.example/feed.json"),
    )
    assert found.warnings == ("A file: 'file:///etc/hostname' is no address of the web",)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1252"])
def test_any_encoding_will_do(encoding: str) -> None:
    xml = LIST.replace("Our feeds", "Café").replace("UTF-8", encoding)
    assert read_opml(xml.encode(encoding)).title == "Café"


def test_hostile_entities_expand_to_nothing() -> None:
    bomb = '<!DOCTYPE opml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>'
    body = '<opml><body><outline text="&b;&c;" xmlUrl="https://docket.example/feed/"/></body></opml>'
    assert [each.name for each in read_opml((bomb + body).encode()).subscriptions] == ["&b;&c;"]


def test_a_list_cut_short_gives_what_it_has() -> None:
    assert [each.name for each in read_opml(LIST[: LIST.index("b=2")].encode()).subscriptions] == ["The Docket"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "the answer was empty"),
        (b"<html></html>", "an HTML page, not a list of feeds (OPML)"),
        (b"<rss/>", "XML, but not a list of feeds (OPML): its root is <rss>"),
        (b"a,b,c", "not a list of feeds (OPML): it starts with 'a,b,c'"),
    ],
)
def test_what_is_no_list_is_refused_in_words(body: bytes, words: str) -> None:
    with pytest.raises(SourceUnreadable) as caught:
        read_opml(body)
    assert str(caught.value) == words


def test_feeds_of_one_name_are_told_apart_by_their_folders_then_by_number() -> None:
    feeds = [
        Subscription(feed="https://a.example/", name="Latest", folders=("Courts",)),
        Subscription(feed="https://b.example/", name="latest", folders=("Sport", "Local")),
        Subscription(feed="https://c.example/", name="Latest"),
        Subscription(feed="https://d.example/"),
    ]
    assert [name for name, _ in named_apart(feeds)] == [
        "Latest", "Sport: Local: latest", "Latest 2", "https://d.example/",
    ]  # fmt: skip


def test_what_is_written_is_opml_2() -> None:
    written = write_opml(
        "Closing Arguments", [Subscription(feed="https://a.example/?x=1&y=2", name="A & B")], created=CREATED
    )
    assert written.startswith("<?xml version='1.0' encoding='utf-8'?>\n<opml version=\"2.0\">")
    assert "<title>Closing Arguments</title>" in written
    assert "<dateCreated>Fri, 20 Nov 2026 14:00:00 +0000</dateCreated>" in written
    assert '<outline type="rss" text="A &amp; B" title="A &amp; B" xmlUrl="https://a.example/?x=1&amp;y=2"/>' in written


words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
paths = st.text("abc/?&=<>\"'%", max_size=12)


@given(
    st.lists(
        st.builds(
            Subscription,
            feed=paths.map(lambda path: f"https://docket.example/{path}"),
            name=words,
            site=st.just("") | paths.map(lambda path: f"http://docket.example/{path}"),
            folders=st.lists(words, max_size=3).map(tuple),
        ),
        unique_by=lambda subscription: subscription.feed,
        max_size=6,
    ),
    words,
)
def test_what_is_written_reads_the_same(subscriptions: list[Subscription], title: str) -> None:
    found = read_opml(write_opml(title, subscriptions, created=CREATED).encode())
    assert (found.title, found.subscriptions, found.warnings) == (title, tuple(subscriptions), ())
