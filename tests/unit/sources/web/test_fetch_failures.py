"""Fetches that fail: by status, by a connection that breaks, and without a safe one."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from digest.settings import Fetching
from digest.sources.web.fetch import Fetcher
from tests.unit.sources.fetched import FEED, words
from tests.unit.sources.scripted_site import (
    Site,
    cut_after,
    dripping,
    in_turn,
    page,
    reset,
    status,
)


class TestFailures:
    @pytest.mark.parametrize(
        ("code", "said"),
        [(404, "404 Not Found"), (410, "410 Gone"), (500, "500 Internal Server Error"), (429, "429 Too Many Requests")],
    )
    def test_are_named_by_status_and_reason(self, site: Site, fetcher: Fetcher, code: int, said: str) -> None:
        site.acts["/feed/"] = status(code)
        assert words(fetcher, site.at("/feed/")) == f"the server answered {said}"
        assert len(site.asked) == 1

    def test_a_404_is_one_even_with_a_feed_in_it(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/feed/"] = page(FEED, 404, content_type="application/rss+xml")
        assert "404" in words(fetcher, site.at("/feed/"))

    def test_the_connection_serves_on_after_one(self, site: Site, fetcher: Fetcher) -> None:
        site.acts |= {"/bad": status(500), "/feed/": page(FEED)}
        words(fetcher, site.at("/bad"))
        assert fetcher.fetch(site.at("/feed/")).body == FEED.encode()

    @pytest.mark.parametrize("code", [502, 503, 504])
    def test_of_overload_are_tried_again(self, site: Site, fetcher: Fetcher, code: int) -> None:
        site.acts["/feed/"] = in_turn(status(code), status(code), page(FEED))
        assert fetcher.fetch(site.at("/feed/")).body == FEED.encode()

    def test_of_overload_are_tried_again_twice_and_no_more(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/feed/"] = status(503)
        assert "503 Service Unavailable" in words(fetcher, site.at("/feed/"))
        assert len(site.asked) == 3

    def test_a_reset_connection_is_tried_again(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/feed/"] = in_turn(reset, page(FEED))
        assert fetcher.fetch(site.at("/feed/")).body == FEED.encode()

    def test_a_connection_that_is_always_reset(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/feed/"] = reset
        assert words(fetcher, site.at("/feed/")).startswith("the answer broke off: ")

    def test_a_body_cut_short(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/feed/"] = cut_after(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<rss>")
        assert words(fetcher, site.at("/feed/")) == "the answer broke off: 5 of 1,000 bytes came"

    def test_a_chunked_body_cut_short(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/feed/"] = cut_after(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n<rss>")
        assert words(fetcher, site.at("/feed/")).startswith("the answer broke off: ")

    def test_an_answer_that_is_no_http(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/feed/"] = cut_after(b"220 mail.docket.example ESMTP\r\n")
        assert words(fetcher, site.at("/feed/")).startswith("the answer broke off: ")

    def test_broken_compression(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/feed/"] = page(b"not gzip at all", content_encoding="gzip")
        assert words(fetcher, site.at("/feed/")) == "the compression of the answer is broken"

    def test_a_port_where_nothing_listens(self, site: Site, fetcher: Fetcher) -> None:
        address = site.at("/feed/")
        site.close()
        assert words(fetcher, address) == "no connection to 127.0.0.1: connection refused"

    def test_a_host_that_does_not_exist(self, fetcher: Fetcher) -> None:
        assert words(fetcher, "http://docket.invalid/feed/") == "the host docket.invalid is not known"

    @pytest.mark.parametrize("address", ["http://[::1", "feed.xml", "", "http://", "ftp://docket.example/feed"])
    def test_what_is_no_address(self, fetcher: Fetcher, address: str) -> None:
        assert "address" in words(fetcher, address)

    def test_a_host_name_that_cannot_be_one(self, fetcher: Fetcher) -> None:
        assert "address" in words(fetcher, f"http://{'x' * 300}.example/feed")


class TestTls:
    @pytest.fixture
    def authority(self) -> trustme.CA:
        return trustme.CA()

    @pytest.fixture
    def secure(self, authority: trustme.CA) -> Iterator[Site]:
        site = Site()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        site._server.socket = context.wrap_socket(site._server.socket, server_side=True)
        site.acts["/feed/"] = page(FEED)
        site.acts["/slow"] = dripping(b"HTTP/1.1 200 OK\r\n\r\n", b"x")
        yield site
        site.close()

    @pytest.fixture
    def trusting(
        self, authority: trustme.CA, fetching: Fetching, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> Fetcher:
        authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        return Fetcher(fetching)

    def test_a_site_with_a_good_certificate_is_read(self, secure: Site, trusting: Fetcher) -> None:
        assert trusting.fetch(secure.at("/feed/").replace("http:", "https:")).body == FEED.encode()

    def test_the_deadline_holds_there_too(self, secure: Site, trusting: Fetcher) -> None:
        said = words(trusting, secure.at("/slow").replace("http:", "https:"))
        assert said == "the answer was not complete after 1.5 s"

    def test_a_certificate_that_nobody_vouches_for(self, secure: Site, fetcher: Fetcher) -> None:
        said = words(fetcher, secure.at("/feed/").replace("http:", "https:"))
        assert said == "no safe connection to 127.0.0.1: unable to get local issuer certificate"

    def test_a_server_without_tls(self, site: Site, fetcher: Fetcher) -> None:
        said = words(fetcher, site.at("/feed/").replace("http:", "https:"))
        assert said.startswith("no safe connection to 127.0.0.1: ")
