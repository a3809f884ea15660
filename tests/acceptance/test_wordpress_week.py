"""Completeness with a real WordPress: its week of 250 stories by every way of asking, and with the site changing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.acceptance.wordpress import WordPress, written
from tests.acceptance.wordpress_proxy import POSTS, Proxy
from tests.acceptance.wordpress_week import SLUGS, STORIES, gathered, identities, kept, publication

REST = "REST"
PAGES = "feed and its older pages"


@pytest.fixture(autouse=True)
def as_it_was(wordpress: WordPress) -> Iterator[None]:
    yield
    wordpress.do("rest", "on")


def feed(url: str, path: str = "/feed/", name: str = "The Ledger", *, rest: bool = True) -> str:
    return f'name = "{name}"\nfeed = "{url}{path}"' + ("" if rest else "\nrest = false")


def test_rest_gives_the_whole_week_in_three_questions(wordpress: WordPress, tmp_path: Path) -> None:
    made = publication(tmp_path / "week", feed(wordpress.url))
    before = len(wordpress.asked())
    (report,) = gathered(made)
    assert identities(kept(made)) == sorted(wordpress.guids())
    assert (report["through"], report["new"], report["complete"]) == (REST, STORIES, True)
    assert report["why"] == f"all {STORIES} posts since the week began, as the site counts them"
    assert len(wordpress.asked()) - before == report["pages_read"] == 4


def test_a_site_that_is_named_itself_says_by_one_small_page_that_nothing_changed(
    wordpress: WordPress, tmp_path: Path
) -> None:
    made = publication(tmp_path / "week", f'wordpress = "{wordpress.url}"')
    (report,) = gathered(made)
    assert identities(kept(made)) == sorted(wordpress.guids())
    assert (report["through"], report["complete"]) == (REST, True)
    (again,) = gathered(made)
    assert (again["status"], again["pages_read"], again["complete"]) == ("unchanged", 1, True)


def test_the_main_feed_s_pages_give_the_whole_week(wordpress: WordPress, tmp_path: Path) -> None:
    made = publication(tmp_path / "week", feed(wordpress.url, rest=False))
    (report,) = gathered(made)
    assert identities(kept(made)) == sorted(wordpress.guids())
    assert (report["through"], report["new"], report["complete"]) == (PAGES, STORIES, True)
    assert report["error"] is None
    assert report["warnings"] == []


@pytest.mark.parametrize("rest", [False, True], ids=["feeds", "REST"])
def test_the_category_feeds_give_the_whole_week(wordpress: WordPress, tmp_path: Path, rest: bool) -> None:
    """A category's feed holds its children's stories as well, and REST is asked for the same."""
    sources = [feed(wordpress.url, f"/category/{slug}/feed/", slug, rest=rest) for slug in SLUGS]
    made = publication(tmp_path / "week", *sources)
    reports = gathered(made)
    assert {report["through"] for report in reports} == {REST if rest else PAGES}
    assert all(report["complete"] for report in reports), reports
    rows = kept(made)
    assert set(identities(rows)) == wordpress.guids()
    in_trials = {row["identity"] for row in rows if row["source"].endswith("/category/trials/feed/")}
    assert {row["identity"] for row in rows if "small-claims" in row["source"]} < in_trials


@pytest.mark.parametrize("status", ["401", "403", "404"])
def test_where_rest_is_switched_off_half_way_the_feed_gives_the_week(
    wordpress: WordPress, tmp_path: Path, status: str
) -> None:
    def before(path: str, count: int) -> None:
        if path.startswith(POSTS) and count == 2:
            wordpress.do("rest", status)

    with Proxy(wordpress.url, before) as proxy:
        made = publication(tmp_path / "week", feed(proxy.url))
        (report,) = gathered(made)
    assert identities(kept(made)) == sorted(guid.replace(wordpress.url, proxy.url) for guid in wordpress.guids())
    assert (report["through"], report["complete"]) == (PAGES, True)
    (told,) = report["warnings"]
    assert told.startswith("read as a feed, because REST did not serve: it")


def test_half_a_week_is_never_called_complete(wordpress: WordPress, tmp_path: Path) -> None:
    def before(path: str, count: int) -> None:
        if path.startswith(POSTS) and count == 2:
            wordpress.do("rest", "403")

    with Proxy(wordpress.url, before) as proxy:
        made = publication(tmp_path / "week", feed(proxy.url), fetch="most_pages = 3")
        (report,) = gathered(made)
        assert (len(kept(made)), report["complete"]) == (30, False)
        assert "the limit of 3 pages was reached" in report["why"]
        wordpress.do("rest", "on")
        (again,) = gathered(made)
    assert (len(kept(made)), again["through"], again["complete"]) == (STORIES, REST, True)


def test_a_limit_of_pages_counts_for_rest_as_well(wordpress: WordPress, tmp_path: Path) -> None:
    made = publication(tmp_path / "week", feed(wordpress.url), fetch="most_pages = 2")
    (report,) = gathered(made)
    assert (report["complete"], report["why"]) == (
        False,
        "199 posts of the week were read before the limit of pages was reached",
    )


@pytest.mark.parametrize("rest", [False, True], ids=["feed", "REST"])
def test_a_site_that_changes_between_two_pages_loses_no_story(wordpress: WordPress, tmp_path: Path, rest: bool) -> None:
    """One story is published and another deleted while pages are read: the others are there, each once."""
    now = datetime.now(UTC)
    lasting = wordpress.guids()
    wordpress.load([{"slug": "gone-soon", "title": "Gone soon", "date": written(now - timedelta(minutes=30))}])

    def before(path: str, count: int) -> None:
        if count == 2 and (path.startswith(POSTS) if rest else "paged=2" in path):
            wordpress.do("delete", "gone-soon")
            wordpress.load([{"slug": "brand-new", "title": "Brand new", "date": written(now - timedelta(minutes=5))}])

    with Proxy(wordpress.url, before) as proxy:
        made = publication(tmp_path / "week", feed(proxy.url, rest=rest))
        (report,) = gathered(made)
        found = [guid.replace(proxy.url, wordpress.url) for guid in identities(kept(made))]
    new = wordpress.guid("brand-new")
    wordpress.do("delete", "brand-new")
    assert report["complete"]
    assert len(found) == len(set(found))
    assert lasting - set(found) == set()
    assert rest is False or new in found


def test_a_feed_that_has_moved_is_the_main_feed_all_the_same(wordpress: WordPress, tmp_path: Path) -> None:
    with Proxy(wordpress.url) as proxy:
        proxy.moved["/news.xml"] = "/feed/"
        made = publication(tmp_path / "week", feed(proxy.url, "/news.xml"))
        (report,) = gathered(made)
        assert (report["through"], report["new"], report["complete"]) == (REST, STORIES, True)
        (again,) = gathered(made)
    assert again["status"] == "unchanged"
    assert proxy.asked.count("/news.xml") == 1
