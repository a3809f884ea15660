from __future__ import annotations

import gzip
import ssl
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from digest import __version__
from digest.errors import SourceUnreadable
from digest.model import Validators
from digest.settings import Fetching
from digest.sources.fetch import NOTHING_KNOWN, Fetcher
from tests.unit.sources.scripted_site import (
    Site,
    cut_after,
    dripping,
    in_turn,
    packed,
    page,
    redirect,
    reset,
    status,
    unless_known,
)

FEED = "<rss version='2.0'><channel><title>The Docket</title></channel></rss>"


def words(fetcher: Fetcher, address: str, validators: Validators = NOTHING_KNOWN) -> str:
    with pytest.raises(SourceUnreadable) as caught:
        fetcher.fetch(address, validators)
    return str(caught.value)


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


class TestRedirects:
    @pytest.mark.parametrize("code", [301, 308])
    def test_permanent_ones_are_remembered(self, site: Site, fetcher: Fetcher, code: int) -> None:
        site.acts |= {"/a": redirect(code, "/b"), "/b": redirect(301, site.at("/c")), "/c": page(FEED)}
        fetched = fetcher.fetch(site.at("/a"))
        assert (fetched.validators.moved_to, fetched.address) == (site.at("/c"), site.at("/c"))

    @pytest.mark.parametrize("code", [302, 303, 307])
    def test_others_are_not(self, site: Site, fetcher: Fetcher, code: int) -> None:
        site.acts |= {"/a": redirect(code, "/b"), "/b": page(FEED)}
        assert fetcher.fetch(site.at("/a")).validators.moved_to == ""

    def test_are_remembered_up_to_the_first_that_is_not_permanent(self, site: Site, fetcher: Fetcher) -> None:
        site.acts |= {"/a": redirect(301, "/b"), "/b": redirect(302, "/c"), "/c": redirect(301, "/d"), "/d": page(FEED)}
        fetched = fetcher.fetch(site.at("/a"))
        assert (fetched.validators.moved_to, fetched.address) == (site.at("/b"), site.at("/d"))

    def test_the_next_time_it_goes_there_directly_and_keeps_it(self, site: Site, fetcher: Fetcher) -> None:
        site.acts |= {"/a": redirect(301, "/b"), "/b": unless_known(FEED, '"1"')}
        known = fetcher.fetch(site.at("/a")).validators
        site.asked.clear()
        assert fetcher.fetch(site.at("/a"), known).validators == known
        assert [path for path, _ in site.asked] == ["/b"]

    def test_in_a_circle_are_an_error(self, site: Site, fetcher: Fetcher) -> None:
        site.acts |= {"/a": redirect(302, "/b"), "/b": redirect(302, "/a")}
        assert words(fetcher, site.at("/a")) == f"redirected in a circle, back to {site.at('/a')}"
        assert len(site.asked) == 2

    def test_to_itself_are_an_error(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/a"] = redirect(301, "/a#top")
        assert "in a circle" in words(fetcher, site.at("/a"))

    def test_ten_are_followed_and_eleven_are_not(self, site: Site, fetcher: Fetcher) -> None:
        site.acts |= {f"/{hop}": redirect(302, f"/{hop + 1}") for hop in range(11)} | {"/11": page(FEED)}
        assert fetcher.fetch(site.at("/1")).body == FEED.encode()
        assert words(fetcher, site.at("/0")) == "redirected more than 10 times"

    @pytest.mark.parametrize("target", ["file:///etc/hostname", "ftp://docket.example/feed", "javascript:alert(1)"])
    def test_lead_nowhere_but_to_the_web(self, site: Site, fetcher: Fetcher, target: str) -> None:
        site.acts["/a"] = redirect(302, target)
        assert words(fetcher, site.at("/a")) == f"redirected to {target!r}, which is no web address"

    def test_with_letters_beyond_ascii_are_followed(self, site: Site, fetcher: Fetcher) -> None:
        site.acts |= {"/a": cut_after("HTTP/1.1 302 Found\r\nLocation: /größe\r\nContent-Length: 0\r\n\r\n".encode())}
        site.acts["/gr%C3%B6%C3%9Fe"] = page(FEED)
        assert fetcher.fetch(site.at("/a")).body == FEED.encode()

    def test_that_lead_to_a_dead_end_name_it(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/a"] = redirect(301, "http://moved.invalid/feed/")
        assert words(fetcher, site.at("/a")) == "the host moved.invalid is not known"

    def test_without_a_location_are_an_answer_like_any_other(self, site: Site, fetcher: Fetcher) -> None:
        site.acts["/a"] = page("", 302)
        assert words(fetcher, site.at("/a")) == "the server answered 302 Found"

    def test_a_redirect_with_an_endless_body_is_not_read(self, site: Site, fetcher: Fetcher) -> None:
        site.acts |= {"/a": dripping(b"HTTP/1.1 302 Found\r\nLocation: /b\r\n\r\n", b"x" * 100), "/b": page(FEED)}
        assert fetcher.fetch(site.at("/a")).body == FEED.encode()


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
        site.acts["/feed/"] = page("", 503, retry_after="3600")
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
