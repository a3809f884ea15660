from __future__ import annotations

import pytest

from digest.sources.site.discover import FoundFeed, Page, bare_name, guessed_feeds, home_of, read_page

HOME = """<!DOCTYPE html><html><head><title>The
 Docket</title>
<link rel="alternate" type="application/rss+xml" title="The Docket &raquo; Comments Feed" href="/comments/feed/">
<link rel="alternate" type="application/feed+json" title="JSON" href="https://docket.example/feed.json">
<link rel="alternate" type="application/rss+xml" title="The Docket &raquo; Feed" href="/feed/">
<link rel='ALTERNATE home' type='application/atom+xml; charset=utf-8' href='atom.xml'>
<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">
<link rel="alternate" type="application/json+oembed" href="/oembed">
<link rel="alternate" hreflang="es" href="/es/">
<link rel="stylesheet" type="application/rss+xml" href="/no.css">
<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
<link rel="alternate" type="application/rss+xml" title="Again" href="/feed/#top">
<link rel="alternate" type="application/rss+xml">
<link rel="https://api.w.org/" href="/wp-json/">
</head><body>"""


def test_a_page_names_its_feeds_those_of_comments_last_and_its_interface() -> None:
    assert read_page(HOME.encode(), "https://docket.example/news/") == Page(
        title="The Docket",
        feeds=(
            FoundFeed(title="The Docket » Feed", address="https://docket.example/feed/"),
            FoundFeed(title="", address="https://docket.example/news/atom.xml"),
            FoundFeed(title="Again", address="https://docket.example/feed/#top"),
            FoundFeed(title="JSON", address="https://docket.example/feed.json", is_json=True),
            FoundFeed(title="The Docket » Comments Feed", address="https://docket.example/comments/feed/"),
        ),
        api="https://docket.example/wp-json/",
    )


def test_a_page_may_say_what_its_links_stand_on() -> None:
    html = b"<base href='//cdn.example/x/'><link rel=alternate type=application/rss+xml href=rss>"
    assert read_page(html, "https://docket.example/").feeds == (
        FoundFeed(title="", address="https://cdn.example/x/rss"),
    )


@pytest.mark.parametrize("html", [b"", b" ", b"\0", b"<", b"{}", b"<html>"])
def test_a_page_may_be_anything(html: bytes) -> None:
    assert read_page(html, "https://docket.example/") == Page()


def test_feeds_may_be_where_wordpress_has_them() -> None:
    assert guessed_feeds("https://docket.example/") == ("https://docket.example/feed/",)
    assert guessed_feeds("https://docket.example/news/") == (
        "https://docket.example/news/feed/",
        "https://docket.example/feed/",
    )


@pytest.mark.parametrize(
    ("api", "home"),
    [
        ("https://docket.example/wp-json/", "https://docket.example/"),
        ("https://docket.example/news/wp-json/", "https://docket.example/news/"),
        ("https://docket.example/?rest_route=/", "https://docket.example/"),
        ("https://docket.example/index.php?rest_route=/", "https://docket.example/"),
    ],
)
def test_an_interface_tells_its_site(api: str, home: str) -> None:
    assert home_of(api) == home


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("The Docket » Feed", "The Docket"),
        ("The Docket - RSS feed", "The Docket"),
        ("The Docket RSS", "The Docket"),
        ("The Docket", "The Docket"),
        ("Feed", "Feed"),
        ("", ""),
    ],
)
def test_a_feed_is_named_without_the_word(title: str, name: str) -> None:
    assert bare_name(title) == name
