"""Sitemaps as sources, read from a real local site through the seam."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digest.errors import SourceUnreadable
from digest.model import FetchedSource, KnownSource, SourceKind, SourceStatus, Wanted
from digest.settings import Source
from digest.sources.seam import Asking
from digest.sources.site import sitemap
from digest.sources.web.fetch import Fetcher
from tests.unit.sources.scripted_site import Site, page, redirect, unless_known

NOW = datetime(2026, 11, 20, 14, tzinfo=UTC)
WEEK = NOW - timedelta(days=7)
HOST = "https://docket.example"


def url(path: str, *, lastmod: datetime | None = None, title: str = "", published: datetime | None = None) -> str:
    changed = f"<lastmod>{lastmod.isoformat()}</lastmod>" if lastmod else ""
    dated = f"<n:publication_date>{published.isoformat()}</n:publication_date>" if published else ""
    news = f"<n:news>{dated}<n:title>{title}</n:title></n:news>" if title else ""
    return f"<url><loc>{HOST}{path}</loc>{changed}{news}</url>"


def urls(inside: Iterable[str]) -> str:
    return f"<urlset xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>{''.join(inside)}</urlset>"


def news(days: Iterable[float]) -> str:
    return urls(
        url(f"/news/{day}/", title=f"Story of day {day}", published=NOW - timedelta(days=day), lastmod=NOW)
        for day in days
    )


def index(*sitemaps: tuple[str, datetime | None]) -> str:
    changed = ((at, f"<lastmod>{when.isoformat()}</lastmod>" if when else "") for at, when in sitemaps)
    return (
        f"<sitemapindex>{''.join(f'<sitemap><loc>{at}</loc>{when}</sitemap>' for at, when in changed)}</sitemapindex>"
    )


class Reader:
    """Reads one sitemap again and again, and remembers in between what the store would."""

    def __init__(self, fetcher: Fetcher, address: str) -> None:
        self.source = Source(name="The Docket", feed=address, kind=SourceKind.SITEMAP)
        self.fetcher, self.known = fetcher, KnownSource()

    def read(self, *, now: datetime = NOW, most_pages: int = 10, whole: bool = False) -> FetchedSource:
        wanted = Wanted(since=WEEK, now=now, whole=whole)
        asking = Asking(self.fetcher, self.source, self.known)
        found = sitemap.read(self.source, self.known, asking, wanted, most_pages=most_pages)
        dates = [entry.published for entry in found.entries if entry.published]
        pages = {**self.known.pages, **{one.address: one for one in found.pages}}
        self.known = KnownSource(
            pages=pages,
            covered_since=found.covered_since or self.known.covered_since,
            newest=max([*dates, *filter(None, [self.known.newest])], default=None),
            whole_at=now if found.whole else self.known.whole_at,
        )
        return found


def titles(found: FetchedSource) -> list[str]:
    return [entry.title for entry in found.entries]


def paths(found: FetchedSource) -> list[str]:
    return [entry.link.removeprefix(HOST) for entry in found.entries]


def test_a_news_sitemap_gives_entries_with_headlines_and_dates(site: Site, fetcher: Fetcher) -> None:
    site.acts["/news.xml"] = page(news([0.5, 1]))
    found = Reader(fetcher, site.at("/news.xml")).read()
    assert (found.status, found.through, found.items, found.pages_read) == (SourceStatus.OK, "news sitemap", 2, 1)
    first = found.entries[0]
    assert (first.source, first.title, first.identity) == ("The Docket", "Story of day 0.5", f"{HOST}/news/0.5/")
    assert (first.published, first.updated) == (NOW - timedelta(hours=12), NOW)
    assert found.oldest == NOW - timedelta(days=1)


def test_news_of_two_days_are_no_week_until_it_was_gathered_for_a_week(site: Site, fetcher: Fetcher) -> None:
    reader = Reader(fetcher, site.at("/news.xml"))
    site.acts["/news.xml"] = page(news([5, 6.5]))
    early = reader.read(now=NOW - timedelta(days=5))
    assert (early.complete, early.covered_since) == (False, NOW - timedelta(days=6.5))
    assert (
        early.why
        == "it reaches back to 2026-11-14 02:00 UTC, because news sitemaps tell of the last days only; gather every day"
    )
    site.acts["/news.xml"] = page(news([4, 5]))
    assert reader.read(now=NOW - timedelta(days=4)).covered_since == early.covered_since
    site.acts["/news.xml"] = page(news([0.5, 2]))
    assert reader.read().covered_since == NOW - timedelta(days=2)  # what was published in between may be lost


def test_a_news_sitemap_that_reaches_past_the_week_is_complete(site: Site, fetcher: Fetcher) -> None:
    site.acts["/news.xml"] = page(news([0.5, 8]))
    found = Reader(fetcher, site.at("/news.xml")).read()
    assert (found.complete, found.why) == (True, "every story since the week began")


def test_a_plain_sitemap_gives_what_changed_since_the_week_began(site: Site, fetcher: Fetcher) -> None:
    old = (url(f"/old/{number}/", lastmod=NOW - timedelta(days=400)) for number in range(500))
    new = (url(f"/new/{day}/", lastmod=NOW - timedelta(days=day)) for day in range(3))
    site.acts["/sitemap.xml"] = page(urls([url("/", lastmod=NOW), *old, *new, url("/tag/courts/", lastmod=NOW)]))
    found = Reader(fetcher, site.at("/sitemap.xml")).read()
    assert paths(found) == ["/new/0/", "/new/1/", "/new/2/"]
    assert titles(found) == ["", "", ""]
    assert [entry.published for entry in found.entries] == [None, None, None]
    assert found.entries[1].updated == NOW - timedelta(days=1)
    assert (found.through, found.items, found.complete, found.covered_since) == ("sitemap", 505, True, WEEK)


def test_an_index_is_followed_to_what_changed_lately_and_gzip_unpacked(site: Site, fetcher: Fetcher) -> None:
    site.acts |= {
        "/sitemap.xml": redirect(302, "/index.xml"),
        "/index.xml": page(
            index(
                (site.at("/old.xml"), NOW - timedelta(days=30)),
                (site.at("/lately.xml.gz"), NOW - timedelta(days=2)),
                (site.at("/newest.xml"), NOW),
            )
        ),
        "/lately.xml.gz": page(gzip.compress(urls([url("/b/", lastmod=NOW - timedelta(days=2))]).encode())),
        "/newest.xml": page(urls([url("/a/", lastmod=NOW)])),
    }
    found = Reader(fetcher, site.at("/sitemap.xml")).read()
    assert paths(found) == ["/a/", "/b/"]
    assert [path for path, _ in site.asked] == ["/sitemap.xml", "/index.xml", "/newest.xml", "/lately.xml.gz"]
    assert found.complete


def test_robots_txt_leads_to_the_sitemaps_and_an_address_in_two_of_them_is_one_entry(
    site: Site, fetcher: Fetcher
) -> None:
    both = url("/news/1/", lastmod=NOW)
    site.acts |= {
        "/robots.txt": page(f"User-agent: *\nSitemap: {site.at('/all.xml')}\nSitemap: {site.at('/news.xml')}\n"),
        "/news.xml": page(news([1])),
        "/all.xml": page(urls([both, url("/c/", lastmod=NOW - timedelta(days=5))])),
    }
    found = Reader(fetcher, site.at("/robots.txt")).read()
    assert list(zip(paths(found), titles(found), strict=True)) == [("/news/1/", "Story of day 1"), ("/c/", "")]
    assert found.complete


def test_what_has_not_changed_is_asked_conditionally_and_told(site: Site, fetcher: Fetcher) -> None:
    site.acts["/sitemap.xml"] = unless_known(urls([url("/a/", lastmod=NOW)]), '"1"')
    reader = Reader(fetcher, site.at("/sitemap.xml"))
    assert reader.read().complete
    again = reader.read()
    assert (again.status, again.entries, again.complete) == (SourceStatus.UNCHANGED, (), True)
    assert site.asked[-1][1]["if-none-match"] == '"1"'
    assert paths(reader.read(whole=True)) == ["/a/"]


def test_of_an_unchanged_index_the_sitemaps_are_asked_all_the_same(site: Site, fetcher: Fetcher) -> None:
    site.acts |= {
        "/index.xml": unless_known(index((site.at("/posts-1.xml"), None)), '"i"'),
        "/posts-1.xml": unless_known(urls([url("/a/")]), '"1"'),
    }
    reader = Reader(fetcher, site.at("/index.xml"))
    reader.read(now=WEEK)
    assert reader.read().status is SourceStatus.UNCHANGED
    site.acts["/posts-1.xml"] = unless_known(urls([url("/a/"), url("/b/")]), '"2"')
    assert paths(reader.read()) == ["/a/", "/b/"]


def test_without_dates_the_week_is_complete_a_week_after_the_first_reading(site: Site, fetcher: Fetcher) -> None:
    site.acts["/sitemap.xml"] = page(urls([url("/a/"), url("/b/")]))
    reader = Reader(fetcher, site.at("/sitemap.xml"))
    first = reader.read(now=NOW - timedelta(days=3))
    assert (first.through, first.complete) == ("sitemap without dates", False)
    assert (
        first.why == "its sitemap has no dates, so a story counts from when it was first seen: complete a week from now"
    )
    reader.known = KnownSource(pages=reader.known.pages, covered_since=WEEK, whole_at=NOW)
    site.acts["/sitemap.xml"] = page(urls([url("/a/"), url("/b/"), url("/c/")]))
    later = reader.read()
    assert (later.complete, later.covered_since, paths(later)) == (True, WEEK, ["/a/", "/b/", "/c/"])


def test_a_sitemap_of_the_index_that_fails_is_said_and_read_next_time(site: Site, fetcher: Fetcher) -> None:
    site.acts |= {
        "/index.xml": page(index((site.at("/a.xml"), NOW), (site.at("/gone.xml"), NOW - timedelta(days=1)))),
        "/a.xml": page(urls([url("/a/", lastmod=NOW)])),
    }
    reader = Reader(fetcher, site.at("/index.xml"))
    found = reader.read()
    assert (paths(found), found.complete) == (["/a/"], False)
    assert found.why == f"{site.at('/gone.xml')} could not be read: the server answered 404 Not Found"
    site.acts["/gone.xml"] = page(urls([url("/b/", lastmod=NOW)]))
    again = reader.read()
    assert ("/b/" in paths(again), again.complete) == (True, True)


def test_no_more_sitemaps_are_read_than_allowed_and_none_twice(site: Site, fetcher: Fetcher) -> None:
    at = [site.at(f"/{letter}.xml") for letter in "abc"]
    site.acts |= {f"/{letter}.xml": page(urls([url(f"/{letter}/", lastmod=NOW)])) for letter in "abc"}
    site.acts["/index.xml"] = page(index(*((address, NOW) for address in [at[0], *at])))
    found = Reader(fetcher, site.at("/index.xml")).read(most_pages=3)
    assert (found.pages_read, found.complete, found.why) == (3, False, "the limit of 3 pages was reached")
    site.acts["/index.xml"] = page(index((site.at("/index.xml"), NOW), *((address, NOW) for address in at)))
    assert Reader(fetcher, site.at("/index.xml")).read().pages_read == 4


def test_indexes_without_end_are_left(site: Site, fetcher: Fetcher) -> None:
    for depth in range(10):
        site.acts[f"/{depth}.xml"] = page(index((site.at(f"/{depth + 1}.xml"), NOW)))
    found = Reader(fetcher, site.at("/0.xml")).read()
    assert found.pages_read == 3
    assert found.why == "it lists no pages; is its address right?"


def test_what_is_no_sitemap_is_refused(site: Site, fetcher: Fetcher) -> None:
    site.acts["/sitemap.xml"] = page("<!DOCTYPE html><html><title>Sorry</title></html>")
    with pytest.raises(SourceUnreadable, match="an HTML page, not a sitemap"):
        Reader(fetcher, site.at("/sitemap.xml")).read()


def test_a_file_will_do(fetcher: Fetcher, tmp_path: Path) -> None:
    path = tmp_path / "sitemap.xml"
    path.write_text(news([1]))
    assert titles(Reader(fetcher, str(path)).read()) == ["Story of day 1"]
