"""Fetches of addresses that others wrote: nothing inside is asked, whatever a name answers and a redirect says."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence

import pytest

from digest.errors import SourceUnreadable
from digest.model import Validators
from digest.settings import Fetching
from digest.sources.web.fetch import Fetcher
from tests.unit.sources.fetched import FEED
from tests.unit.sources.scripted_site import Site, page, redirect


class World:
    """Names and their addresses, each in turn and the last for good; `looked_up` are the names that were asked for."""

    def __init__(self, **names: Sequence[Sequence[str]]) -> None:
        self._left = {name.replace("_", "."): list(answers) for name, answers in names.items()}
        self.looked_up: list[str] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.looked_up.append(host)
        if host not in self._left:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        left = self._left[host]
        return left.pop(0) if len(left) > 1 else left[0]


@pytest.fixture
def inside() -> Iterator[Site]:
    site = Site()
    site.acts |= {path: page(FEED) for path in ("/feed/", "/secret", "/robots.txt")}
    yield site
    site.close()


def named(address: str, host: str) -> str:
    return address.replace("127.0.0.1", host)


def fetcher_of(world: World, **fetching: object) -> Fetcher:
    return Fetcher(Fetching(timeout=2, **fetching), resolve=world, sleep=lambda _: None)  # type: ignore[arg-type]


def refusal(fetcher: Fetcher, address: str, *, stranger: bool = True, known: Validators = Validators()) -> str:  # noqa: B008
    with pytest.raises(SourceUnreadable) as caught:
        fetcher.fetch(address, known, stranger=stranger)
    return f"{caught.value}; {caught.value.hint}"


INSIDE = World(cms_example=[["127.0.0.1"]], mixed_example=[["93.184.215.14", "127.0.0.1"]])


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "0.0.0.0"]
)
def test_a_stranger_s_address_of_this_machine_in_any_form(inside: Site, host: str) -> None:
    fetcher = Fetcher(Fetching(timeout=2))
    with pytest.raises(SourceUnreadable):
        fetcher.fetch(named(inside.at("/secret"), host), stranger=True)
    assert inside.asked == []


@pytest.mark.parametrize("host", ["cms.example", "mixed.example"])
@pytest.mark.parametrize("stranger", [True, False])
def test_a_name_that_leads_inside(inside: Site, host: str, stranger: bool) -> None:
    said = refusal(fetcher_of(INSIDE), named(inside.at("/feed/"), host), stranger=stranger)
    assert said == (
        f"{host} is 127.0.0.1, in a private network; if it is yours and is to be asked, "
        f"add {host!r} to fetch.private in digest.toml"
    )
    assert inside.asked == []


@pytest.mark.parametrize("private", ["cms.example", "127.0.0.1", "127.0.0.0/8"])
def test_a_name_that_is_let_in(inside: Site, private: str) -> None:
    fetcher = fetcher_of(INSIDE, private=(private,))
    assert fetcher.fetch(named(inside.at("/feed/"), "cms.example"), stranger=True).status == 200


def test_a_name_that_answers_differently_the_second_time(inside: Site, site: Site) -> None:
    """Both of its answers are admitted here, so that only the looking up can tell which of them was used."""
    world = World(rebinding_example=[["127.0.0.1"], ["127.0.0.2"]])
    site.acts |= {"/a": redirect(302, "/b"), "/b": page(FEED), "/robots.txt": page("")}
    fetcher = fetcher_of(world, private=("127.0.0.0/8",))
    for _ in range(2):
        assert fetcher.fetch(named(site.at("/a"), "rebinding.example"), stranger=True, robots=True).status == 200
        fetcher._pools.clear()  # the next connection is a new one
    assert world.looked_up == ["rebinding.example"]


class TestARedirect:
    @pytest.mark.parametrize(
        "target",
        [
            "http://169.254.169.254/latest/meta-data/",
            "http://[fd00:ec2::254]/",
            "http://10.0.0.1/",
            "http://100.100.100.200/",
        ],
    )
    def test_of_a_configured_address_is_a_stranger_s(self, site: Site, target: str) -> None:
        site.acts["/feed/"] = redirect(301, target)
        assert "in a private network" in refusal(Fetcher(Fetching(timeout=2)), site.at("/feed/"), stranger=False)

    def test_to_another_port_of_this_machine(self, site: Site, inside: Site) -> None:
        site.acts["/feed/"] = redirect(302, inside.at("/secret"))
        assert "in a private network" in refusal(Fetcher(Fetching(timeout=2)), site.at("/feed/"), stranger=False)
        assert inside.asked == []

    def test_to_another_source_of_this_machine(self, site: Site, inside: Site) -> None:
        site.acts["/feed/"] = redirect(302, inside.at("/feed/"))
        fetcher = Fetcher(Fetching(timeout=2), configured=(site.at("/feed/"), inside.at("/feed/")))
        assert fetcher.fetch(site.at("/feed/")).address == inside.at("/feed/")

    def test_that_is_remembered_is_still_a_stranger_s(self, site: Site, inside: Site) -> None:
        known = Validators(moved_to=inside.at("/secret"))
        said = refusal(Fetcher(Fetching(timeout=2)), site.at("/feed/"), stranger=False, known=known)
        assert "in a private network" in said
        assert inside.asked == []

    @pytest.mark.parametrize("target", ["http://editor:secret@127.0.0.1/", "http://127.0.0.1:22/"])
    def test_with_a_password_or_to_another_service(self, site: Site, target: str) -> None:
        site.acts["/feed/"] = redirect(302, target)
        said = refusal(Fetcher(Fetching(timeout=2, private=("127.0.0.1",))), site.at("/feed/"), stranger=False)
        assert "secret" not in said
        assert said.startswith(("the address holds", "port 22"))


def test_a_stranger_names_no_files(tmp_path: object) -> None:
    assert "is no web address" in refusal(Fetcher(Fetching()), f"{tmp_path}/feed.xml")


def test_cookies_are_not_kept(site: Site) -> None:
    site.acts |= {"/a": page("", 302, location="/b", set_cookie="id=1; Path=/"), "/b": page(FEED, set_cookie="id=2")}
    fetcher = Fetcher(Fetching(timeout=2))
    for _ in range(2):
        fetcher.fetch(site.at("/a"))
    assert [headers.get("cookie") for _, headers in site.asked] == [None] * 4
