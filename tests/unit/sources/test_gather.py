from __future__ import annotations

import logging
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from digest.model import FetchedSource, KnownSource, PageKnown, SourceStatus
from digest.settings import Fetching, Source
from digest.sources import gather
from digest.sources.gather import FeedReader
from tests.unit.sources.gathered import NOTHING, WANTED, known_after, read_sources
from tests.unit.sources.scripted_site import Site, cut_after, page, redirect, status, unless_known

MAIN = (
    "<rss version='2.0'><channel><title>D</title><link>https://docket.example/</link>"
    "<item><guid>1</guid><title>Toll bridge</title></item><item><guid>2</guid></item></channel></rss>"
)


def read(fetching: Fetching, *addresses: str, known: KnownSource = NOTHING) -> list[FetchedSource]:
    sources = [Source(name=f"Source {address[-8:]}", feed=address) for address in addresses]
    return read_sources(*sources, known=known, fetching=fetching)


def test_a_source_is_read_from_address_to_entries(site: Site, fetching: Fetching) -> None:
    site.acts["/feed/"] = unless_known(MAIN, '"1"', "yesterday")
    (found,) = read(fetching, site.at("/feed/"))
    assert (found.status, found.error, found.warnings) == (SourceStatus.OK, "", ())
    assert [entry.identity for entry in found.entries] == ["1", "2"]
    assert {entry.source for entry in found.entries} == {found.name}
    (asked,) = found.pages
    assert (asked.address, asked.etag, asked.last_modified) == (site.at("/feed/"), '"1"', "yesterday")


def test_a_source_that_has_not_changed_is_not_read_again(site: Site, fetching: Fetching, tmp_path: Path) -> None:
    site.acts["/feed/"] = unless_known(MAIN, '"1"')
    (tmp_path / "main.xml").write_text(MAIN)
    for address in (site.at("/feed/"), str(tmp_path / "main.xml")):
        (first,) = read(fetching, address)
        (second,) = read(fetching, address, known=known_after(first))
        assert (second.status, second.entries, second.pages) == (SourceStatus.UNCHANGED, (), first.pages)


def test_a_broken_source_is_a_value_and_the_others_go_on(site: Site, fetching: Fetching, tmp_path: Path) -> None:
    site.acts |= {"/good": page(MAIN), "/html": page("<!doctype html><title>Sorry</title>"), "/cut": cut_after(b"")}
    bad = [site.at("/none"), site.at("/html"), site.at("/cut"), str(tmp_path / "none.xml"), "feed.xml", ""]
    found = read(fetching, *bad, site.at("/good"))
    assert [each.status for each in found] == [SourceStatus.FAILED] * 6 + [SourceStatus.OK]
    assert [each.url for each in found] == [*bad, site.at("/good")]
    assert all(each.error and not each.entries and not each.pages for each in found[:-1])
    assert found[0].error == "the server answered 404 Not Found; check the feed's address"
    assert found[1].error.startswith("an HTML page, not a feed (its title is “Sorry”); look for")


def test_what_nobody_expected_is_a_failure_in_words_too(
    tmp_path: Path, fetching: Fetching, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def unexpected(*_: object, **__: object) -> None:
        raise KeyError("surprise")

    monkeypatch.setattr(gather, "read_as_it_is", unexpected)
    (tmp_path / "main.xml").write_text(MAIN)
    with caplog.at_level(logging.DEBUG, logger="digest.sources.gather"):
        (found,) = read(fetching, str(tmp_path / "main.xml"))
    assert (found.status, found.error) == (SourceStatus.FAILED, "could not be read: KeyError: 'surprise'")
    assert "Traceback" in caplog.text


def test_the_quick_ones_do_not_wait_for_a_slow_one(site: Site) -> None:
    """The first answers only when the others have been given, which are kept meanwhile."""
    others_are_here = threading.Event()

    def first(handler: object) -> None:
        assert others_are_here.wait(10)
        page(MAIN)(handler)  # type: ignore[arg-type]

    site.acts |= {"/1": first, "/2": page(MAIN), "/3": page(MAIN)}
    sources = [(Source(name="s", feed=site.at(path)), NOTHING) for path in ("/1", "/2", "/3")]
    reading = FeedReader(Fetching(timeout=20, at_once=3, per_host=3)).read(sources, WANTED)
    assert {next(reading).url, next(reading).url} == {site.at("/2"), site.at("/3")}
    others_are_here.set()
    assert [found.url for found in reading] == [site.at("/1")]


def test_no_more_than_allowed_are_under_way_at_once(site: Site) -> None:
    under_way, most, lock = 0, 0, threading.Lock()
    pair = threading.Barrier(2)

    def counted(handler: object) -> None:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        pair.wait(10)
        with lock:
            under_way -= 1
        page(MAIN)(handler)  # type: ignore[arg-type]

    site.acts |= {f"/{number}": counted for number in range(8)}
    found = read(Fetching(timeout=20, at_once=2), *(site.at(f"/{number}") for number in range(8)))
    assert [each.status for each in found] == [SourceStatus.OK] * 8
    assert most == 2


class TestAMovedSource:
    def test_is_reported_under_its_configured_address(self, site: Site, fetching: Fetching) -> None:
        site.acts |= {"/old": redirect(301, "/new"), "/new": page(MAIN)}
        (found,) = read(fetching, site.at("/old"))
        assert (found.url, found.moved_to) == (site.at("/old"), site.at("/new"))

    @pytest.mark.parametrize("gone", [status(404), status(500), page("<html>Parked</html>")])
    def test_is_looked_for_at_its_configured_address_again(self, site: Site, fetching: Fetching, gone: object) -> None:
        site.acts |= {"/old": page(MAIN, etag='"2"'), "/new": gone}  # type: ignore[dict-item]
        (found,) = read(fetching, site.at("/old"), known=self.moved(site))
        assert (found.status, found.moved_to, found.pages[0].etag) == (SourceStatus.OK, "", '"2"')
        assert "if-none-match" not in site.asked[-1][1]

    def test_that_is_nowhere_fails_and_forgets_nothing(self, site: Site, fetching: Fetching) -> None:
        (found,) = read(fetching, site.at("/old"), known=self.moved(site))
        assert (found.status, found.pages) == (SourceStatus.FAILED, ())

    def moved(self, site: Site) -> KnownSource:
        page_known = PageKnown(address=site.at("/old"), etag='"1"')
        return KnownSource(moved_to=site.at("/new"), pages={page_known.address: page_known})


def test_no_sources_are_no_work(fetching: Fetching) -> None:
    assert read(fetching) == []


def test_a_reader_may_stop_early(site: Site, fetching: Fetching) -> None:
    site.acts["/feed/"] = page(MAIN)
    reading = FeedReader(fetching).read([(Source(name="s", feed=site.at("/feed/")), NOTHING)] * 20, WANTED)
    assert next(reading).status == SourceStatus.OK
    reading.close()  # type: ignore[attr-defined]


def test_it_works_from_a_script_without_any_ceremony(tmp_path: Path) -> None:
    (tmp_path / "main.xml").write_text(MAIN)
    script = tmp_path / "script.py"
    script.write_text(
        "from datetime import UTC, datetime\nfrom digest.model import KnownSource, Wanted\n"
        "from digest.settings import Fetching, Source\n"
        "from digest.sources.gather import FeedReader\n"
        f"source = Source(name='s', feed={str(tmp_path / 'main.xml')!r})\n"
        "wanted = Wanted(since=datetime(2026, 11, 13, tzinfo=UTC), now=datetime(2026, 11, 20, tzinfo=UTC))\n"
        "reading = FeedReader(Fetching()).read([(source, KnownSource())] * 3, wanted)\n"
        "print([len(found.entries) for found in reading])\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "[2, 2, 2]\n"


def test_the_room_costs_nothing_until_it_is_used() -> None:
    code = "import digest.sources, sys; print({'feedparser', 'lxml', 'urllib3', 'orjson'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "set()\n"
