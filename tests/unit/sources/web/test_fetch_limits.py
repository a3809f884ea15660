"""Servers without an end: no fetch takes more time or room than it may."""

from __future__ import annotations

import gzip
import time
import tracemalloc

import pytest

from digest.errors import SourceUnreadable
from digest.settings import Fetching
from digest.sources.web.fetch import Fetcher
from tests.unit.sources.fetched import FEED, words
from tests.unit.sources.scripted_site import (
    Site,
    cut_after,
    dripping,
    page,
)


class TestTime:
    def test_a_silent_server(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/feed/"] = dripping(b"", b"", pause=0.05)
        assert words(fetcher, site.at("/feed/")) in (
            "no answer from 127.0.0.1 within 0.5 s",
            "the answer was not complete after 1.5 s",
        )

    @pytest.mark.parametrize(
        ("head", "drop"),
        [
            (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"<"),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n", b"x"),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
            (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"y"),
            (b"HTTP/1.1 200 OK\r\n", b"X-Slow: y\r\n"),
        ],
        ids=["a body", "one chunk", "small chunks", "a header", "many headers"],
    )
    def test_a_server_that_drips_holds_us_no_longer_than_the_deadline(
        self, site: Site, fetching: Fetching, head: bytes, drop: bytes
    ) -> None:
        """By a clock that leaps a second with every look, the deadline comes after a few reads."""
        site.acts["/feed/"] = dripping(head, drop)
        seconds = iter(range(10_000))
        fetcher = Fetcher(fetching, monotonic=lambda: float(next(seconds)) / 4)
        assert words(fetcher, site.at("/feed/")) in (
            "the answer was not complete after 1.5 s",
            "the answer broke off: the server closed the connection",  # more headers than http.client takes
        )

    def test_the_run_s_deadline_ends_a_fetch_under_way(self, site: Site, fetching: Fetching) -> None:
        site.acts["/feed/"] = dripping(b"HTTP/1.1 200 OK\r\n\r\n", b"x")
        now = time.monotonic()
        assert words(Fetcher(fetching, until=now + 0.2), site.at("/feed/")) == "the time for this gather was over"

    def test_after_the_run_s_deadline_nothing_is_asked(self, site: Site, fetching: Fetching) -> None:
        site.acts["/feed/"] = page(FEED)
        said = words(Fetcher(fetching, until=time.monotonic()), site.at("/feed/"))
        assert (said, site.asked) == ("the time for this gather was over", [])

    def test_the_deadline_of_one_fetch_is_not_that_of_the_next(self, site: Site, fetcher: Fetcher) -> None:
        site.acts |= {"/slow": dripping(b"HTTP/1.1 200 OK\r\n\r\n", b"x"), "/feed/": page(FEED)}
        words(fetcher, site.at("/slow"))
        assert fetcher.fetch(site.at("/feed/")).body == FEED.encode()


class TestSize:
    def test_an_announced_length_beyond_the_limit_is_not_read(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/feed/"] = cut_after(b"HTTP/1.1 200 OK\r\nContent-Length: 1000001\r\n\r\n")
        assert words(fetcher, site.at("/feed/")) == "larger than 1,000,000 bytes"

    def test_an_endless_body_is_left_at_the_limit(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/feed/"] = dripping(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 50_000, pause=0)
        assert words(fetcher, site.at("/feed/")) == "larger than 1,000,000 bytes"

    @pytest.mark.parametrize(
        "head",
        [
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffff\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Trailer: ",
            b"HTTP/1.1 200 OK\r\nX-Long: ",
        ],
        ids=["a chunk of less than nothing", "a chunk of everything", "a trailer", "a header"],
    )
    def test_lies_about_lengths_cost_no_room(self, site: Site, fetcher: Fetcher, head: bytes) -> None:
        site.acts["/feed/"] = dripping(head, b"x" * 50_000, pause=0)
        said, peak = _peak_of(fetcher, site.at("/feed/"))
        assert said.startswith(("larger than 1,000,000 bytes", "the answer broke off", "the answer is no proper HTTP"))
        assert peak < 8_000_000

    @pytest.mark.parametrize(
        ("head", "drop"),
        [
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X-Trailer: yes\r\n" * 1000),
            (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
        ],
        ids=["trailers", "beginnings"],
    )
    def test_what_never_comes_to_an_end_is_left_at_the_limit(
        self, site: Site, fetcher: Fetcher, head: bytes, drop: bytes
    ) -> None:
        site.acts["/feed/"] = dripping(head, drop, pause=0)
        assert words(fetcher, site.at("/feed/")) == "larger than 1,000,000 bytes"

    @pytest.mark.parametrize("length", ["9" * 5000, "-1", "1e3", "12, 13", "0x10"])
    def test_a_length_that_is_none_is_no_crash(self, site: Site, fetcher: Fetcher, length: str) -> None:
        site.acts["/feed/"] = cut_after(f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{FEED}".encode())
        try:
            assert fetcher.fetch(site.at("/feed/")).body == FEED.encode()
        except SourceUnreadable as error:
            assert str(error).startswith(("larger than", "the answer broke off"))

    def test_a_body_as_large_as_the_limit_is_read(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/feed/"] = page(b"x" * 1_000_000)
        assert len(fetcher.fetch(site.at("/feed/")).body) == 1_000_000

    @pytest.mark.parametrize("encoding", ["gzip", "gzip, gzip", ""])
    def test_a_bomb_does_not_go_off(self, site: Site, fetcher: Fetcher, encoding: str) -> None:
        bomb = gzip.compress(b"\0" * 300_000_000, compresslevel=1)
        bomb = gzip.compress(bomb) if encoding == "gzip, gzip" else bomb
        site.acts["/feed/"] = page(bomb[:900_000], content_encoding=encoding or "identity")
        said, peak = _peak_of(fetcher, site.at("/feed/"))
        assert said == "larger than 1,000,000 bytes"
        assert peak < 8_000_000


def _peak_of(fetcher: Fetcher, address: str) -> tuple[str, int]:
    """The words of a fetch that fails, and the bytes that it held at most."""
    tracemalloc.start()
    try:
        said = words(fetcher, address)
        return said, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
