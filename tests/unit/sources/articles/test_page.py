"""What a page says of its article, place by place."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from digest.model import ArticlePage
from digest.sources.articles.page import article_page

ADDRESS = "https://docket.example/2026/a-story"


def said(html: str, address: str = ADDRESS) -> ArticlePage:
    return article_page(html.encode(), address)


def linked(*values: Any, script: str = "") -> ArticlePage:
    text = script or "".join(json.dumps(value) for value in values)
    return said(f'<html><script type="application/ld+json">{text}</script></html>')


def article(**more: Any) -> dict[str, Any]:
    return {"@type": "NewsArticle", "headline": "A headline", **more}


@pytest.mark.parametrize(
    "type_",
    [
        "NewsArticle",
        "OpinionNewsArticle",
        "BlogPosting",
        "http://schema.org/NewsArticle",
        ["Thing", "Report"],
    ],
)
def test_articles_have_many_names(type_: Any) -> None:
    assert linked({"@type": type_, "headline": "A headline"}).title == "A headline"


@pytest.mark.parametrize("type_", ["WebPage", "Product", "ItemList", None, 7])
def test_other_things_are_no_articles(type_: Any) -> None:
    assert linked({"@type": type_, "headline": "A headline"}).title == ""


def test_the_articles_own_address_tells_it_from_others() -> None:
    others = [article(headline=f"Another {number}", url=f"https://docket.example/{number}") for number in range(3)]
    assert linked([*others, article(url=ADDRESS)]).title == "A headline"


def test_what_is_listed_or_mentioned_is_another_story() -> None:
    other = article(headline="Another")
    assert linked({"@type": "ItemList", "itemListElement": [other]}, {"mentions": other}).title == ""


@pytest.mark.parametrize(
    "script",
    [
        '<!-- {"@type": "NewsArticle", "headline": "A headline"} -->',
        '/*<![CDATA[*/ {"@type": "NewsArticle", "headline": "A headline"} /*]]>*/',
        '{"@type": "NewsArticle", "headline": "A headline",}',
        '{"@type": "NewsArticle", "headline": "A\nheadline"};',
        '{"@type": "WebSite"}{"@type": "NewsArticle", "headline": "A headline"}',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;A headline&quot;}",
        '{"@type": "NewsArticle", "headline": ["A headline", "Another"]}',
        '{"@type": "NewsArticle", "headline": {"@value": "A headline", "@language": "en"}}',
        '{"@graph": [[{"@type": "NewsArticle", "headline": "A headline"}]]}',
    ],
)
def test_linked_data_is_mended(script: str) -> None:
    found = linked(script=script).title
    assert found == ("" if "[[" in script else "A headline")


@pytest.mark.parametrize(
    "script",
    [
        "",
        "{",
        "[" * 100_000,
        '{"a":' * 100_000,
        "null",
        '"text"',
        "9" * 10_000,
        '{"@type": "NewsArticle", "headline": {}}',
    ],
)
def test_linked_data_that_is_none_says_nothing(script: str) -> None:
    assert linked(script=script or " ") == ArticlePage(address=ADDRESS)


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Ana Ruiz", ("Ana Ruiz",)),
        (["Ana Ruiz", {"name": "Bo Lind"}], ("Ana Ruiz", "Bo Lind")),
        ({"@type": "Person", "name": ["Ana Ruiz"]}, ("Ana Ruiz",)),
        ({"@type": "Organization", "name": "The Docket"}, ()),
        ("https://social.example/ana", ()),
        ("desk@docket.example (Ana Ruiz)", ("Ana Ruiz",)),
        ({"@id": "#nobody"}, ()),
        (None, ()),
    ],
)
def test_authors_are_people(author: Any, names: tuple[str, ...]) -> None:
    assert linked(article(author=author)).authors == names


@pytest.mark.parametrize(
    ("written", "free"),
    [(True, True), ("False", False), ("http://schema.org/True", True), ("0", False), ("perhaps", None), (None, None)],
)
def test_whether_everybody_may_read_it(written: Any, free: bool | None) -> None:
    assert linked(article(isAccessibleForFree=written)).is_free is free


@pytest.mark.parametrize(
    "image",
    [
        "/p.jpg",
        ["/p.jpg", "/p-1x1.jpg"],
        {"@type": "ImageObject", "url": "/p.jpg"},
        [{"contentUrl": "https://docket.example/p.jpg", "width": {"value": 0}}],
        ["/static/docket-logo.png", "/p.jpg"],
        ["data:image/gif;base64,R0lG", "javascript:alert(1)", "/p.jpg"],
    ],
)
def test_pictures_are_written_in_many_ways(image: Any) -> None:
    picture = linked(article(image=image)).picture
    assert picture
    assert picture.address == "https://docket.example/p.jpg"


def test_a_logo_and_a_pixel_are_no_pictures_of_a_story() -> None:
    assert linked(article(image=["/logo.png", {"url": "/p.gif", "width": 1, "height": 1}])).picture is None


def test_a_reference_stands_for_what_it_names() -> None:
    people = [{"@id": "#ana", "@type": "Person", "name": "Ana Ruiz"}]
    story = article(author={"@id": "#ana"}, image={"@id": "#p"})
    page = linked({"@graph": [story, *people, {"@id": "#p", "url": "/p.jpg"}]})
    assert page.authors == ("Ana Ruiz",)
    assert page.picture


@pytest.mark.parametrize(
    ("href", "canonical"),
    [
        ("/2026/a-story/", "https://docket.example/2026/a-story/"),
        ("https://www.docket.example/2026/a-story", "https://www.docket.example/2026/a-story"),
        ("https://elsewhere.example/2026/a-story", ""),
        ("https://docket.example/", ""),
        ("javascript:alert(1)", ""),
        ("http://[", ""),
    ],
)
def test_only_an_address_of_the_same_site_is_its_own(href: str, canonical: str) -> None:
    assert said(f'<link rel="canonical" href="{href}">').canonical == canonical


def test_a_saved_page_says_where_it_is_from() -> None:
    page = said(f'<link rel="canonical" href="{ADDRESS}"><h1>A headline</h1>', "/srv/saved.html")
    assert page.canonical == ADDRESS


@pytest.mark.parametrize("title", ["A headline - The Docket", "A headline | The Docket", "A headline — the docket"])
def test_the_sites_name_is_no_part_of_a_headline(title: str) -> None:
    tags = f'<meta property="og:site_name" content="The Docket"><meta property="og:title" content="{title}">'
    assert said(tags).title == "A headline"


def test_what_the_site_says_of_itself_is_no_description() -> None:
    house = {"@type": "WebSite", "description": "News of the valley"}
    head = f'<script type="application/ld+json">{json.dumps(house)}</script><meta name="description" content='
    assert said(f'{head}"News of the valley">').description == ""
    assert said(f'{head}"A judge ruled.">').description == "A judge ruled."


def test_dates_without_sense_are_none() -> None:
    page = linked(article(datePublished="yesterday", dateModified="2026-11-17T10:00:00+01:00"))
    assert page.published is None
    assert page.modified == datetime(2026, 11, 17, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<meta charset=windows-1251><h1>Суд решил</h1>".encode("windows-1251"), ""),
        ("<h1>Суд решил</h1>".encode("koi8-r"), "text/html; charset=koi8-r"),
        ("<h1>Суд решил</h1>".encode("utf-16"), "text/html"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><h1>Суд решил</h1>'.encode(), ""),
    ],
)
def test_a_page_has_any_encoding(body: bytes, content_type: str) -> None:
    assert article_page(body, ADDRESS, content_type).title == "Суд решил"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0\0\0",
        b"\xff\xfe",
        b"%PDF-1.7 binary \x80\x81",
        b"<" * 100_000,
        b"<html " + b"a" * 1_000_000,
        b"<div>" * 100_000 + b"<p>Deep down.",
        b"<script type='application/ld+json'>" * 1000,
        b"<p>" + b"Some words that are a sentence, for once. " * 60_000,
    ],
)
def test_no_bytes_hurt(body: bytes) -> None:
    page = article_page(body, ADDRESS)
    assert page.address == ADDRESS
    assert len(page.opening) <= 1_000


def test_a_page_with_too_many_parts_has_no_opening() -> None:
    paragraph = "<p>Some words that a reader might like to know about, in one sentence.</p>"
    assert said(f"<article>{paragraph * 20}</article>").opening
    assert not said(f"<article>{paragraph * 20_000}</article>").opening


def test_bylines_and_buttons_are_no_opening() -> None:
    page = said(
        "<article><h1>A headline</h1><p>By Ana Ruiz, staff writer, photographs by Bo Lind of this paper</p>"
        "<p>Share</p><p>The judge ruled on Tuesday that the bridge may open, after four years.</p>"
        "<p>Nobody appealed, and the mayor said that she was pleased with that.</p></article>"
    )
    assert page.opening.startswith("The judge ruled on Tuesday")
