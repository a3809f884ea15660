"""Redirects: followed on the web, remembered where they are permanent, and never in a circle."""

from __future__ import annotations

import pytest

from digest.sources.web.fetch import Fetcher
from tests.unit.sources.fetched import FEED, words
from tests.unit.sources.scripted_site import (
    Site,
    cut_after,
    dripping,
    page,
    redirect,
    unless_known,
)


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
