"""145 real feeds, read in one run from files and again over HTTP: nothing lost, nothing broken, nothing twice."""

from __future__ import annotations

import csv
import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from digest.model import Entry, FetchedSource, KnownSource, SourceStatus
from digest.settings import Fetching, Source
from digest.sources.gather import FeedReader
from digest.sources.texts import is_web_address
from tests.unit.sources.gathered import NOTHING, WANTED, known_after

FEWER = {
    "picofeed--dailymail.co.uk.xml": (62, "one item is there twice, letter for letter"),
    "feeder--rss_ukrnet.xml": (19, "one guid, link and title twice: the story and, half an hour later, its revision"),
}
"""Where we rightly count otherwise than the manifest, and why."""


class Quiet(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


@pytest.fixture(scope="module")
def manifest(feeds: Path) -> dict[str, int]:
    with (feeds / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return {row["file"]: int(row["entries"]) for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def served(feeds: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(feeds)))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def read_all(names: list[str], place: str, known: dict[str, KnownSource]) -> dict[str, FetchedSource]:
    sources = [(Source(name=name, feed=f"{place}/{name}"), known.get(name, NOTHING)) for name in names]
    read = {found.name: found for found in FeedReader(Fetching(timeout=60)).read(sources, WANTED)}
    return {name: read[name] for name in names}


@pytest.fixture(scope="module")
def from_files(manifest: dict[str, int], feeds: Path) -> dict[str, FetchedSource]:
    return read_all(list(manifest), str(feeds), {})


@pytest.fixture(scope="module")
def over_http(manifest: dict[str, int], served: str) -> dict[str, FetchedSource]:
    return read_all(list(manifest), served, {})


@pytest.fixture(scope="module")
def entries(from_files: dict[str, FetchedSource], over_http: dict[str, FetchedSource]) -> list[Entry]:
    return [entry for found in (*from_files.values(), *over_http.values()) for entry in found.entries]


@pytest.mark.parametrize("way", ["from_files", "over_http"])
def test_every_feed_gives_the_entries_it_has(
    way: str, manifest: dict[str, int], request: pytest.FixtureRequest
) -> None:
    found: dict[str, FetchedSource] = request.getfixturevalue(way)
    expected = manifest | {name: count for name, (count, _) in FEWER.items()}
    assert {name: len(each.entries) for name, each in found.items()} == expected
    assert {each.status for each in found.values()} == {SourceStatus.OK}
    assert list(found) == list(manifest)


def test_identities_are_the_same_wherever_the_feed_is_read(
    from_files: dict[str, FetchedSource], over_http: dict[str, FetchedSource]
) -> None:
    for name, found in from_files.items():
        assert [entry.identity for entry in found.entries] == [entry.identity for entry in over_http[name].entries]


def test_no_two_entries_of_a_source_have_one_identity(from_files: dict[str, FetchedSource]) -> None:
    for found in from_files.values():
        identities = [entry.identity for entry in found.entries]
        assert all(identities)
        assert len(set(identities)) == len(identities), found.name


def test_links_and_pictures_are_web_addresses(entries: list[Entry]) -> None:
    assert all(entry.link == "" or is_web_address(entry.link) for entry in entries)
    assert all(is_web_address(picture.address) for entry in entries for picture in entry.pictures)


def test_dates_are_instants_in_utc(entries: list[Entry]) -> None:
    dates = [date for entry in entries for date in (entry.published, entry.updated) if date]
    assert len(dates) > len(entries) / 2
    assert all(str(date.tzinfo) == "UTC" for date in dates)


def test_no_author_is_an_email_address(entries: list[Entry]) -> None:
    assert not [entry.author for entry in entries if "@" in entry.author]


def test_a_second_reading_finds_nothing_changed(manifest: dict[str, int], feeds: Path, served: str) -> None:
    names = list(manifest)[:20]
    for place in (str(feeds), served):
        first = read_all(names, place, {})
        again = read_all(names, place, {name: known_after(found) for name, found in first.items()})
        assert {found.status for found in again.values()} == {SourceStatus.UNCHANGED}
        assert all(found.pages == first[name].pages for name, found in again.items())
