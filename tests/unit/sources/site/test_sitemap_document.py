from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import SourceUnreadable
from digest.model import Picture
from digest.sources.site.sitemap_document import MAX_LISTED, Listed, read_sitemap, sitemaps_of_robots

NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
  xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
 <url>
  <loc>https://docket.example/2026/11/20/toll-bridge/</loc>
  <lastmod>2026-11-20T18:00:00Z</lastmod>
  <news:news>
   <news:publication><news:name>The Docket</news:name><news:language>en</news:language></news:publication>
   <news:publication_date>2026-11-20T09:30:00-05:00</news:publication_date>
   <news:title>Toll bridge &amp; ferry:
    contract upheld</news:title>
   <news:keywords>Courts, Bridges,, Ferries</news:keywords>
  </news:news>
  <image:image><image:loc>https://docket.example/bridge.jpg</image:loc>
   <image:title>The bridge at dusk</image:title><image:caption>The toll bridge.</image:caption></image:image>
  <image:image/>
 </url>
</urlset>"""


def plain(*urls: str) -> bytes:
    inside = "".join(f"<url>{url}</url>" for url in urls)
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{inside}</urlset>".encode()


def test_a_news_sitemap_tells_headline_date_keywords_and_pictures() -> None:
    found = read_sitemap(NEWS.encode())
    assert found.pages == (
        Listed(
            address="https://docket.example/2026/11/20/toll-bridge/",
            title="Toll bridge & ferry: contract upheld",
            published=datetime(2026, 11, 20, 14, 30, tzinfo=UTC),
            updated=datetime(2026, 11, 20, 18, tzinfo=UTC),
            keywords=("Courts", "Bridges", "Ferries"),
            pictures=(
                Picture(
                    address="https://docket.example/bridge.jpg", alt="The bridge at dusk", caption="The toll bridge."
                ),
            ),
        ),
    )
    assert (found.news, found.publication, found.warnings) == (True, "The Docket", ())


@pytest.mark.parametrize(
    "spelling",
    [
        NEWS.replace("sitemap-news/0.9", "sitemap-news/0.9/").replace(
            "http://www.sitemaps.org", "https://sitemaps.org"
        ),
        NEWS.replace('xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"', ""),
        NEWS.replace('xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"', ""),
        NEWS.replace("news:", "n:"),
        "\n \n" + NEWS,
    ],
)
def test_namespaces_are_taken_loosely(spelling: str) -> None:
    assert read_sitemap(spelling.encode()).pages == read_sitemap(NEWS.encode()).pages


def test_a_plain_sitemap_tells_addresses_and_last_changes() -> None:
    found = read_sitemap(
        plain(
            "<loc>https://docket.example/a</loc><lastmod>2026-11-20</lastmod>", "<loc> https://docket.example/b </loc>"
        )
    )
    assert [page.address for page in found.pages] == ["https://docket.example/a", "https://docket.example/b"]
    assert [page.updated for page in found.pages] == [datetime(2026, 11, 20, 12, tzinfo=UTC), None]
    assert not found.news


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-11-20T09:30+00:00", datetime(2026, 11, 20, 9, 30, tzinfo=UTC)),
        ("2026-11-20T09:30:15.25Z", datetime(2026, 11, 20, 9, 30, 15, 250_000, tzinfo=UTC)),
        ("2026-13-45", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_are_w3c_s_or_nothing(written: str, instant: datetime | None) -> None:
    (page,) = read_sitemap(plain(f"<loc>https://docket.example/a</loc><lastmod>{written}</lastmod>")).pages
    assert page.updated == instant


def test_an_index_tells_its_sitemaps() -> None:
    found = read_sitemap(
        b"<sitemapindex><sitemap><loc>https://docket.example/1.xml.gz</loc><lastmod>2026-11-20</lastmod></sitemap>"
        b"<sitemap><loc>/2.xml</loc></sitemap></sitemapindex>"
    )
    assert [each.address for each in found.sitemaps] == ["https://docket.example/1.xml.gz"]
    assert found.warnings == ("1 address left out: no whole address of the web",)


def test_what_is_no_address_is_left_out_with_a_warning() -> None:
    found = read_sitemap(
        plain(
            "<loc>/relative</loc>",
            "<loc>javascript:alert(1)</loc>",
            "<lastmod>2026-11-20</lastmod>",
            f"<loc>https://docket.example/{'a' * 5_000}</loc>",
            "<loc>https://docket.example/a</loc>",
        )
    )
    assert [page.address for page in found.pages] == ["https://docket.example/a"]
    assert found.warnings == (
        "2 addresses left out: no whole address of the web",
        "1 address left out: it is empty",
        "1 address left out: longer than 4,000 characters",
    )


def test_robots_txt_names_sitemaps() -> None:
    robots = (
        "User-agent: *\r\nDisallow: /x\r\nSitemap: https://docket.example/s.xml\r\nsitemap:https://docket.example/n\r\n"
    )
    assert sitemaps_of_robots(robots + "Sitemap: /relative\n# Sitemap: https://docket.example/off") == (
        "https://docket.example/s.xml",
        "https://docket.example/n",
    )
    assert [each.address for each in read_sitemap(robots.encode()).sitemaps] == [
        "https://docket.example/s.xml",
        "https://docket.example/n",
    ]


def test_a_list_of_addresses_is_a_sitemap_too() -> None:
    found = read_sitemap(b"https://docket.example/a\nhttps://docket.example/b\nftp://docket.example/c\n")
    assert [page.address for page in found.pages] == ["https://docket.example/a", "https://docket.example/b"]
    assert len(found.warnings) == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "the answer was empty"),
        (b"<!DOCTYPE html><html><title>Sorry</title></html>", "an HTML page, not a sitemap"),
        (b"<rss version='2.0'/>", "XML, but not a sitemap: its root is <rss>"),
        (b"{}", "not a sitemap: it starts with '{}'"),
    ],
)
def test_what_is_no_sitemap_is_refused_in_words(body: bytes, words: str) -> None:
    with pytest.raises(SourceUnreadable) as caught:
        read_sitemap(body)
    assert str(caught.value) == words
    assert "robots.txt" in caught.value.hint


def test_a_sitemap_cut_short_keeps_its_whole_addresses() -> None:
    whole = plain("<loc>https://docket.example/a</loc>", "<loc>https://docket.example/long/b</loc>")
    assert [page.address for page in read_sitemap(whole[:-40]).pages] == ["https://docket.example/a"]


def test_of_more_addresses_than_allowed_the_first_are_read() -> None:
    found = read_sitemap(plain(*(f"<loc>https://docket.example/{at}</loc>" for at in range(MAX_LISTED + 5))))
    assert len(found.pages) == MAX_LISTED
    assert found.warnings == ("lists 50,005 addresses; the first 50,000 were read",)


def test_the_index_that_a_wordpress_gave(shared: Path) -> None:
    body = (shared / "wordpress" / "examples" / "sitemap.xml.txt").read_bytes().split(b"\n\n", 2)[2]
    found = read_sitemap(body)
    assert len(found.sitemaps) == 5
    assert found.sitemaps[0].address.endswith("/wp-sitemap-posts-post-1.xml")
    assert found.warnings == ()


@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda body: b"<urlset><url><loc>" + body))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        found = read_sitemap(body)
    except SourceUnreadable as refusal:
        assert str(refusal)
    else:
        assert all(page.address.startswith("http") for page in found.pages)


def test_gzip_is_unpacked_before(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable):
        read_sitemap(gzip.compress(NEWS.encode()))
