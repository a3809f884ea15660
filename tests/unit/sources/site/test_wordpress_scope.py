"""Which of a site's posts an address stands for, and where its interface is."""

from __future__ import annotations

import pytest

from digest.model import FetchedSource, SourceKind
from digest.settings import Source
from tests.unit.sources.gathered import read_sources
from tests.unit.sources.scripted_site import Site, page, status
from tests.unit.sources.site.rest import Rest, post

POSTS = "/wp-json/wp/v2/posts"
CATEGORIES = "/wp-json/wp/v2/categories"
FEED = "<rss version='2.0'><channel><title>The Ledger</title><item><guid>1</guid></item></channel></rss>"


@pytest.fixture
def rest(site: Site) -> Rest:
    site.acts[POSTS] = made = Rest(post(5))
    site.acts[CATEGORIES] = page("[]")
    return made


def read(site: Site, path: str, *links: str) -> FetchedSource:
    named = (f'<{site.at("/wp-json/")}>; rel="https://api.w.org/"', *links)
    site.acts[path.partition("?")[0]] = page(FEED, link=", ".join(named))
    (found,) = read_sources(Source(name="s", feed=site.at(path)))
    return found


def alternate(site: Site, route: str) -> str:
    return f'<{site.at(f"/wp-json/wp/v2/{route}")}>; rel="alternate"; type="application/json"'


@pytest.mark.parametrize("path", ["/feed/", "/feed", "/feed/atom/", "/feed/rss2", "/?feed=rss2", "/feed/?feed=atom"])
def test_the_main_feed_stands_for_all_posts(site: Site, rest: Rest, path: str) -> None:
    assert read(site, path).through == "REST"
    assert rest.asked[0].keys().isdisjoint({"categories[terms]", "tags", "author"})


@pytest.mark.parametrize(
    ("route", "asked"),
    [
        ("categories/5", {"categories[terms]": "5", "categories[include_children]": "true"}),
        ("tags/8", {"tags": "8"}),
        ("users/3", {"author": "3"}),
    ],
)
def test_a_feed_that_names_its_list_stands_for_that(site: Site, rest: Rest, route: str, asked: dict[str, str]) -> None:
    assert read(site, "/some/feed/", alternate(site, route)).through == "REST"
    assert asked.items() <= rest.asked[0].items()
    assert len(site.asked) == 2


def test_a_category_of_an_older_wordpress_is_found_by_its_page(site: Site, rest: Rest) -> None:
    other, own = site.at("/kommentar/trials/"), site.at("/topics/Trials/")
    site.acts[CATEGORIES] = page(f'[{{"id": 4, "link": "{other}"}}, {{"id": 6, "link": "{own}"}}]')
    assert read(site, "/topics/trials/feed/").through == "REST"
    assert rest.asked[0]["categories[terms]"] == "6"
    assert site.asked[1][0] == f"{CATEGORIES}?slug=trials&_fields=id,link"


@pytest.mark.parametrize("path", ["/podcast/feed/", "/feed/?s=ferry", "/topics/misspelt/feed/"])
def test_any_other_feed_stays_a_feed_without_a_word(site: Site, rest: Rest, path: str) -> None:
    found = read(site, path)
    assert (found.through, found.warnings, rest.asked) == ("feed", (), [])


def test_the_interface_may_lie_in_a_query(site: Site) -> None:
    """A site whose addresses are not rewritten."""
    front = Rest(post(5))
    link = f'<{site.at("/index.php?rest_route=/")}>; rel="https://api.w.org/"'
    site.acts |= {"/feed/": page(FEED, link=link), "/index.php": front}
    (found,) = read_sources(Source(name="s", feed=site.at("/feed/")))
    assert (found.through, len(found.entries)) == ("REST", 1)
    assert site.asked[1][0].startswith("/index.php?rest_route=/wp/v2/posts&after=")


def test_the_interface_may_have_a_name_of_its_own(site: Site) -> None:
    site.acts |= {
        "/feed/": page(FEED, link=f'<{site.at("/api/")}>; rel="https://api.w.org/"'),
        "/api/": page(f'{{"home": "{site.at("")}"}}'),
        "/api/wp/v2/posts": Rest(post(5)),
    }
    (found,) = read_sources(Source(name="s", feed=site.at("/feed/")))
    assert (found.through, len(found.entries)) == ("REST", 1)


@pytest.mark.parametrize(
    "body",
    [
        "<html><head><link rel='https://api.w.org/' href='/wp-json/'></head></html>",
        "<html><head></head></html>",
        "",
    ],
    ids=["named in the page", "where it is by default", "behind an empty page"],
)
def test_a_page_without_the_header_leads_there_too(site: Site, rest: Rest, body: str) -> None:
    site.acts["/"] = page(body, content_type="text/html")
    (found,) = read_sources(Source(name="s", feed=site.at("/"), kind=SourceKind.WORDPRESS))
    assert (found.through, found.api) == ("REST", site.at("/wp-json/"))


def test_an_interface_that_is_gone_leaves_the_feed(site: Site) -> None:
    site.acts[POSTS] = status(404)
    found = read(site, "/feed/")
    assert found.through == "feed"
    (told,) = found.warnings
    assert told.startswith("read as a feed, because REST did not serve: it has no REST interface at http://127.0.0.1")
