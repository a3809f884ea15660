"""Servers without an end: no fetch takes more time or room than it may."""

from __future__ import annotations

import gzip
import tracemalloc

import pytest

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

    def test_a_body_as_large_as_the_limit_is_read(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/feed/"] = page(b"x" * 1_000_000)
        assert len(fetcher.fetch(site.at("/feed/")).body) == 1_000_000

    @pytest.mark.parametrize("encoding", ["gzip", "gzip, gzip", ""])
    def test_a_bomb_does_not_go_off(self, site: Site, fetcher: Fetcher, encoding: str) -> None:
        bomb = gzip.compress(b"\0" * 300_000_000, compresslevel=1)
        bomb = gzip.compress(bomb) if encoding == "gzip, gzip" else bomb
        site.acts["/feed/"] = page(bomb[:900_000], content_encoding=encoding or "identity")
        tracemalloc.start()
        said = words(fetcher, site.at("/feed/"))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert said == "larger than 1,000,000 bytes"
        assert peak < 8_000_000
