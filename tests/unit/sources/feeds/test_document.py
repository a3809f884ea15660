from __future__ import annotations

import pytest

from digest.errors import SourceUnreadable
from digest.sources.feeds.document import MAX_TAGS, read_document

CHANNEL = b"<rss version='2.0'><channel><title>T</title></channel></rss>"


def refusal(body: bytes) -> SourceUnreadable:
    with pytest.raises(SourceUnreadable) as caught:
        read_document(body)
    return caught.value


class TestTheStart:
    @pytest.mark.parametrize(
        "before",
        [
            b"",
            b"\n\n  ",
            b"\xef\xbb\xbf",
            b"\xef\xbb\xbf\xef\xbb\xbf",
            b"<?xml version='1.0' encoding='utf-8'?>",
            b"\r\n<?xml version='1.0'?>\n<!-- made by hand -->\n<?xml-stylesheet href='x.xsl'?>",
            b"<br />\n<b>Warning</b>: Cannot modify header in /srv/feed.php on line 3<br />\n<?xml version='1.0'?>",
            b"<!-- cached -->",
        ],
    )
    def test_may_be_anything(self, before: bytes) -> None:
        document = read_document(before + CHANNEL)
        assert document.tree is not None
        assert document.tree.findtext("channel/title") == "T"
        assert document.warnings == ()

    def test_is_not_looked_for_inside_a_story(self) -> None:
        story = b"<rss><channel><item><title><![CDATA[How to write <?xml ?>]]></title></item></channel></rss>"
        assert read_document(story).xml.endswith(story)


class TestTheDoctype:
    @pytest.mark.parametrize(
        "doctype",
        [
            b'<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://127.0.0.1:9/rss.dtd">',
            b"<!DOCTYPE rss>",
            b'<!doctype rss SYSTEM "a>b.dtd">',
            b"""<!DOCTYPE rss [<!-- ]> --><!ELEMENT rss ANY><!ATTLIST rss version CDATA "2.0]>">]>""",
            b"""<!DOCTYPE rss [<!ENTITY % all SYSTEM "http://127.0.0.1:9/all.dtd">%all;]  >""",
        ],
    )
    def test_is_gone(self, doctype: bytes) -> None:
        document = read_document(b"<?xml version='1.0'?>" + doctype + CHANNEL)
        assert b"DOCTYPE" not in document.xml.upper()
        assert document.tree is not None

    def test_on_the_declaration_s_line_is_gone_too(self) -> None:
        doctype = b'<!DOCTYPE rss [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>'
        document = read_document(b'<?xml version="1.0"?>' + doctype + b"<rss><channel>&b;</channel></rss>")
        assert b"ENTITY" not in document.xml
        assert b"&amp;b;" in document.xml
        assert document.warnings == ("declares entities that were not expanded",)

    def test_s_harmless_entities_are_read(self) -> None:
        document = read_document(b'<!DOCTYPE rss [<!ENTITY pub "The Docket">]><rss><title>&pub;</title></rss>')
        assert document.tree is not None
        assert (document.tree.findtext("title"), document.warnings) == ("The Docket", ())

    def test_that_is_broken_is_refused(self) -> None:
        assert str(refusal(b'<!DOCTYPE rss [<!ENTITY a "' + CHANNEL)) == "its DOCTYPE is broken"

    def test_takes_no_time_however_long_and_broken(self) -> None:
        refusal(b"<!DOCTYPE rss [" + b"<!-- x -->" * 50_000 + CHANNEL)
        refusal(b"<!DOCTYPE rss " + b"'a' " * 50_000 + b"[" + CHANNEL)


class TestWhatIsNoFeed:
    @pytest.mark.parametrize(
        ("body", "said"),
        [
            (
                b"<!DOCTYPE html><html><head><title>503\n Sorry</title>",
                "an HTML page, not a feed (its title is “503 Sorry”)",
            ),
            (b"<HTML><body>hello", "an HTML page, not a feed"),
            (b"<!-- cached --><html xmlns='x'/>", "an HTML page, not a feed"),
            (b"<urlset><url/></urlset>", "XML, but not a feed: its root is <urlset>"),
            (b"<?xml version='1.0'?><opml version='2.0'/>", "XML, but not a feed: its root is <opml>"),
            (b"Service unavailable", "not a feed: it starts with 'Service unavailable'"),
            (b"%PDF-1.4 \xff\xfe", "not a feed: it starts with '%PDF-1.4 ÿþ'"),
        ],
    )
    def test_is_named(self, body: bytes, said: str) -> None:
        error = refusal(body)
        assert str(error) == said
        assert error.hint

    def test_is_what_has_more_tags_than_any_feed(self) -> None:
        assert "tags" in str(refusal(b"<rss>" + b"<a>" * (2 * MAX_TAGS + 1)))


class TestMending:
    def test_control_characters_are_dropped(self) -> None:
        document = read_document(b"<rss><title>a\0b\x08c\x1fd\xef\xbf\xbfe\n</title></rss>")
        assert document.tree is not None
        assert document.tree.findtext("title") == "abcde\n"

    def test_is_told_with_the_line(self) -> None:
        document = read_document(b"<?xml version='1.0'?>\n<rss>\n<title>AT&T</title></rss>")
        assert document.tree is not None
        assert document.tree.findtext("title") == "AT&T"
        assert len(document.warnings) == 1
        assert document.warnings[0].startswith("not well-formed (")
        assert "line 3" in document.warnings[0]
        assert document.warnings[0].endswith("; mended")

    def test_that_does_not_help_keeps_what_there_is(self) -> None:
        document = read_document(b"<rss><item>1</item><item>2")
        assert document.tree is None
        assert document.xml.endswith(b"<rss><item>1</item>")
        assert document.warnings[0].endswith("; what could be read was kept")

    def test_reads_no_file_and_no_address(self) -> None:
        document = read_document(
            b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss><title>&x;</title></rss>'
        )
        assert document.tree is not None
        assert document.tree.findtext("title") == "&x;"
