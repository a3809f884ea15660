from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from digest.sources.site.sitemap_choice import is_story, to_read
from digest.sources.site.sitemap_document import Listed

SINCE = datetime(2026, 11, 13, 14, tzinfo=UTC)
HOST = "https://docket.example/"


def chosen(*names: str) -> list[str]:
    found = to_read([Listed(address=HOST + name) for name in names], since=SINCE)
    return [one.address.removeprefix(HOST) for one in found]


def dated(**days: int) -> list[str]:
    """Sitemaps by name and the days before or after the week's beginning at which they were last changed."""
    listed = [Listed(address=HOST + name, updated=SINCE + timedelta(days=day)) for name, day in days.items()]
    return [one.address.removeprefix(HOST) for one in to_read(listed, since=SINCE)]


def test_the_newest_come_first_and_what_changed_before_the_week_is_not_read() -> None:
    assert dated(a=-2, b=3, c=7, d=-1) == ["c", "b", "d"]


def test_news_come_before_all_others() -> None:
    assert dated(a=7, news=3) == ["news", "a"]
    assert chosen("sitemap.xml", "news-sitemap.xml") == ["news-sitemap.xml", "sitemap.xml"]


def test_sitemaps_of_something_else_are_left_out() -> None:
    wordpress = (
        "wp-sitemap-posts-post-1.xml",
        "wp-sitemap-posts-page-1.xml",
        "wp-sitemap-taxonomies-category-1.xml",
        "wp-sitemap-taxonomies-post_tag-1.xml",
        "wp-sitemap-users-1.xml",
    )
    assert chosen(*wordpress) == ["wp-sitemap-posts-post-1.xml"]
    plugin = (
        "post-sitemap.xml",
        "page-sitemap2.xml",
        "category-sitemap.xml",
        "author-sitemap.xml",
        "post_tag-sitemap.xml",
    )
    assert chosen(*plugin) == ["post-sitemap.xml"]
    assert chosen("pages.xml", "users.xml") == ["pages.xml", "users.xml"]
    assert chosen("pagesix-sitemap.xml", "staging/tagore.xml") == ["pagesix-sitemap.xml", "staging/tagore.xml"]


def test_of_a_series_without_dates_its_end_is_read() -> None:
    assert chosen(*(f"posts-{number}.xml" for number in range(1, 13)), "courts.xml") == [
        "posts-12.xml", "posts-11.xml", "courts.xml",
    ]  # fmt: skip
    assert chosen("sitemap.xml?page=9", "sitemap.xml?page=10", "sitemap.xml?page=8") == [
        "sitemap.xml?page=10", "sitemap.xml?page=9",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "names",
    [
        ("sitemap-2026-11.xml", "sitemap-2026-10.xml", "sitemap-2025-12.xml"),
        ("sitemap/2026/11/14/", "sitemap/2026/11/11/", "sitemap/2026/10/14/"),
        ("sitemap.xml?yyyy=2026&mm=11&dd=20", "sitemap.xml?yyyy=2026&mm=11&dd=09", "sitemap.xml?yyyy=2026&mm=2&dd=31"),
        ("s-20261120.xml.gz", "s-20261101.xml.gz"),
    ],
)
def test_months_and_days_before_the_week_are_not_read(names: tuple[str, ...]) -> None:
    assert names[0] in chosen(*names)
    assert [name for name in chosen(*names) if name != names[0] and "mm=2&" not in name] == []


def test_all_days_of_the_week_are_read_the_newest_first() -> None:
    names = [f"day/2026-11-{day}.xml" for day in range(10, 21)]
    assert chosen(*names) == [f"day/2026-11-{day}.xml" for day in range(20, 11, -1)]


@pytest.mark.parametrize("path", ["", "/", "/index.html", "/category/courts/", "/tag/x", "/author/zoe/", "/page/2/"])
def test_front_pages_and_lists_are_no_stories(path: str) -> None:
    assert not is_story(f"https://docket.example{path}")


@pytest.mark.parametrize("path", ["/2026/11/20/toll-bridge/", "/courts/toll-bridge", "/?p=12", "/pages-of-history"])
def test_other_addresses_may_be(path: str) -> None:
    assert is_story(f"https://docket.example{path}")
