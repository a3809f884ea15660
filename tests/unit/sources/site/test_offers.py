"""What a site offers, looked at on a real local one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from digest.errors import SourceUnreadable
from digest.model import Entry, SourceKind
from digest.settings import Fetching
from digest.sources.site.looking import look_at, look_at_feeds
from digest.sources.site.offers import Route, warnings_of
from tests.unit.sources.scripted_site import Act, Site, dripping, page, redirect, status

NOW = datetime(2026, 11, 20, 14, tzinfo=UTC)
LONG = "<p>" + "The court upheld it. " * 60 + "</p>"


def feed(days: list[float], *, title: str = "The Docket", text: str = LONG) -> Act:
    """A feed of stories that were published so many days ago."""
    items = "".join(
        f"<item><guid>{day}</guid><title>Story of day {day}</title><link>https://docket.example/{day}/</link>"
        f"<pubDate>{format_datetime(NOW - timedelta(days=day))}</pubDate>"
        f"<description><![CDATA[{text}]]></description></item>"
        for day in days
    )
    return page(f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>")


def html(*links: str) -> Act:
    head = "".join(links)
    return page(f"<!DOCTYPE html><html><head><title>The Docket</title>{head}</head></html>", content_type="text/html")


def alternate(href: str, title: str = "The Docket » Feed", kind: str = "application/rss+xml") -> str:
    return f'<link rel="alternate" type="{kind}" title="{title}" href="{href}">'


def paths(site: Site) -> list[str]:
    return [path for path, _ in site.asked]


def test_a_feed_is_chosen_as_it_is_and_asked_once(site: Site, fetching: Fetching) -> None:
    site.acts |= {"/old": redirect(301, "/feed/"), "/feed/": feed([0.5, 2, 1, 3, 4, 5, 8])}
    found = look_at(site.at("/old"), fetching, now=NOW)
    assert found.chosen.route == Route(kind=SourceKind.FEED, address=site.at("/feed/"), name="The Docket")
    assert [entry.title.removeprefix("Story of day ") for entry in found.chosen.newest] == ["0.5", "1", "2", "3", "4"]
    assert (found.chosen.warnings, found.chosen.found.complete) == ((), True)
    assert len(paths(site)) <= 3


def test_an_address_that_moved_for_a_while_stays_as_it_was_given(site: Site, fetching: Fetching) -> None:
    site.acts |= {"/feed/": redirect(302, "/cache/7.xml"), "/cache/7.xml": feed([1])}
    assert look_at(site.at("/feed/"), fetching, now=NOW).chosen.route.address == site.at("/feed/")


def test_a_page_leads_to_its_feed_and_names_the_others(site: Site, fetching: Fetching) -> None:
    comments = alternate("/comments/feed/", "The Docket » Comments Feed")
    json = alternate("/feed.json", "The Docket", "application/feed+json")
    site.acts |= {"/": html(comments, json, alternate("/feed/")), "/feed/": feed([1])}
    found = look_at(site.at("/"), fetching, now=NOW)
    assert (found.chosen.route.address, found.chosen.route.name) == (site.at("/feed/"), "The Docket")
    assert [route.address for route in found.untried] == [site.at("/feed.json")]
    assert paths(site).count("/feed/") == 1


def test_a_feed_that_does_not_serve_is_followed_by_the_next(site: Site, fetching: Fetching) -> None:
    json = '{"version": "https://jsonfeed.org/version/1.1", "title": "D", "items": [{"id": "1", "title": "One"}]}'
    site.acts |= {
        "/": html(alternate("/feed/"), alternate("/feed.json", kind="application/feed+json")),
        "/feed/": status(500),
        "/feed.json": page(json),
    }
    found = look_at(site.at("/"), fetching, now=NOW)
    assert [(offer.route.address, offer.is_good) for offer in found.tried] == [
        (site.at("/feed/"), False),
        (site.at("/feed.json"), True),
    ]
    assert found.chosen.warnings[0] == "its stories have no dates: what has none counts from when it is first seen"


@pytest.mark.parametrize("at", ["/feed/", "/news/feed/"])
def test_a_page_that_names_none_is_tried_as_wordpress(site: Site, fetching: Fetching, at: str) -> None:
    site.acts |= {"/news/": html(), at: feed([1])}
    assert look_at(site.at("/news/"), fetching, now=NOW).chosen.route.address == site.at(at)


def news(days: list[float]) -> Act:
    urls = "".join(
        f"<url><loc>https://docket.example/{day}/</loc><n:news><n:title>Story {day}</n:title>"
        f"<n:publication_date>{(NOW - timedelta(days=day)).isoformat()}</n:publication_date></n:news></url>"
        for day in days
    )
    return page(f"<urlset xmlns:n='urn:n'>{urls}</urlset>")


def test_without_a_feed_the_news_sitemap_is_found_through_robots_txt(site: Site, fetching: Fetching) -> None:
    site.acts |= {
        "/": html(),
        "/robots.txt": page(f"Sitemap: {site.at('/all.xml')}\nSitemap: {site.at('/latest-news.xml')}\n"),
        "/latest-news.xml": news([1, 2]),
    }
    found = look_at(site.at("/"), fetching, now=NOW)
    assert found.chosen.route == Route(kind=SourceKind.SITEMAP, address=site.at("/latest-news.xml"), name="The Docket")
    assert [entry.title for entry in found.chosen.newest] == ["Story 1", "Story 2"]
    assert not found.chosen.found.complete
    assert "/all.xml" not in paths(site)


def test_sitemaps_that_nobody_names_are_looked_for_where_they_usually_are(site: Site, fetching: Fetching) -> None:
    site.acts |= {"/": html(), "/sitemap.xml": redirect(302, "/s.xml"), "/s.xml": news([1])}
    assert look_at(site.at("/"), fetching, now=NOW).chosen.route.address == site.at("/sitemap.xml")


def test_a_sitemap_is_chosen_as_it_is(site: Site, fetching: Fetching) -> None:
    site.acts["/news.xml"] = news([1])
    assert look_at(site.at("/news.xml"), fetching, now=NOW).chosen.route.kind is SourceKind.SITEMAP


def test_a_feed_of_comments_is_the_last_that_is_tried(site: Site, fetching: Fetching) -> None:
    site.acts |= {
        "/": html(alternate("/comments/feed/", "The Docket » Comments Feed")),
        "/comments/feed/": feed([1]),
    }
    found = look_at(site.at("/"), fetching, now=NOW)
    assert found.chosen.warnings[0] == "it is a feed of readers' comments, not of stories"
    assert [offer.route.kind for offer in found.tried][-1] is SourceKind.FEED
    assert len(found.tried) > 2


def test_an_empty_feed_is_chosen_where_nothing_else_is_there(site: Site, fetching: Fetching) -> None:
    site.acts |= {"/": html(alternate("/feed/")), "/feed/": feed([])}
    found = look_at(site.at("/"), fetching, now=NOW)
    assert found.chosen.route.address == site.at("/feed/")
    assert found.chosen.warnings[0] == "it holds no stories at the moment"


def test_a_site_without_any_says_what_was_tried(site: Site, fetching: Fetching) -> None:
    site.acts |= {"/": html(), "/feed/": html()}
    with pytest.raises(SourceUnreadable) as caught:
        look_at(site.at("/"), fetching, now=NOW)
    assert str(caught.value).startswith(f"{site.at('/')} offers neither a feed nor a sitemap that can be read")
    assert "name the address" in caught.value.hint


def test_a_site_that_does_not_answer_says_why(site: Site, fetching: Fetching) -> None:
    site.acts["/"] = status(500)
    with pytest.raises(SourceUnreadable, match="500"):
        look_at(site.at("/"), fetching, now=NOW)


def test_an_address_may_lack_its_scheme(fetching: Fetching) -> None:
    with pytest.raises(SourceUnreadable, match=r"docket\.invalid is not known"):
        look_at(" docket.invalid ", fetching, now=NOW)


def test_a_file_is_a_feed_too(fetching: Fetching, tmp_path: Path) -> None:
    path = tmp_path / "main.xml"
    path.write_text("<rss version='2.0'><channel><title>Saved</title><item><title>T</title></item></channel></rss>")
    found = look_at(str(path), fetching, now=NOW)
    assert found.chosen.route == Route(kind=SourceKind.FEED, address=str(path), name="Saved")


def entry(day: float | None, text: str = LONG) -> Entry:
    return Entry(
        source="s", identity=str(day), published=None if day is None else NOW - timedelta(days=day), content=text
    )


@pytest.mark.parametrize(
    ("entries", "kind", "words"),
    [
        ([], SourceKind.FEED, "no stories at the moment"),
        ([entry(1)], SourceKind.FEED, ""),
        ([entry(1), entry(None)], SourceKind.FEED, "1 of its stories has no date"),
        ([entry(1), entry(-400)], SourceKind.FEED, "one of its stories is dated into the future"),
        ([entry(-1), entry(40)], SourceKind.FEED, "no story for 40 days"),
        ([entry(31), entry(400)], SourceKind.FEED, "no story for 31 days; the last one is of 2026-10-20"),
        ([entry(1, "<p>The beginning …</p>")], SourceKind.FEED, "only the beginnings"),
        ([entry(1, "")], SourceKind.SITEMAP, ""),
    ],
)
def test_an_editor_is_told_what_is_odd(entries: list[Entry], kind: SourceKind, words: str) -> None:
    told = "; ".join(warnings_of(entries, kind, now=NOW))
    assert words in told
    assert bool(told) is bool(words)


def test_feeds_of_a_list_are_tried_in_their_order_and_one_that_drips_holds_up_nobody(
    site: Site, fetching: Fetching
) -> None:
    site.acts |= {"/a": feed([1]), "/b": dripping(b"HTTP/1.1 200 OK\r\n\r\n<rss>", b" "), "/c": feed([2])}
    routes = [Route(kind=SourceKind.FEED, address=site.at(f"/{name}"), name=name) for name in "abcd"]
    found = list(look_at_feeds(routes, replace(fetching, private=("127.0.0.1",)), now=NOW))
    assert [offer.route.name for offer in found] == ["a", "b", "c", "d"]
    assert [offer.is_good for offer in found] == [True, False, True, False]
    assert found[3].found.error.startswith("the server answered 404")


def test_a_list_leads_into_no_private_network(site: Site, fetching: Fetching) -> None:
    site.acts["/a"] = feed([1])
    (found,) = look_at_feeds([Route(kind=SourceKind.FEED, address=site.at("/a"), name="a")], fetching, now=NOW)
    assert "private" in found.found.error
    assert site.asked == []


def test_a_page_leads_to_no_other_private_address(site: Site, fetching: Fetching) -> None:
    other = Site()
    other.acts["/feed/"] = feed([1])
    site.acts |= {"/": html(alternate(other.at("/feed/")))}
    with pytest.raises(SourceUnreadable, match="private"):
        look_at(site.at("/"), fetching, now=NOW)
    assert other.asked == []
    other.close()


def test_what_has_not_answered_at_the_deadline_is_said(site: Site, fetching: Fetching) -> None:
    site.acts |= {"/a": feed([1]), "/b": dripping(b"HTTP/1.1 200 OK\r\n\r\n<rss>", b" ")}
    patient = replace(fetching, timeout=60, deadline=1.0, private=("127.0.0.1",))
    routes = [Route(kind=SourceKind.FEED, address=site.at(f"/{name}"), name=name) for name in "ab"]
    first, second = look_at_feeds(routes, patient, now=NOW)
    assert (first.is_good, second.is_good) == (True, False)
    assert second.found.error
