"""Back issues as visitors see them: lists, issues as they were sent, and what nobody may see."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.backlist import NEWEST, Backlist, issue, story
from tests.visiting import Visitor

LATEST = NEWEST.isoformat()
HOSTILE = "<script>alert(1)</script> \"onload='x' {{ 7*7 }} \u202e"


@pytest.fixture(scope="module")
def backlist(tmp_path_factory: pytest.TempPathFactory) -> Backlist:
    backlist = Backlist.open(tmp_path_factory.mktemp("backlist"))
    backlist.send_weeks(6)
    hostile = story(HOSTILE, HOSTILE, address="https://docket.example/hostile/")
    backlist.send(issue(date(2025, 3, 7), 1, (hostile, story("Jury out"))))
    backlist.compose(issue(NEWEST + timedelta(weeks=1), 8, (story("Not out yet"),)))
    return backlist


@pytest.fixture(scope="module")
def visitor(backlist: Backlist) -> Visitor:
    return Visitor(backlist)


def test_the_list_has_what_was_sent_and_nothing_else(visitor: Visitor) -> None:
    answer = visitor.get("issues/")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Three counties must share a river" in answer.text
    assert f"/issues/{LATEST}/pictures/" in answer.text
    assert "Not out yet" not in answer.text
    assert visitor.get("issues/2026-11-27/").status_code == 404


def test_each_year_and_each_earlier_month_has_its_page(visitor: Visitor) -> None:
    assert "/issues/2025-03-07/" in visitor.get("issues/2025/").text
    assert "Tunnel ruling" not in visitor.get("issues/2025/").text
    assert "Tunnel ruling" not in visitor.get("issues/2026/10/").text
    assert visitor.get("issues/2026/10/").status_code == 200


@pytest.mark.parametrize(
    "place",
    [
        "issues/2024/",
        "issues/2026/13/",
        "issues/2026/1/",
        "issues/2026-11-21/",
        "issues/2026-W47-5/",
        "issues/20261120/",
        "issues/٢٠٢٦/",
        "issues/..%2f..%2fdigest.toml/",
        "issues/%2e%2e/",
        f"issues/{LATEST}/pictures/..%2fissue.json",
        f"issues/{LATEST}/pictures/%2e%2e%2f%2e%2e%2f%2e%2e%2fdigest.db",
        f"issues/{LATEST}/pictures/issue.json",
        f"issues/{LATEST}/pictures/{'0' * 32}.jpg",
        f"issues/{LATEST}/pictures/{'0' * 32}.svg",
        f"issues/{LATEST}/pictures/%00.jpg",
        f"issues/{'9' * 5000}/",
        "issues/search?q=x&before=../../",
    ],
)
def test_what_is_not_there_is_said_in_the_look_of_the_site(visitor: Visitor, place: str) -> None:
    answer = visitor.get(place)
    assert answer.status_code == 404
    assert "/style-" in answer.text


def test_an_issue_shows_nobodys_name_or_link(visitor: Visitor) -> None:
    answer = visitor.get(f"issues/{LATEST}/")
    assert answer.status_code == 200
    for private in ("/u/", "/p/", "mailto:unsubscribe", "List-Unsubscribe", "sent to"):
        assert private not in answer.text
    assert not re.search(r"\{\{|\}\}|%%", answer.text)
    assert "docket.example/2026/11/three-counties-must/" in answer.text


def test_an_issue_asks_no_other_site_for_anything(visitor: Visitor) -> None:
    answer = visitor.get(f"issues/{LATEST}/")
    sources = re.findall(r"<img[^>]*\ssrc=\"([^\"]*)\"", answer.text)
    assert any(one.startswith("pictures/") for one in sources)
    assert not [one for one in sources if not one.startswith("pictures/")]
    assert not re.search(r"<link[^>]*stylesheet[^>]*https?:|url\(['\"]?https?:|<script|<iframe", answer.text)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]


def test_a_picture_is_kept_for_ever(visitor: Visitor, backlist: Backlist) -> None:
    (name,) = backlist.archive.pictures(LATEST)
    answer = visitor.get(f"issues/{LATEST}/pictures/{name}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.content == backlist.archive.picture(LATEST, name)


def test_the_plain_text(visitor: Visitor) -> None:
    answer = visitor.get(f"issues/{LATEST}/text")
    assert answer.headers["content-type"].startswith("text/plain; charset=utf-8")
    assert "Three counties" in answer.text
    assert "/u/" not in answer.text


def test_the_latest_leads_on_and_is_not_kept(visitor: Visitor) -> None:
    answer = visitor.get("issues/latest/?language=de")
    assert answer.status_code == 302
    assert answer.headers["location"] == f"{visitor.pages.root}issues/{LATEST}/?language=de"
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "place", ["issues/", f"issues/{LATEST}/", "issues/feed.xml", "issues/feed.json", "sitemap.xml"]
)
def test_what_is_known_is_not_sent_again(visitor: Visitor, place: str) -> None:
    first = visitor.get(place)
    tag = first.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = visitor.get(place, {"if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    assert visitor.get(place, {"if-none-match": '"other"'}).content == first.content
    head = visitor.get(place, method="HEAD")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)


def test_a_feed_that_has_not_changed_since(visitor: Visitor) -> None:
    since = visitor.get("issues/feed.xml").headers["last-modified"]
    assert visitor.get("issues/feed.xml", {"if-modified-since": since}).status_code == 304
    for other in ("Thu, 01 Jan 1970 00:00:00 GMT", "yesterday", "99999"):
        assert visitor.get("issues/feed.xml", {"if-modified-since": other}).status_code == 200


@pytest.mark.parametrize("place", ["issues/2025/", "issues/2025-03-07/", "issues/search?q=alert"])
def test_a_hostile_headline_is_words(visitor: Visitor, place: str) -> None:
    page = visitor.get(place).text
    assert "<script" not in page
    assert "&lt;script" in page
    assert "{{ 7*7 }}" in page
    assert "\u202e" not in page


@pytest.mark.parametrize(
    "words",
    [
        "",
        '"',
        "river OR",
        "NEAR(river",
        "headline:river",
        "*",
        "river*",
        "-",
        "'; DROP TABLE issue; --",
        "x" * 50_000,
        "\x00",
        "<b>",
    ],
)
def test_a_search_takes_whatever_is_asked(visitor: Visitor, words: str) -> None:
    answer = visitor.get(f"issues/search?q={words.replace('#', '%23').replace(chr(0), '%00')}")
    assert answer.status_code == 200
    assert "<b>" not in answer.text
    assert "no-store" in answer.headers["cache-control"]


def test_a_search_marks_what_it_found(visitor: Visitor) -> None:
    page = visitor.get("issues/search?q=RIV").text
    assert "<mark>river</mark>" in page
    assert f"/issues/{LATEST}/" in page


def test_robots_are_told_where_nothing_is_for_them(visitor: Visitor) -> None:
    text = visitor.get("robots.txt").text
    assert f"Disallow: {visitor.pages.root}u/" in text
    assert "Sitemap: https://" in text


def test_an_empty_list_says_when_the_first_issue_comes(tmp_path: Path) -> None:
    visitor = Visitor(Backlist.open(tmp_path))
    assert "Friday" in visitor.get("issues/").text
    assert visitor.get("issues/latest/").status_code == 404
    for place in ("issues/feed.xml", "issues/feed.json", "sitemap.xml", "issues/search?q=river"):
        assert visitor.get(place).status_code == 200


def test_a_damaged_issue_is_said_and_not_shown(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    backlist = Backlist.open(tmp_path)
    backlist.send_weeks(2)
    visitor = Visitor(backlist)
    letter = next((tmp_path / "issues" / LATEST).glob("*.html"))
    letter.write_bytes(letter.read_bytes().replace(b"river", b"rover"))
    assert visitor.get(f"issues/{LATEST}/").status_code == 404
    assert LATEST in caplog.text
    assert "Three counties" not in visitor.get("issues/").text
    assert "Tunnel ruling" in visitor.get("issues/").text
    assert LATEST not in visitor.get("issues/feed.xml").text


def test_every_link_of_a_page_leads_somewhere(visitor: Visitor) -> None:
    for page in ("issues/", "issues/2025/", f"issues/{LATEST}/", "issues/search?q=river", "issues/nothing/"):
        text = visitor.get(page).text.replace('"https://docket.example/letters/', '"/letters/')
        for place in sorted(set(re.findall(r'(?:href|src)="(/[^"#]*)"', text))):
            leads = place.removeprefix(visitor.pages.root).replace("&amp;", "&")
            assert visitor.get(leads).status_code in (200, 302), (page, place)


def test_headlines_in_one_line_run_as_they_are_written_whatever_the_page_does(visitor: Visitor) -> None:
    page = visitor.get("issues/2025/?language=ar").text
    assert re.findall(r'<ul class="further"([^>]*)>', page) == [' lang="en" dir="ltr"']
    assert re.findall(r'<ul class="further"([^>]*)>', visitor.get("issues/2025/?language=de").text) == [' lang="en"']
