from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digest.errors import SourceUnreadable
from digest.model import Entry, Picture
from digest.sources.feeds.parse import parse_feed

NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
)


def rss(*items: str, site: str = "https://docket.example/") -> bytes:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return (
        f"<rss version='2.0' {NAMESPACES}><channel><title>D</title><link>{site}</link>{inside}</channel></rss>".encode()
    )


def atom(*entries: str, head: str = "", base: str = "") -> bytes:
    inside = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return f"<feed xmlns='http://www.w3.org/2005/Atom' {base}>{head}{inside}</feed>".encode()


def only(body: bytes, address: str = "https://feeds.example/main/feed.xml") -> Entry:
    (entry,) = parse_feed(body, source="The Docket", address=address).entries
    return entry


class TestTexts:
    def test_stay_as_the_feed_has_them(self) -> None:
        entry = only(
            rss(
                "<title>Court &lt;em&gt;upholds&lt;/em&gt; &#8220;rule&#8221;</title>"
                "<description><![CDATA[<p onclick='x()'>Deck</p>]]></description>"
                "<content:encoded><![CDATA[<script>x</script><p>Body</p>]]></content:encoded>"
            )
        )
        assert entry.title == "Court <em>upholds</em> “rule”"
        assert entry.summary == "<p onclick='x()'>Deck</p>"
        assert entry.content == "<script>x</script><p>Body</p>"
        assert entry.source == "The Docket"

    def test_a_summary_that_is_the_content_is_none(self) -> None:
        entry = only(rss("<content:encoded>&lt;p&gt;Body&lt;/p&gt;</content:encoded>"))
        assert (entry.summary, entry.content) == ("", "<p>Body</p>")

    def test_a_picture_s_caption_is_not_the_story(self) -> None:
        entry = only(
            rss(
                "<description>Deck</description><media:content url='https://x.example/a.jpg'/>"
                "<media:description>Caption</media:description><media:title>Not it</media:title><title>Title</title>"
            )
        )
        assert (entry.title, entry.summary, entry.content) == ("Title", "Deck", "")
        assert entry.pictures == (Picture(address="https://x.example/a.jpg", caption="Caption"),)

    def test_a_film_s_description_stands_in_for_a_missing_summary(self) -> None:
        film = "<m:group xmlns:m='http://search.yahoo.com/mrss/'><m:description>Film</m:description></m:group>"
        assert only(atom(f"<id>1</id>{film}")).summary == "Film"

    def test_the_fullest_content_is_taken(self) -> None:
        body = atom(
            "<id>1</id><content type='text'>Short</content><content type='html'>&lt;p&gt;Longer&lt;/p&gt;</content>"
        )
        assert only(body).content == "<p>Longer</p>"

    def test_xhtml_is_kept_as_html(self) -> None:
        inside = "<div xmlns='http://www.w3.org/1999/xhtml'><p>A <b>bold</b> &amp; true</p></div>"
        assert (
            only(atom(f"<id>1</id><content type='xhtml'>{inside}</content>")).content
            == "<p>A <b>bold</b> &amp; true</p>"
        )

    def test_long_ones_are_cut_with_a_warning(self) -> None:
        feed = parse_feed(rss(f"<title>{'A' * 20_000}</title>"), source="s")
        assert len(feed.entries[0].title) == 10_000
        assert feed.warnings == ("a title of more than 10,000 characters was cut there",)


class TestLinks:
    @pytest.mark.parametrize(
        ("link", "expected"),
        [
            ("https://docket.example/1", "https://docket.example/1"),
            ("/1", "https://docket.example/1"),
            ("1?a=b&amp;c=d", "https://docket.example/1?a=b&c=d"),
            ("\n https://docket.example/1 \n", "https://docket.example/1"),
            ("javascript:alert(1)", ""),
            ("mailto:desk@docket.example", ""),
        ],
    )
    def test_of_rss_stand_on_the_site(self, link: str, expected: str) -> None:
        assert only(rss(f"<guid isPermaLink='false'>1</guid><link>{link}</link>")).link == expected

    def test_of_atom_stand_on_the_feed_s_address(self) -> None:
        body = atom("<id>1</id><link href='story'/>", head="<link href='https://docket.example/'/>")
        assert only(body).link == "https://feeds.example/main/story"

    def test_stand_on_xml_base_before_all(self) -> None:
        body = atom("<id>1</id><link href='story'/>", base="xml:base='https://base.example/x/'")
        assert only(body).link == "https://base.example/x/story"
        relative = atom("<id>1</id><link href='story'/>", base="xml:base='/x/'")
        assert only(relative).link == "https://feeds.example/x/story"

    def test_of_a_file_need_a_site_to_stand_on(self) -> None:
        assert only(rss("<link>/1</link>", site="/"), address="/srv/feed.xml").link == ""

    def test_may_be_the_guid_if_that_is_an_address(self) -> None:
        assert only(rss("<guid>https://docket.example/?p=4</guid>")).link == "https://docket.example/?p=4"
        assert only(rss("<guid>4</guid>")).link == ""

    def test_behind_feedburner_are_the_story_s_own(self) -> None:
        entry = only(
            rss(
                "<link>http://feedproxy.example/~r/1</link>"
                "<feedburner:origLink>https://docket.example/1</feedburner:origLink>"
            )
        )
        assert entry.link == "https://docket.example/1"

    def test_of_atom_may_lead_to_what_is_no_page(self) -> None:
        link = "<link rel='alternate' type='application/pdf' href='https://x.example/a.pdf'/>"
        assert only(atom(f"<id>tag:docket.example,2026:1</id>{link}")).link == "https://x.example/a.pdf"


class TestIdentity:
    def test_is_the_guid(self) -> None:
        entry = only(
            rss("<guid isPermaLink='false'> https://docket.example/?p=4 </guid><link>https://docket.example/1</link>")
        )
        assert entry.identity == "https://docket.example/?p=4"

    def test_does_not_depend_on_where_the_feed_is(self) -> None:
        for body in (rss("<guid>4</guid>"), atom("<id>4</id>"), rss("<link>/1</link>"), rss("<title>T</title>")):
            assert only(body).identity == only(body, address="https://moved.example/feed").identity

    def test_of_a_corrected_story_stays(self) -> None:
        first, second = (only(rss(f"<guid>1</guid><link>/a</link><title>{title}</title>")) for title in ("Old", "New"))
        assert first.identity == second.identity == "1"


class TestPeopleAndCategories:
    @pytest.mark.parametrize(
        ("written", "author"),
        [
            ("<dc:creator><![CDATA[Tomás Eriksen]]></dc:creator>", "Tomás Eriksen"),
            ("<author>desk@docket.example (Zoë Hartmann)</author>", "Zoë Hartmann"),
            ("<author>desk@docket.example</author>", ""),
            ("<author>Zoë Hartmann &lt;desk@docket.example&gt;</author>", "Zoë Hartmann"),
            ("<author>desk@docket.com (Zoë Hartmann)</author>", "Zoë Hartmann"),
            ("<dc:creator>Zoë Hartmann</dc:creator><author>desk@docket.example</author>", "Zoë Hartmann"),
            ("<author>Zoë Hartmann</author><dc:creator>Zoë Hartmann</dc:creator>", "Zoë Hartmann"),
            ("<dc:creator>Jack O&amp;#8217;Dell</dc:creator>", "Jack O’Dell"),
            ("<dc:creator>A One</dc:creator><dc:creator>B Two</dc:creator>", "A One, B Two"),
            ("", ""),
        ],
    )
    def test_an_author_is_a_name(self, written: str, author: str) -> None:
        assert only(rss(f"<title>T</title>{written}")).author == author

    def test_of_atom_are_the_feed_s_where_the_entry_has_none(self) -> None:
        head = "<author><name>The Desk</name><email>desk@docket.example</email></author>"
        own = "<author><name>A One</name></author><author><name>B Two</name></author>"
        assert only(atom("<id>1</id>", head=head)).author == "The Desk"
        assert only(atom(f"<id>1</id>{own}", head=head)).author == "A One, B Two"

    def test_the_editor_of_a_channel_is_no_author(self) -> None:
        body = rss("<title>T</title>").replace(b"<item>", b"<managingEditor>Boss</managingEditor><item>")
        assert only(body).author == ""

    def test_categories_come_in_order_and_once(self) -> None:
        entry = only(
            rss(
                "<category><![CDATA[Courts & the law]]></category><category> Appeals </category>"
                "<category>Courts &amp;amp; the law</category><category/><dc:subject>In brief</dc:subject>"
            )
        )
        assert entry.categories == ("Courts & the law", "Appeals", "In brief")

    def test_of_atom_are_called_by_their_labels(self) -> None:
        entry = only(
            atom(
                "<id>1</id><category term='us-courts' label='Courts'/><category term='Appeals'/>"
                "<category scheme='http://schemas.google.com/g/2005#kind' term='http://x.example/kind#post'/>"
            )
        )
        assert entry.categories == ("Courts", "Appeals")


class TestDates:
    def test_of_rss_are_publications_also_as_dc_date(self) -> None:
        day = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
        assert only(rss("<pubDate>Fri, 20 Nov 2026 09:30:00 -0800</pubDate>")).published == day
        entry = only(rss("<title>T</title><dc:date>2026-11-20T17:30:00Z</dc:date>"))
        assert (entry.published, entry.updated) == (day, day)

    def test_of_atom_are_both(self) -> None:
        entry = only(
            atom("<id>1</id><published>2026-11-20T17:30:00Z</published><updated>2026-11-21T08:00:00+01:00</updated>")
        )
        assert entry.published == datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
        assert entry.updated == datetime(2026, 11, 21, 7, 0, tzinfo=UTC)

    def test_of_atom_without_a_publication_are_changes(self) -> None:
        entry = only(atom("<id>1</id><updated>2026-11-21T08:00:00Z</updated>"))
        assert (entry.published, entry.updated) == (None, datetime(2026, 11, 21, 8, tzinfo=UTC))


class TestPictures:
    def test_enclosures_are_pictures_but_not_of_podcasts(self) -> None:
        entry = only(
            rss(
                "<enclosure url='https://x.example/a.mp3' type='audio/mpeg' length='1'/>"
                "<enclosure url='/a.jpg' type='image/jpeg' length='1'/>"
            )
        )
        assert entry.pictures == (Picture(address="https://docket.example/a.jpg"),)

    def test_an_episode_has_its_cover_if_nothing_else(self) -> None:
        cover = "<itunes:image href='https://x.example/cover.jpg'/>"
        assert only(rss(f"<title>T</title>{cover}")).pictures == (Picture(address="https://x.example/cover.jpg"),)

    def test_of_the_text_stand_on_the_story(self) -> None:
        entry = only(rss("<link>/a/b/</link><description>&lt;img src='c.jpg'&gt;</description>"))
        assert entry.pictures[0].address in ("https://docket.example/c.jpg", "https://docket.example/a/b/c.jpg")

    def test_of_a_feed_beyond_repair_come_without_captions(self) -> None:
        broken = (
            rss("<guid>1</guid><media:content url='https://x.example/a.jpg' medium='image' width='640'/>") + b"</oops>"
        )
        (entry,) = parse_feed(broken, source="s").entries
        assert entry.pictures == (Picture(address="https://x.example/a.jpg", width=640),)


class TestOtherDialects:
    def test_rdf(self) -> None:
        body = (
            b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
            b"<channel rdf:about='https://docket.example/'><title>D</title><link>https://docket.example/</link>"
            b"<items><rdf:Seq><rdf:li rdf:resource='https://docket.example/1'/></rdf:Seq></items></channel>"
            b"<item rdf:about='https://docket.example/1'><title>T</title><link>https://docket.example/1</link></item></rdf:RDF>"
        )
        entry = only(body)
        assert (entry.identity, entry.title, entry.link) == (
            "https://docket.example/1",
            "T",
            "https://docket.example/1",
        )

    @pytest.mark.parametrize("version", ["0.91", "0.92", "2.0", "2.01", ""])
    def test_rss_of_any_number(self, version: str) -> None:
        assert only(rss("<title>T</title>").replace(b"2.0", version.encode(), 1)).title == "T"

    def test_a_feed_without_entries_is_one_with_a_warning(self) -> None:
        feed = parse_feed(rss(), source="s")
        assert (feed.title, feed.entries, feed.warnings) == ("D", (), ("holds no entries",))

    def test_a_root_with_nothing_of_a_feed_is_none(self) -> None:
        with pytest.raises(SourceUnreadable):
            parse_feed(b"<channel>nothing</channel>", source="s")


def test_nothing_in_a_feed_opens_a_file() -> None:
    """feedparser takes bytes for a file's name if there is such a file."""
    with pytest.raises(SourceUnreadable):
        parse_feed(__file__.encode(), source="s")
