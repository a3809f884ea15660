from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from digest.sources.feeds.mend import declared_entities, with_known_entities, without_cut_item


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("fish &nbsp;&amp;&mdash;chips &copy; AT&T", "fish \xa0&amp;—chips © AT&amp;T"),
        ("a & b", "a &amp; b"),
        ("?a=1&b=2", "?a=1&amp;b=2"),
        ("&unknown;", "&amp;unknown;"),
        ("&lt;b&gt; &quot;&apos;", "&lt;b&gt; &quot;&apos;"),
        ("&#8220;x&#x201D;", "&#8220;x&#x201D;"),
        ("a&#0;b&#x1f;c&#xD800;d&#1114112;", "abcd"),
        ("&amp;nbsp;", "&amp;nbsp;"),
        ("&LT;script&GT;", "&lt;script&gt;"),
        ("<![CDATA[a & b &nbsp;]]> & c", "<![CDATA[a & b &nbsp;]]> &amp; c"),
    ],
)
def test_entities_that_xml_does_not_have(broken: str, mended: str) -> None:
    assert with_known_entities(broken.encode(), {}).decode() == mended


@given(st.text(st.sampled_from("ab&;#x0n <![CDATA]>lt"), max_size=60))
def test_mending_leaves_no_entity_to_trip_over(text: str) -> None:
    mended = with_known_entities(text.replace("<", "").encode(), {})
    etree.fromstring(b"<t>" + mended.replace(b"]]>", b"") + b"</t>")


@given(st.text(st.sampled_from("ab&;#x0n <![CDATA]>lt"), max_size=60))
def test_mending_twice_is_mending_once(text: str) -> None:
    mended = with_known_entities(text.encode(), {})
    assert with_known_entities(mended, {}) == mended


class TestDeclaredEntities:
    def test_that_stand_for_characters_are_known(self) -> None:
        subset = b"""<!ENTITY pub "The Docket"> <!ENTITY eacute '&#233;'><!ENTITY both "R&#x26;D">"""
        entities = declared_entities(subset)
        assert entities == {b"pub": b"The Docket", b"eacute": "é".encode(), b"both": b"R&amp;D"}
        assert with_known_entities(b"&pub; caf&eacute;", entities) == "The Docket café".encode()

    @pytest.mark.parametrize(
        "subset",
        [
            b'<!ENTITY x "&y;">',
            b'<!ENTITY x "<b>">',
            b'<!ENTITY x SYSTEM "file:///etc/hostname">',
            b'<!ENTITY x PUBLIC "-//X//Y" "http://127.0.0.1:9/">',
            b'<!ENTITY % x "y">',
            b'<!ENTITY x "%y;">',
        ],
    )
    def test_that_stand_for_more_are_not(self, subset: bytes) -> None:
        assert declared_entities(subset) == {}

    def test_that_would_blow_the_document_up_stay_names(self) -> None:
        entities = {b"a": b"A" * 100_000}
        assert with_known_entities(b"&a;" * 5, entities) == b"A" * 500_000
        assert with_known_entities(b"&a;" * 50, entities) == b"&amp;a;" * 50


@pytest.mark.parametrize(
    ("cut", "left"),
    [
        (b"<rss><item>1</item><item>2</it", b"<rss><item>1</item>"),
        (b"<rss><item>1</item></rss>", b"<rss><item>1</item></rss>"),
        (b"<rss><items/><item>1</item>", b"<rss><items/><item>1</item>"),
        (b"<rdf><rss:item rdf:about='x'>", b"<rdf>"),
        (b"<feed><entry>1</entry><entry><ti", b"<feed><entry>1</entry>"),
        (b"<feed>", b"<feed>"),
    ],
)
def test_a_story_that_breaks_off_is_none(cut: bytes, left: bytes) -> None:
    assert without_cut_item(cut) == left
