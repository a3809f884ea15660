from __future__ import annotations

import pytest

from digest.errors import SourceUnreadable
from digest.sources.web.strangers import Neighbours, check_stranger, place_of


def neighbours(*configured: str, private: tuple[str, ...] = ()) -> Neighbours:
    made = Neighbours(private)
    for address in configured:
        made.configure(address)
    return made


class TestWhoMayBeAsked:
    def test_everybody_who_is_public(self) -> None:
        assert Neighbours().admits("docket.example", 443, "93.184.215.14")
        assert not Neighbours().admits("docket.example", 443, "10.0.0.1")

    @pytest.mark.parametrize(
        "private", ["cms.docket.example", "CMS.docket.example.", "10.0.0.0/8", "10.0.0.1", "10.0.0.9/8"]
    )
    def test_whom_the_configuration_lets_in(self, private: str) -> None:
        assert neighbours(private=(private,)).admits("cms.docket.example", 8080, "10.0.0.1")
        assert not neighbours(private=(private,)).admits("other.example", 80, "192.168.0.1")

    def test_by_network_in_ipv6_clothes_too(self) -> None:
        assert neighbours(private=("10.0.0.0/8",)).admits("a.example", 80, "::ffff:10.0.0.1")
        assert neighbours(private=("fd00::/8",)).admits("a.example", 80, "fd00::1")
        assert not neighbours(private=("10.0.0.0/8",)).admits("a.example", 80, "fe80::1%eth0")

    @pytest.mark.parametrize(
        ("source", "host", "address"),
        [
            ("http://127.0.0.1:8000/feed", "127.0.0.1", "127.0.0.1"),
            ("http://localhost:8000/feed", "localhost", "::1"),
            ("http://[::1]:8000/feed", "::1", "::1"),
        ],
    )
    def test_where_a_source_is_by_its_own_address_at_its_port(self, source: str, host: str, address: str) -> None:
        assert neighbours(source).admits(host, 8000, address)
        assert not neighbours(source).admits(host, 8001, address)
        assert not neighbours(source).admits("other.example", 8000, address)

    def test_not_where_a_source_is_by_name_alone(self) -> None:
        """A name can be anything, and its answers are not the operator's."""
        assert not neighbours("http://cms.example/feed").admits("cms.example", 80, "10.0.0.1")


class TestAStranger:
    @pytest.mark.parametrize(
        "address",
        [
            "http://docket.example/a",
            "https://docket.example:443/",
            "http://docket.example:8080",
            "https://[2606::1]:8443/",
        ],
    )
    def test_may_name_any_page_of_the_web(self, address: str) -> None:
        check_stranger(address, Neighbours())

    @pytest.mark.parametrize(
        ("address", "said"),
        [
            ("file:///etc/hostname", "no web address"),
            ("gopher://docket.example/", "no web address"),
            ("/etc/hostname", "no web address"),
            ("", "no web address"),
            ("http://[::1", "no web address"),
            ("http://", "no web address"),
            ("http://editor:secret@docket.example/", "name or password"),
            ("http://editor@docket.example/", "name or password"),
            ("http://docket.example:22/", "port 22"),
            ("http://docket.example:25/", "port 25"),
            ("http://docket.example:6667/", "port 6667"),
        ],
    )
    def test_may_name_nothing_else(self, address: str, said: str) -> None:
        with pytest.raises(SourceUnreadable, match=said) as refused:
            check_stranger(address, Neighbours())
        assert "secret" not in str(refused.value)

    def test_may_name_the_port_of_a_source(self) -> None:
        check_stranger("http://docket.example:81/story", neighbours("http://docket.example:81/feed"))


def test_where_an_address_leads() -> None:
    assert place_of("HTTP://Docket.Example./a") == ("docket.example", 80)
    assert place_of("https://[::1]/") == ("::1", 443)
    assert place_of("https://docket.example:8443/") == ("docket.example", 8443)
    assert place_of("/srv/feed.xml") == ("", 0)
