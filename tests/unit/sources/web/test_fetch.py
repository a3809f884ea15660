"""What is fetched: an answer, whether it has changed, and files beside the web."""

from __future__ import annotations

import gzip
from pathlib import Path

from digest import __version__
from digest.model import Validators
from digest.settings import Fetching
from digest.sources.web.fetch import Fetcher
from tests.unit.sources.fetched import FEED, words
from tests.unit.sources.scripted_site import (
    Site,
    cut_after,
    packed,
    page,
    unless_known,
)


class TestAnAnswer:
    def test_is_bytes_with_type_and_validators(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/feed/"] = page(FEED, content_type="application/rss+xml", etag='W/"1"', last_modified="yesterday")
        fetched = fetcher.fetch(site.at("/feed/"))
        assert (fetched.body, fetched.content_type) == (FEED.encode(), "application/rss+xml")
        assert fetched.validators == Validators(etag='W/"1"', last_modified="yesterday")
        assert fetched.address == site.at("/feed/")

    def test_is_asked_for_under_our_name(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/feed/"] = page(FEED)
        fetcher.fetch(site.at("/feed/"))
        assert site.asked[0][1]["user-agent"] == f"closing-arguments/{__version__} (+letters@docket.example)"
        assert "gzip" in site.asked[0][1]["accept-encoding"]

    def test_names_no_contact_where_there_is_none(self, site: Site) -> None:
        site.acts["/feed/"] = page(FEED)
        Fetcher(Fetching()).fetch(site.at("/feed/"))
        assert site.asked[0][1]["user-agent"] == f"closing-arguments/{__version__}"

    def test_is_unpacked(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/feed/"] = packed(FEED.encode())
        assert fetcher.fetch(site.at("/feed/")).body == FEED.encode()

    def test_that_is_a_gzip_file_is_unpacked(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/feed.xml.gz"] = page(gzip.compress(FEED.encode()), content_type="application/gzip")
        assert fetcher.fetch(site.at("/feed.xml.gz")).body == FEED.encode()

    def test_in_chunks_is_put_together(self, site: Site, fetcher: Fetcher) -> None:
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        site.acts["/feed/"] = cut_after(head + b"4\r\n<rss\r\n1\r\n>\r\n0\r\n\r\n")
        assert fetcher.fetch(site.at("/feed/")).body == b"<rss>"

    def test_without_a_length_ends_with_the_connection(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/feed/"] = cut_after(b"HTTP/1.0 200 OK\r\n\r\n" + FEED.encode())
        assert fetcher.fetch(site.at("/feed/")).body == FEED.encode()


class TestConditionalGet:
    ETAG, DATE = '"1ed2f48d"', "Mon, 23 Nov 2026 16:15:31 GMT"

    def test_sends_both_validators_back_exactly_as_they_came(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/feed/"] = unless_known(FEED, self.ETAG, self.DATE)
        first = fetcher.fetch(site.at("/feed/"))
        second = fetcher.fetch(site.at("/feed/"), first.validators)
        assert (second.unchanged, second.body, second.validators) == (True, b"", first.validators)
        assert site.asked[1][1]["if-none-match"] == self.ETAG
        assert site.asked[1][1]["if-modified-since"] == self.DATE

    def test_takes_a_weak_etag_as_it_is(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/feed/"] = unless_known(FEED, 'W/"a b"')
        assert fetcher.fetch(site.at("/feed/"), Validators(etag='W/"a b"')).unchanged

    def test_of_a_changed_feed_is_the_feed(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/feed/"] = unless_known(FEED, self.ETAG)
        fetched = fetcher.fetch(site.at("/feed/"), Validators(etag='"older"'))
        assert (fetched.unchanged, fetched.body) == (False, FEED.encode())

    def test_forgets_validators_that_the_server_no_longer_gives(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/feed/"] = page(FEED)
        assert (
            fetcher.fetch(site.at("/feed/"), Validators(etag='"older"', last_modified="x")).validators == Validators()
        )

    def test_keeps_validators_that_a_not_modified_leaves_out(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/feed/"] = page(b"", 304)
        known = Validators(etag='"1"', last_modified="x", moved_to=site.at("/feed/"))
        assert fetcher.fetch(site.at("/old/"), known).validators == known

    def test_a_not_modified_that_nobody_asked_for_is_no_answer(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/feed/"] = page(b"", 304)
        assert words(fetcher, site.at("/feed/")) == "the server answered 304 Not Modified"


class TestFiles:
    def test_are_read_and_known_again(self, fetcher: Fetcher, tmp_path: Path) -> None:
        path = tmp_path / "main.xml"
        path.write_text(FEED)
        first = fetcher.fetch(str(path))
        assert (first.body, first.unchanged) == (FEED.encode(), False)
        assert fetcher.fetch(str(path), first.validators).unchanged
        path.write_text(FEED + "\n")
        assert not fetcher.fetch(str(path), first.validators).unchanged

    def test_may_be_packed(self, fetcher: Fetcher, tmp_path: Path) -> None:
        path = tmp_path / "main.xml.gz"
        path.write_bytes(gzip.compress(FEED.encode()))
        assert fetcher.fetch(str(path)).body == FEED.encode()

    def test_that_are_missing(self, fetcher: Fetcher, tmp_path: Path) -> None:
        assert words(fetcher, str(tmp_path / "main.xml")) == f"{tmp_path / 'main.xml'}: no such file or directory"

    def test_that_are_folders(self, fetcher: Fetcher, tmp_path: Path) -> None:
        assert words(fetcher, str(tmp_path)) == f"{tmp_path}: is a directory"

    def test_that_are_too_large(self, fetcher: Fetcher, tmp_path: Path) -> None:
        (tmp_path / "main.xml").write_bytes(b"x" * 1_000_001)
        assert words(fetcher, str(tmp_path / "main.xml")) == "larger than 1,000,000 bytes"

    def test_that_are_broken_gzip(self, fetcher: Fetcher, tmp_path: Path) -> None:
        (tmp_path / "main.xml.gz").write_bytes(b"\x1f\x8bxxxxxxxxxx")
        assert words(fetcher, str(tmp_path / "main.xml.gz")) == "a gzip file that is broken"
