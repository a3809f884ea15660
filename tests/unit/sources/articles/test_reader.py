"""Pages asked for: robots.txt, strangers' addresses, servers that fail, and servers that never come to an end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler

import pytest

from digest.settings import Fetching
from digest.sources.articles.reader import Answer, PageReader, is_somewhere
from tests.unit.sources.scripted_site import Site, page, redirect, status

STORY = "<title>A headline</title><p>The judge ruled on Tuesday that the bridge may open again.</p>"


@pytest.fixture
def near(fetching: Fetching) -> Fetching:
    """What may ask 127.0.0.1 on strangers' words."""
    return replace(fetching, private=("127.0.0.0/8",), timeout=5.0)


def read(fetching: Fetching, *addresses: str, seconds: float = 20.0) -> dict[int, Answer]:
    reader = PageReader(fetching)
    return {answer.key: answer for answer in reader.read(list(enumerate(addresses)), seconds=seconds)}


def test_pages_say_what_they_say_and_failures_why(site: Site, near: Fetching) -> None:
    site.acts |= {
        "/robots.txt": page("User-agent: *\nDisallow: /closed/"),
        "/story": page(STORY, content_type="text/html; charset=utf-8"),
        "/old": redirect(301, "/story"),
        "/report.pdf": page(b"%PDF-1.7", content_type="application/pdf"),
        "/gone": status(410),
        "/closed/story": page(STORY),
    }
    found = read(near, *map(site.at, ("/story", "/old", "/report.pdf", "/gone", "/closed/story")))
    assert [found[key].page.title for key in (0, 1) if found[key].page] == ["A headline"] * 2  # type: ignore[union-attr]
    assert found[1].address == site.at("/old")
    assert "no web page, but application/pdf" in found[2].error
    assert "410" in found[3].error
    assert found[4].refused
    assert not any(found[key].refused for key in range(4))
    assert "/closed/story" not in [path for path, _ in site.asked]


def test_a_strangers_address_leads_to_no_private_place(site: Site, fetching: Fetching) -> None:
    site.acts["/story"] = page(STORY)
    found = read(fetching, site.at("/story"), "file:///etc/passwd", "/etc/passwd")
    assert all(found[key].page is None and found[key].error for key in range(3))
    assert site.asked == []


@pytest.fixture
def released() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_who_never_answers_costs_nothing_but_the_time_there_is(
    site: Site, near: Fetching, released: threading.Event
) -> None:
    def silent(handler: BaseHTTPRequestHandler) -> None:
        released.wait(30)

    site.acts |= {"/silent": silent, "/story": page(STORY)}
    found = read(replace(near, timeout=1.0), site.at("/silent"), site.at("/story"), seconds=8.0)
    assert found[1].page
    assert 0 not in found or found[0].page is None


def test_no_time_is_no_answer(site: Site, near: Fetching) -> None:
    assert read(near, site.at("/story"), seconds=0.0) == {}


@pytest.mark.parametrize(
    ("address", "somewhere"),
    [
        ("https://docket.example/1", False),
        ("https://example.com/", False),
        ("https://notexample.com/", True),
        ("http://127.0.0.1/", True),
    ],
)
def test_names_for_examples_are_nowhere(address: str, somewhere: bool) -> None:
    assert is_somewhere(address) is somewhere
