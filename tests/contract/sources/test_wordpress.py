"""What a WordPress really answered, answered again: feeds of every kind, 304, the page past the last."""

from __future__ import annotations

import html
from dataclasses import replace
from pathlib import Path

import pytest

from digest.model import FetchedSource, KnownSource, SourceStatus
from digest.settings import Source
from tests.unit.sources.gathered import NOTHING, NOW, WANTED, known_after, read_sources
from tests.unit.sources.scripted_site import Act, Site, cut_after

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
