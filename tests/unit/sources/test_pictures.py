from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.model import Picture
from digest.sources.pictures import in_html, is_picture, of_entry, pixels

BASE = "https://docket.example/2026/story/"
WIDE = Picture(address="https://docket.example/wide.jpg", width=1200)
SMALL = Picture(address="https://docket.example/small.jpg", width=150)
MIDDLING = Picture(address="https://docket.example/middling.jpg", width=460)


def shown(html: str) -> list[Picture]:
    return list(in_html(html, BASE))


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("640", 640),
        (" 640px ", 640),
        ("640.5", 640),
        ("100%", 0),
        ("auto", 0),
        ("", 0),
        (None, 0),
        ("-5", 0),
        ("9" * 30, 0),
    ],
)
def test_widths_and_heights_are_read_as_feeds_write_them(written: str | None, number: int) -> None:
    assert pixels(written) == number


@pytest.mark.parametrize(
    ("address", "type_", "medium", "expected"),
    [
        ("https://x.example/a", "", "image", True),
        ("https://x.example/a.jpg", "", "video", False),
        ("https://x.example/a", "image/jpeg", "", True),
        ("https://x.example/a.jpg", "audio/mpeg", "", False),
        ("https://x.example/a.svg", "image/svg+xml", "", False),
        ("https://x.example/a.JPG?w=300", "", "", True),
        ("https://x.example/a.mp3", "", "", False),
        ("", "", "", False),
    ],
)
def test_a_picture_is_told_by_medium_type_and_ending(address: str, type_: str, medium: str, expected: bool) -> None:
    assert is_picture(address, type_, medium) is expected


class TestInHtml:
    def test_a_picture_has_size_and_alt_text(self) -> None:
        html = '<p>Text</p><IMG SRC="/court.jpg" width="800" height="533" alt="The &amp; court">'
        assert shown(html) == [
            Picture(address="https://docket.example/court.jpg", width=800, height=533, alt="The & court")
        ]

    @pytest.mark.parametrize(
        "html",
        [
            '<figure><img src="/a.jpg"><figcaption>The <b>court</b>\n house</figcaption></figure>',
            '<figure><figcaption>The court house</figcaption><a href="/x"><img src="/a.jpg"></a></figure>',
            '<div class="wp-caption"><img src="/a.jpg"><p class="wp-caption-text">The court house</p></div>',
            '<dl class="x"><div class="wp-caption alignleft"><img src="/a.jpg">'
            '<dd class="wp-caption-text">The court house</dd></div></dl>',
        ],
    )
    def test_a_figure_has_a_caption(self, html: str) -> None:
        assert [picture.caption for picture in shown(html)] == ["The court house"]

    @pytest.mark.parametrize(
        "image",
        [
            '<img src="data:image/gif;base64,R0lGOD" data-src="/a.jpg">',
            '<img src="/placeholder.png" data-lazy-src="/a.jpg">',
            '<img data-original="/a.jpg" src="DATA:image/gif;base64,R0lGOD">',
        ],
    )
    def test_a_lazy_picture_is_found_behind_its_placeholder(self, image: str) -> None:
        assert [picture.address for picture in shown(image)] == ["https://docket.example/a.jpg"]

    @pytest.mark.parametrize(
        "image",
        [
            '<img src="https://x.example/a.jpg" width="1" height="1">',
            '<img src="https://x.example/icon.png" width="24">',
            '<img src="data:image/png;base64,AAAA">',
            '<img src="javascript:alert(1)">',
            "<img alt='nothing'>",
            '<img class="wp-smiley" src="https://x.example/frown.png">',
            '<img src="https://s.w.org/images/core/emoji/14.0.0/72x72/1f600.png">',
            '<img src="https://secure.gravatar.com/avatar/0bc8?s=96">',
            '<img class="avatar avatar-96" src="https://x.example/me.jpg">',
            '<img src="http://feeds.feedburner.com/~r/docket/~4/abc">',
            '<img src="http://feeds.feedburner.com/~ff/docket?d=yIl2AUoC8zA">',
            '<img src="https://pixel.wp.com/b.gif?host=docket.example">',
            '<img src="https://x.example/track/pixel.gif?id=3">',
            '<img src="http://rss.feedsportal.com/c/1/f/2/mf.gif">',
        ],
    )
    def test_icons_smileys_portraits_and_pixels_are_none(self, image: str) -> None:
        assert shown(f'<p>{image}</p><img src="/real.jpg">') == [Picture(address="https://docket.example/real.jpg")]

    def test_html_may_be_as_deep_and_broken_as_it_likes(self) -> None:
        assert shown("<img src='/a.jpg'>" + "<b>" * 100_000)
        assert shown("<b>" * 100_000 + "<img") == []

    @given(st.text(st.sampled_from("<img src='a.jpg'>figure/ \"=&;x"), max_size=120))
    def test_no_html_is_too_strange(self, html: str) -> None:
        assert all(picture.address.startswith("https://") for picture in shown("<img " + html))


class TestOfEntry:
    def test_declared_pictures_come_before_the_text_s(self) -> None:
        found = of_entry([WIDE], ['<img src="/in-text.jpg">'], [], BASE)
        assert [picture.address for picture in found] == [WIDE.address, "https://docket.example/in-text.jpg"]

    def test_small_ones_stand_back_the_widest_first(self) -> None:
        unknown = Picture(address="https://docket.example/unknown.jpg")
        assert of_entry([SMALL, MIDDLING, unknown, WIDE], [], []) == (unknown, WIDE, MIDDLING, SMALL)

    def test_of_one_file_in_several_sizes_one_is_kept(self) -> None:
        sizes = [Picture(address=f"https://docket.example/a.jpg?w={width}", width=width) for width in (140, 460, 700)]
        assert of_entry(sizes, [], []) == (sizes[2],)

    def test_wordpress_s_sizes_are_of_one_file(self) -> None:
        files = [Picture(address=f"https://docket.example/a{size}.jpg") for size in ("-scaled", "-300x200", "", "-b")]
        assert of_entry(files, [], []) == (files[0], files[3])

    def test_files_that_differ_only_in_their_question_are_kept_apart(self) -> None:
        files = [Picture(address=f"https://docket.example/image.php?id={number}") for number in (1, 2)]
        assert of_entry(files, [], []) == tuple(files)

    def test_alt_text_and_caption_are_taken_from_the_text(self) -> None:
        text = '<figure><img src="/wide.jpg?w=300" alt="Steps"><figcaption>The court.</figcaption></figure>'
        declared = Picture(address="https://docket.example/wide.jpg", credit="Zoë Hartmann")
        (found,) = of_entry([declared], [text], [], BASE)
        assert (found.alt, found.caption, found.credit) == ("Steps", "The court.", "Zoë Hartmann")

    def test_thumbnails_are_the_last_resort(self) -> None:
        assert of_entry([], [], [SMALL]) == (SMALL,)
        assert of_entry([MIDDLING], [], [SMALL]) == (MIDDLING,)
        assert [each.address for each in of_entry([], ['<img src="/a.jpg">'], [SMALL], BASE)] == [
            "https://docket.example/a.jpg"
        ]

    def test_relative_addresses_stand_on_the_first_base(self) -> None:
        (found,) = of_entry([Picture(address="a.jpg")], [], [], BASE, "https://other.example/")
        assert found.address == BASE + "a.jpg"


class TestSets:
    def test_of_a_set_the_first_that_is_wide_enough_for_a_lead_is_taken(self) -> None:
        html = (
            '<img src="/a-300x200.jpg" width="300" height="200" srcset="/a-300x200.jpg 300w, /a-1536x1024.jpg 1536w,'
            ' /a-2560x1707.jpg 2560w, /a-1024x683.jpg 1024w">'
        )
        assert shown(html) == [Picture(address="https://docket.example/a-1536x1024.jpg", width=1536, height=1024)]

    def test_where_none_is_wide_enough_the_widest_is(self) -> None:
        html = '<img src="/a.jpg" width="300" srcset="/a.jpg 300w, /b,c.jpg?w=768,h=3 768w">'
        assert shown(html) == [Picture(address="https://docket.example/b,c.jpg?w=768,h=3", width=768)]

    @pytest.mark.parametrize(
        "html",
        [
            '<img src="/a.jpg" width="900" srcset="/b.jpg 300w">',
            '<img src="/a.jpg" srcset="/b.jpg 1536w">',
            '<img src="/a.jpg" width="300" srcset="/b.jpg 2x, /c.jpg">',
            '<img src="/a.jpg" width="300" srcset=" , ,, 300w">',
        ],
    )
    def test_a_set_that_tells_of_nothing_larger_changes_nothing(self, html: str) -> None:
        assert [picture.address for picture in shown(html)] == ["https://docket.example/a.jpg"]

    def test_behind_a_placeholder_the_lazy_set_is_found(self) -> None:
        html = '<img src="data:image/gif;base64,AAAA" data-srcset="/a.jpg 600w, /b.jpg 1200w">'
        assert shown(html) == [Picture(address="https://docket.example/b.jpg", width=1200)]

    @given(st.text(alphabet="/ab,. 0123456789wx\n", max_size=80))
    def test_no_set_stops_the_work(self, written: str) -> None:
        assert [picture.address for picture in shown(f'<img src="/a.jpg" width="9000" srcset="{written}">')] == [
            "https://docket.example/a.jpg"
        ]
