from __future__ import annotations

from pathlib import Path

import pytest

from digest.errors import SourceUnreadable
from digest.settings import Fetching
from digest.sources.site.discover import FoundFeed, feeds_of_page, find_feeds
from tests.unit.sources.scripted_site import Site, page, redirect, status

FEED = "<rss version='2.0'><channel><title>The\n Docket</title><item><title>T</title></item></channel></rss>"
HOME = """<!DOCTYPE html><html><head><title>The Docket</title>
<link rel="alternate" type="application/rss+xml" title="The Docket &raquo; Comments Feed" href="/comments/feed/">
<link rel="alternate" type="application/rss+xml" title="The Docket &raquo; Feed" href="/feed/">
<link rel='ALTERNATE home' type='application/atom+xml; charset=utf-8' href='atom.xml'>
<link rel="alternate" type="application/feed+json" title="JSON" href="https://docket.example/feed.json">
<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">
<link rel="alternate" type="application/json+oembed" href="/oembed">
<link rel="alternate" hreflang="es" href="/es/">
<link rel="stylesheet" type="application/rss+xml" href="/no.css">
<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
<link rel="alternate" type="application/rss+xml" title="Again" href="/feed/#top">
<link rel="alternate" type="application/rss+xml">
</head><body>"""


def test_a_page_names_its_feeds_those_of_comments_last() -> None:
    assert feeds_of_page(HOME.encode(), "https://docket.example/news/") == (
        FoundFeed(title="The Docket » Feed", address="https://docket.example/feed/"),
        FoundFeed(title="", address="https://docket.example/news/atom.xml"),
        FoundFeed(title="JSON", address="https://docket.example/feed.json"),
        FoundFeed(title="Again", address="https://docket.example/feed/#top"),
        FoundFeed(title="The Docket » Comments Feed", address="https://docket.example/comments/feed/"),
    )


def test_a_page_may_say_what_its_links_stand_on() -> None:
    html = b"<base href='//cdn.example/x/'><link rel=alternate type=application/rss+xml href=rss>"
    assert feeds_of_page(html, "https://docket.example/") == (FoundFeed(title="", address="https://cdn.example/x/rss"),)


@pytest.mark.parametrize("html", [b"", b" ", b"\0", b"<", b"{}", b"<html>"])
def test_a_page_may_be_anything(html: bytes) -> None:
    assert feeds_of_page(html, "https://docket.example/") == ()


def test_a_site_s_home_page_leads_to_its_feeds(site: Site, fetching: Fetching) -> None:
    site.acts |= {"/": redirect(301, "/front/"), "/front/": page(HOME, content_type="text/html; charset=utf-8")}
    found = find_feeds(site.at("/"), fetching)
    assert found[0] == FoundFeed(title="The Docket » Feed", address=site.at("/feed/"))
    assert found[1].address == site.at("/front/atom.xml")


def test_a_feed_is_its_own_with_its_title(site: Site, fetching: Fetching, tmp_path: Path) -> None:
    site.acts |= {"/old": redirect(301, "/feed/"), "/feed/": page(FEED)}
    assert find_feeds(site.at("/old"), fetching) == (FoundFeed(title="The Docket", address=site.at("/feed/")),)
    (tmp_path / "main.xml").write_text(FEED)
    (found,) = find_feeds(str(tmp_path / "main.xml"), fetching)
    assert found == FoundFeed(title="The Docket", address=str(tmp_path / "main.xml"))


@pytest.mark.parametrize("at", ["/feed/", "/news/feed/"])
def test_a_page_that_names_none_is_tried_as_wordpress(site: Site, fetching: Fetching, at: str) -> None:
    site.acts |= {"/news/": page("<html>hello</html>"), at: page(FEED)}
    assert find_feeds(site.at("/news/"), fetching) == (FoundFeed(title="The Docket", address=site.at(at)),)


def test_a_site_without_any_says_what_to_do(site: Site, fetching: Fetching) -> None:
    site.acts |= {"/": page("<html>hello</html>"), "/feed/": page("<html>hello again</html>")}
    with pytest.raises(SourceUnreadable) as caught:
        find_feeds(site.at("/"), fetching)
    assert str(caught.value) == f"{site.at('/')} names no feed, and has none at feed/"
    assert "name the address" in caught.value.hint


def test_a_site_that_does_not_answer_says_why(site: Site, fetching: Fetching) -> None:
    site.acts["/"] = status(500)
    with pytest.raises(SourceUnreadable, match="500"):
        find_feeds(site.at("/"), fetching)


def test_an_address_may_lack_its_scheme(fetching: Fetching) -> None:
    with pytest.raises(SourceUnreadable, match=r"docket\.invalid is not known"):
        find_feeds(" docket.invalid ", fetching)
