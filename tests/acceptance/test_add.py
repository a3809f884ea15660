"""`digest add`: a story by hand, from an address or a saved page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.acceptance.publication import Publication
from tests.unit.sources.scripted_site import Site, page, status

STORY = """<html><head><meta property="og:title" content="A mill turns again">
<meta property="og:description" content="After nine winters the wheel of the old mill is back in the water.">
<meta property="og:image" content="/mill.jpg"><meta property="article:section" content="Courts">
<meta property="article:published_time" content="2026-11-20T12:00:00Z"></head><body></body></html>"""


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    site.acts["/mill"] = page(STORY, content_type="text/html")
    yield site
    site.close()


def test_a_page_becomes_a_story_of_the_week(sample: Publication, site: Site) -> None:
    told = sample.run("add", site.at("/mill"), "--category", "Opinion").stdout
    for words in ("added", "A mill turns again", "After nine winters", "2026-11-20", "/mill.jpg", "Section  Opinion"):
        assert words in told, told
    sample.run("gather")
    composed = sample.json("compose", "--date", "2026-11-20")
    stories = {story["title"]: section["name"] for section in composed["sections"] for story in section["stories"]}
    assert stories["A mill turns again"] == "Opinion"


def test_what_is_there_already_stays_as_it_is(sample: Publication, site: Site) -> None:
    sample.run("add", site.at("/mill"))
    told = sample.run("add", f"{site.at('/mill')}/?utm_source=desk", "--headline", "Another").stdout
    assert "is there as “A mill turns again” from Added by hand" in told
    assert "nothing was changed" in told
    assert [path for path, _ in site.asked] == ["/mill"]
    again = sample.json("add", site.at("/mill"))["stories"]
    assert [(one["status"], one["headline"]) for one in again] == [("known", "A mill turns again")]


def test_a_story_that_ran_says_where(sample: Publication, site: Site) -> None:
    sample.run("add", site.at("/mill"), "--category", "Opinion")
    sample.run("run", "--yes")
    assert "ran in 2026-11-20" in sample.run("add", site.at("/mill")).stdout


def test_a_saved_page_says_where_it_is_from(sample: Publication) -> None:
    (sample.folder / "saved.html").write_text(
        f'<link rel="canonical" href="https://docket.example/mill">{STORY}', encoding="utf-8"
    )
    (story,) = sample.json("add", "saved.html")["stories"]
    assert (story["status"], story["address"]) == ("added", "https://docket.example/mill")


def test_what_a_page_lacks_is_said(sample: Publication, site: Site) -> None:
    site.acts["/bare"] = page("<p>Nothing to see.</p>", content_type="text/html")
    told = sample.run("add", site.at("/bare")).stdout
    assert "without one it is no story; give one with --headline" in told
    assert "it counts from today; give one with --date" in told


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("missing.html", "no such file"),
        ("here.html", "does not say where it is from"),
        ("http://127.0.0.1:9/nothing", "→"),
        ("ftp://docket.example/1", "→"),
    ],
)
def test_what_cannot_be_read_is_said(sample: Publication, place: str, words: str) -> None:
    (sample.folder / "here.html").write_text("<h1>From nowhere</h1>", encoding="utf-8")
    assert words in sample.run("add", place, expect=9).stderr


def test_a_page_that_is_gone_is_said(sample: Publication, site: Site) -> None:
    site.acts["/gone"] = status(410)
    assert "410" in sample.run("add", site.at("/gone"), expect=9).stderr


def test_a_headline_is_one_storys(sample: Publication, site: Site) -> None:
    assert "one story's" in sample.run("add", "a.html", "b.html", "--headline", "One", expect=2).stderr
