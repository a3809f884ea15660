"""What a WordPress really answered, answered again: feeds of every kind, 304, the page past the last."""

from __future__ import annotations

import html
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.model import FetchedSource, KnownSource, SourceStatus
from digest.settings import Source
from tests.unit.sources.gathered import NOTHING, NOW, WANTED, known_after, read_sources
from tests.unit.sources.scripted_site import Act, Site, cut_after, page

FEED = "<rss version='2.0'><channel><title>The Ledger</title><item><guid>1</guid></item></channel></rss>"
ETAG, DATE = '"1ed2f48d8fda5217c2ad14ef6d5598e9"', "Mon, 23 Nov 2026 16:15:31 GMT"


@pytest.fixture
def examples(shared: Path) -> Path:
    return shared / "wordpress" / "examples"


def answer(path: Path) -> Act:
    """The recorded answer as PHP's server sends it: no length, the connection ends."""
    _, said, body = path.read_bytes().split(b"\n\n", 2)
    status, _, headers = said.partition(b"\n")
    return cut_after(b"HTTP/1.1 " + status + b" \r\n" + headers.replace(b"\n", b"\r\n") + b"\r\n\r\n" + body)


def read(site: Site, path: str, known: KnownSource = NOTHING) -> FetchedSource:
    (found,) = read_sources(Source(name="The Docket", feed=site.at(path), rest=False), known=known)
    return found


def test_rss_and_atom_tell_the_same_stories(site: Site, examples: Path) -> None:
    site.acts |= {"/feed/": answer(examples / "feed.xml.txt"), "/feed/atom/": answer(examples / "feed-atom.xml.txt")}
    rss, atom = read(site, "/feed/"), read(site, "/feed/atom/")
    assert len(rss.entries) == len(atom.entries) == 10
    assert rss.warnings == atom.warnings == ()
    for of_rss, of_atom in zip(rss.entries, atom.entries, strict=True):
        assert html.unescape(of_rss.title) == html.unescape(of_atom.title)
        for field in ("identity", "link", "author", "categories", "published", "summary", "content"):
            assert getattr(of_rss, field) == getattr(of_atom, field), field
        assert of_rss.identity.rpartition("=")[0].endswith("/?p")
        assert of_atom.updated is not None


def test_validators_are_kept_and_a_304_is_unchanged(site: Site, examples: Path) -> None:
    site.acts["/feed/"] = answer(examples / "feed.xml.txt")
    first = read(site, "/feed/")
    assert {(page.etag, page.last_modified) for page in first.pages} == {(ETAG, DATE)}
    site.acts["/feed/"] = answer(examples / "feed-not-modified.txt")
    covered = replace(known_after(first), covered_since=WANTED.since, whole_at=NOW)
    again = read(site, "/feed/", covered)
    assert (again.status, again.pages) == (SourceStatus.UNCHANGED, first.pages[:1])
    assert (site.asked[-1][1]["if-none-match"], site.asked[-1][1]["if-modified-since"]) == (ETAG, DATE)


def test_a_category_s_feed_is_a_feed(site: Site, examples: Path) -> None:
    site.acts["/category/courts/feed/"] = answer(examples / "category-feed.xml.txt")
    found = read(site, "/category/courts/feed/")
    assert (found.status, len(found.entries)) == (SourceStatus.OK, 10)


def test_the_page_past_the_last_is_a_failure(site: Site, examples: Path) -> None:
    site.acts["/feed/"] = answer(examples / "feed-past-the-end.xml.txt")
    assert read(site, "/feed/?paged=999").error.startswith("the server answered 404 Not Found")


@pytest.mark.parametrize(
    ("example", "said"),
    [
        ("categories.json.txt", "JSON, but not a JSON Feed"),
        ("posts-of-a-week.json.txt", "JSON, but not a JSON Feed"),
        ("post-with-embed.json.txt", "JSON, but not a JSON Feed"),
        ("sitemap.xml.txt", "XML, but not a feed: its root is <sitemapindex>"),
        ("posts-past-the-end.json.txt", "the server answered 400 Bad Request"),
    ],
)
def test_its_other_documents_are_no_feeds(site: Site, examples: Path, example: str, said: str) -> None:
    site.acts["/other"] = answer(examples / example)
    found = read(site, "/other")
    assert found.status == SourceStatus.FAILED
    assert found.error.startswith(said)


def test_rest_s_own_answers_are_read(site: Site, examples: Path) -> None:
    """A week of posts without what they embed sends us to the feed; a post with it is a whole entry."""
    rest = "/wp-json/wp/v2/posts"
    link = f'<{site.at("/wp-json/")}>; rel="https://api.w.org/"'
    site.acts |= {"/feed/": page(FEED, link=link), rest: answer(examples / "posts-of-a-week.json.txt")}
    source = Source(name="The Docket", feed=site.at("/feed/"))
    (bare,) = read_sources(source)
    assert bare.through == "feed"
    assert "neither authors nor categories" in bare.warnings[-1]
    site.acts[rest] = answer(examples / "post-with-embed.json.txt")
    (found,) = read_sources(source)
    (entry,) = found.entries
    assert (found.complete, found.why) == (True, "the only post since the week began, as the site counts them")
    assert entry.identity.endswith("/?p=4")
    assert (entry.author != "", len(entry.categories), entry.title.startswith("The ")) == (True, 3, True)
    assert [(picture.width, picture.height) for picture in entry.pictures] == [(1200, 800)]
    assert entry.published == entry.updated == datetime(2026, 11, 23, 16, 15, 31, tzinfo=UTC)


def test_rest_s_end_of_a_list_is_told_where_a_site_gives_it_at_once(site: Site, examples: Path) -> None:
    link = f'<{site.at("/wp-json/")}>; rel="https://api.w.org/"'
    past_the_end = answer(examples / "posts-past-the-end.json.txt")
    site.acts |= {"/feed/": page(FEED, link=link), "/wp-json/wp/v2/posts": past_the_end}
    (found,) = read_sources(Source(name="The Docket", feed=site.at("/feed/")))
    assert found.through == "feed"
    assert "The page number requested is larger than the number of pages available" in found.warnings[-1]
