"""An answer's headers, its gzip files, and what a refusal says."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3 import HTTPResponse

from digest.errors import SourceRefused, SourceUnreadable
from digest.sources.web.answers import LONGEST_REST, retry_after, unpacked
from digest.sources.web.fetch import Fetcher
from tests.unit.sources.fetched import FEED, words
from tests.unit.sources.scripted_site import Site, cut_after, dripping, page, status


def answered(status: int, said: str) -> HTTPResponse:
    return HTTPResponse(status=status, headers={"Retry-After": said})


class TestRetryAfter:
    @pytest.mark.parametrize(
        ("said", "seconds"),
        [
            ("120", 120.0),
            (" 5 ", 5.0),
            ("0", 0.0),
            ("999999", LONGEST_REST),
            ("9" * 5000, None),
            ("soon", None),
            ("-5", None),
        ],
    )
    def test_in_seconds(self, said: str, seconds: float | None) -> None:
        assert retry_after(answered(503, said)) == seconds

    def test_as_a_date(self) -> None:
        then = datetime.now(UTC) + timedelta(hours=2)
        assert retry_after(answered(429, format_datetime(then, usegmt=True))) == pytest.approx(7200, abs=60)
        assert retry_after(answered(429, "Wed, 01 Jan 2020 00:00:00 GMT")) == 0.0
        assert retry_after(answered(429, "Wed, 01 Jan 99999 00:00:00 GMT")) in (None, LONGEST_REST)

    @pytest.mark.parametrize("status", [200, 301, 404, 500])
    def test_counts_where_there_is_too_much_to_do(self, status: int) -> None:
        assert retry_after(answered(status, "120")) is None


class TestGzipFiles:
    @given(st.binary(max_size=200), st.binary(max_size=200))
    def test_are_unpacked_whole(self, first: bytes, second: bytes) -> None:
        assert unpacked(gzip.compress(first) + gzip.compress(second), 400) == first + second
        assert unpacked(gzip.compress(first) + b"\0" * 8, 400) == first

    @given(st.integers(3, 60))
    def test_that_were_cut_short_are_broken(self, length: int) -> None:
        whole = gzip.compress(b"The council meets on Tuesday, and the bridge stays shut.")
        with pytest.raises(SourceUnreadable, match="broken"):
            unpacked(whole[:length], 1000)

    def test_of_many_members_are_no_way_round_the_limit(self) -> None:
        with pytest.raises(SourceUnreadable, match="larger than 1,000 bytes"):
            unpacked(gzip.compress(b"x" * 600) * 2, 1000)

    def test_lose_one_layer_and_no_more(self) -> None:
        inner = gzip.compress(FEED.encode())
        assert unpacked(gzip.compress(inner), 1000) == inner


class TestHeaders:
    def test_are_told_by_name_in_lower_case(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/feed/"] = page(FEED, 203, X_WP_Total="250", link="</wp-json/>; rel='x', <?p=2>; rel=next")
        fetched = fetcher.fetch(site.at("/feed/"))
        assert (fetched.status, fetched.headers["x-wp-total"]) == (203, "250")
        assert fetched.links["next"] == site.at("/feed/?p=2")

    def test_that_come_twice_are_one(self, site: Site, fetcher: Fetcher) -> None:
        head = b"HTTP/1.1 200 OK\r\nLink: </1>; rel=prev\r\nLink: </2>; rel=next\r\nContent-Length: 0\r\n\r\n"
        site.acts["/feed/"] = cut_after(head)
        assert fetcher.fetch(site.at("/feed/")).links == {"prev": site.at("/1"), "next": site.at("/2")}

    def test_a_compression_that_nobody_asked_for_is_named(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/feed/"] = page(b"\x1b\x00", content_encoding="gzip, compress-o-matic")
        said = words(fetcher, site.at("/feed/"))
        assert said == "the answer is compressed in a way that cannot be read (compress-o-matic)"


class TestARefusal:
    def refusal(self, fetcher: Fetcher, address: str) -> SourceRefused:
        with pytest.raises(SourceRefused) as caught:
            fetcher.fetch(address)
        return caught.value

    @pytest.mark.parametrize("code", [400, 401, 403, 404, 410, 429, 500])
    def test_has_its_status_and_its_words(self, site: Site, fetcher: Fetcher, code: int) -> None:
        site.acts["/feed/"] = page(FEED, code)
        error = self.refusal(fetcher, site.at("/feed/"))
        assert (error.status, error.body, error.retry_after) == (code, FEED.encode(), None)

    def test_is_read_to_its_beginning_only(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/feed/"] = status(404, "x" * 900_000)
        assert self.refusal(fetcher, site.at("/feed/")).body == b"x" * 65_536

    @pytest.mark.parametrize(
        "head",
        [
            b"Content-Length: 100\r\n\r\n<rss>",
            b"Content-Encoding: gzip\r\n\r\nno gzip",
            b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        ],
        ids=["cut", "no gzip", "no chunk"],
    )
    def test_is_one_however_broken(self, site: Site, fetcher: Fetcher, head: bytes) -> None:
        site.acts["/feed/"] = cut_after(b"HTTP/1.1 410 Gone\r\n" + head)
        assert self.refusal(fetcher, site.at("/feed/")).status == 410

    def test_is_one_however_slow(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/feed/"] = dripping(b"HTTP/1.1 404 Not Found\r\n\r\n", b"x")
        assert self.refusal(fetcher, site.at("/feed/")).status == 404
