"""What robots.txt lets us read, asked of a real site."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from digest.errors import SourceUnreadable
from digest.settings import Fetching
from digest.sources.web.fetch import Fetcher
from tests.unit.sources.scripted_site import Act, Site, cut_after, page, redirect, reset, status
from tests.unit.sources.web.told_clock import ToldClock

STORY = "<html><title>Ferry is back</title></html>"
NO_ENTRY = "User-agent: *\nDisallow: /private/\nDisallow: /*?print=\n"
NOT_US = "User-agent: closing-arguments\nDisallow: /\n\nUser-agent: *\nDisallow:\n"


@pytest.fixture
def clock() -> ToldClock:
    return ToldClock()


@pytest.fixture
def fetcher(site: Site, clock: ToldClock) -> Iterator[Fetcher]:
    fetcher = Fetcher(Fetching(timeout=2), configured=(site.at("/feed/"),), monotonic=clock, sleep=clock.sleep)
    yield fetcher
    fetcher.close()


def asked(site: Site) -> list[str]:
    return [path for path, _ in site.asked]


def may_read(fetcher: Fetcher, address: str) -> bool:
    try:
        return fetcher.fetch(address, stranger=True, robots=True).status == 200
    except SourceUnreadable as error:
        assert "robots.txt" in str(error)
        return False


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        (NO_ENTRY, "/story", True),
        (NO_ENTRY, "/private/story", False),
        (NO_ENTRY, "/story?print=1", False),
        (NOT_US, "/story", False),
        ("", "/story", True),
        ("<html><title>Not found</title></html>", "/story", True),
        ("\ufeff" + NOT_US, "/story", False),
        ("Disallow" * 1000 + "\n\x00\n" + NOT_US, "/story", False),
    ],
    ids=["free", "a folder", "a pattern", "by name", "empty", "a page", "with a mark", "after nonsense"],
)
def test_rules_are_obeyed(site: Site, fetcher: Fetcher, rules: str, path: str, allowed: bool) -> None:
    site.acts |= {"/robots.txt": page(rules), "/story": page(STORY), "/private/story": page(STORY)}
    assert may_read(fetcher, site.at(path)) is allowed
    assert asked(site) == ["/robots.txt", path] if allowed else ["/robots.txt"]


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410])
def test_where_there_is_no_such_file_everything_may_be_read(site: Site, fetcher: Fetcher, code: int) -> None:
    site.acts |= {"/robots.txt": status(code), "/story": page(STORY)}
    assert may_read(fetcher, site.at("/story"))


@pytest.mark.parametrize(
    "trouble",
    [status(500), status(503), status(429), reset, cut_after(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")],
)
def test_where_it_cannot_be_had_nothing_may_be_read(site: Site, fetcher: Fetcher, trouble: object) -> None:
    site.acts |= {"/robots.txt": trouble, "/story": page(STORY)}  # type: ignore[dict-item]
    assert not may_read(fetcher, site.at("/story"))
    assert "/story" not in asked(site)


def test_it_is_asked_for_once(site: Site, fetcher: Fetcher) -> None:
    site.acts |= {"/robots.txt": page(NO_ENTRY), "/story": page(STORY)}
    assert [may_read(fetcher, site.at(path)) for path in ("/story", "/private/a", "/story")] == [True, False, True]
    assert asked(site) == ["/robots.txt", "/story", "/story"]


def test_feeds_do_not_ask_for_it(site: Site, fetcher: Fetcher) -> None:
    site.acts |= {"/robots.txt": page(NOT_US), "/feed/": page(STORY)}
    assert fetcher.fetch(site.at("/feed/")).status == 200
    assert asked(site) == ["/feed/"]


def test_it_may_have_moved(site: Site, fetcher: Fetcher) -> None:
    site.acts |= {"/robots.txt": redirect(301, "/robots2.txt"), "/robots2.txt": page(NOT_US), "/story": page(STORY)}
    assert not may_read(fetcher, site.at("/story"))


def test_where_a_story_leads_the_rules_count_as_well(site: Site, fetcher: Fetcher) -> None:
    site.acts |= {"/robots.txt": page(NO_ENTRY), "/story": redirect(302, "/private/story")}
    assert not may_read(fetcher, site.at("/story"))
    assert asked(site) == ["/robots.txt", "/story"]


@pytest.mark.parametrize(("wanted", "kept"), [("2", 2.0), ("0.5", 0.5), ("86400", 10.0), ("-3", 0.0), ("soon", 0.0)])
def test_a_delay_is_kept_up_to_ten_seconds(
    site: Site, fetcher: Fetcher, clock: ToldClock, wanted: str, kept: float
) -> None:
    site.acts |= {"/robots.txt": page(f"User-agent: *\nCrawl-delay: {wanted}\n"), "/story": page(STORY)}
    for _ in range(2):
        assert may_read(fetcher, site.at("/story"))
    assert sum(clock.slept) == kept


def test_the_time_for_it_is_not_the_story_s(site: Site, fetcher: Fetcher, clock: ToldClock) -> None:
    """Six seconds are a fetch's patience here, and each of the two answers takes five."""

    def slowly(answer: Act) -> Act:
        def act(handler: BaseHTTPRequestHandler) -> None:
            clock.now += 5
            answer(handler)

        return act

    site.acts |= {"/robots.txt": slowly(page(NO_ENTRY)), "/story": slowly(page(STORY))}
    assert may_read(fetcher, site.at("/story"))
