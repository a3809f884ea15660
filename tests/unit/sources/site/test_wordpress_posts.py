"""One post of REST to an item."""

from __future__ import annotations

import html
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.model import Picture
from digest.sources.entries import Item
from digest.sources.site.wordpress_posts import is_story, item
from tests.unit.sources.site.rest import DEEP, post

ROOT = "https://ledger.example/wp-json/"
FILES = "https://ledger.example/files/pier"


def read(zone: tzinfo = UTC, **more: Any) -> Item:
    return item(post(1, **more), ROOT, lambda: zone)


def media(**more: Any) -> dict[str, Any]:
    """A picture of 3000 × 2000 with WordPress's usual sizes and one that is cut to another shape."""
    sizes = {"medium": (300, 200), "large": (1024, 683), "1536x1536": (1536, 1024), "hero": (1200, 400)}
    named = {
        name: {
            "source_url": f"{FILES}-{width}x{height}.jpg",
            "width": width,
            "height": height,
            "mime_type": "image/jpeg",
        }
        for name, (width, height) in sizes.items()
    }
    made = {
        "source_url": f"{FILES}.jpg",
        "alt_text": "The pier &amp; its clock",
        "caption": {"rendered": "<p>Seen from <em>Low Quay</em> &#038; drawn</p>\n"},
        "mime_type": "image/jpeg",
        "media_details": {"width": 3000, "height": 2000, "sizes": named, "image_meta": {"credit": "Ada Brandt"}},
    }
    return {**made, **more}


def pictured(*found: Any) -> tuple[Picture, ...]:
    return read(**{DEEP: {"wp:featuredmedia": list(found)}}).pictures


class TestDates:
    def test_are_in_utc_although_they_do_not_say_so(self) -> None:
        found = read(date="2026-11-20T04:00:00", date_gmt="2026-11-20T09:00:00", modified_gmt="2026-11-20T10:00:00")
        assert found.published == datetime(2026, 11, 20, 9, tzinfo=UTC)
        assert found.updated == datetime(2026, 11, 20, 10, tzinfo=UTC)

    @pytest.mark.parametrize("gmt", [None, "", "0000-00-00T00:00:00", 7])
    def test_of_the_site_s_own_clock_do_where_there_are_no_others(self, gmt: Any) -> None:
        found = read(timezone(timedelta(hours=-5)), date="2026-11-20T04:00:00", date_gmt=gmt)
        assert found.published == datetime(2026, 11, 20, 9, tzinfo=UTC)

    def test_the_site_s_zone_is_asked_for_only_where_it_is_wanted(self) -> None:
        def asked() -> tzinfo:
            raise AssertionError("the zone was asked for")

        assert item(post(1), ROOT, asked).published is not None

    @pytest.mark.parametrize("date", [None, "", "0000-00-00T00:00:00", "yesterday", 5, []])
    def test_that_are_none_are_none(self, date: Any) -> None:
        assert read(date=date, date_gmt=date).published is None


class TestTexts:
    def test_of_titles_are_words_as_in_the_feed(self) -> None:
        assert (
            read(title={"rendered": "Fish &#038; <em>chips</em>, &#8220;both&#8221;"}).title == "Fish & chips, “both”"
        )

    @pytest.mark.parametrize(
        ("given", "read_as"),
        [
            ("<p>In short.</p>\n", "In short."),
            ("<p>Cut [&hellip;]</p>\n", "Cut [&#8230;]"),
            ("<p>One.</p>\n<p>Two.</p>\n", "<p>One.</p>\n<p>Two.</p>"),
            ("Bare", "Bare"),
            ("", ""),
        ],
    )
    def test_of_excerpts_lose_their_paragraph(self, given: str, read_as: str) -> None:
        assert read(excerpt={"rendered": given}).summary == read_as

    def test_of_a_guid_are_unescaped_as_the_feed_s_are(self) -> None:
        assert read(guid={"rendered": "https://l.example/?post_type=post&#038;p=4"}).guid.endswith(
            "?post_type=post&p=4"
        )

    @given(title=st.text(st.characters(exclude_characters="<>", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs"))))
    def test_that_were_escaped_come_back(self, title: str) -> None:
        assert read(title={"rendered": html.escape(title)}).title == title


class TestNames:
    def test_of_authors_and_categories_but_not_of_tags(self) -> None:
        terms = [
            [{"taxonomy": "category", "name": "Courts &amp; law"}, {"taxonomy": "category", "name": "Trials"}],
            [{"taxonomy": "post_tag", "name": "ferries"}],
        ]
        found = read(**{DEEP: {"author": [{"name": "Ada"}, {"name": "Pat"}], "wp:term": terms}})
        assert (found.author, found.categories) == (("Ada", "Pat"), ("Courts &amp; law", "Trials"))

    def test_of_authors_whom_a_site_hides_may_be_elsewhere(self) -> None:
        hidden = {DEEP: {"author": [{"code": "rest_user_invalid_id", "data": {"status": 404}}]}}
        assert read(**hidden).author == ("",)
        assert read(**hidden, yoast_head_json={"author": "Ada Brandt"}).author == ("Ada Brandt",)


class TestPictures:
    def test_are_the_smallest_size_that_is_wide_enough(self) -> None:
        (found,) = pictured(media())
        assert (found.address, found.width, found.height) == (f"{FILES}-1536x1024.jpg", 1536, 1024)
        assert (found.alt, found.caption) == ("The pier & its clock", "Seen from Low Quay & drawn")
        assert found.credit == "Ada Brandt"

    def test_are_the_widest_where_none_is_wide_enough(self) -> None:
        small = media(media_details={"width": 900, "height": 600, "sizes": {}})
        assert [found.width for found in pictured(small)] == [900]

    @pytest.mark.parametrize("details", [{}, [], None, {"sizes": []}, {"width": "x", "sizes": {"large": "x"}}])
    def test_without_sizes_are_themselves(self, details: Any) -> None:
        assert [found.address for found in pictured(media(media_details=details))] == [f"{FILES}.jpg"]

    def test_that_are_films_or_errors_are_none(self) -> None:
        assert pictured(media(mime_type="video/mp4"), {"code": "rest_forbidden"}, None, "x") == ()


@pytest.mark.parametrize(
    ("more", "is_one"),
    [
        ({}, True),
        ({"content": {"rendered": "", "protected": True}}, False),
        ({"status": "draft"}, False),
        ({"type": "page"}, False),
        ({"sticky": True}, True),
    ],
)
def test_what_readers_can_open_is_a_story(more: dict[str, Any], is_one: bool) -> None:
    assert is_story(post(1, **more)) is is_one


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*post(1), "name", "rendered"]), inner),
    max_leaves=12,
)


@given(values=st.dictionaries(st.sampled_from(list(post(1))), anything))
def test_whatever_stands_there_is_an_item(values: dict[str, Any]) -> None:
    strange = {**post(1), **values}
    assert isinstance(item(strange, ROOT, lambda: UTC), Item)
    assert is_story(strange) in {True, False}
