"""Broken and hostile feeds: nothing expands, nothing is fetched, nothing crashes, and what is sound survives."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.model import FetchedSource, SourceStatus
from digest.settings import Fetching
from tests.unit.sources.gathered import read_one
from tests.unit.sources.scripted_site import Site, page

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def no_way_out(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """Whoever connects to anything is found out."""
    tried: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda self, address: tried.append(address))
    yield tried
    assert tried == []


def read(path: Path) -> FetchedSource:
    return read_one(str(path))


@pytest.fixture
def hostile(shared: Path, no_way_out: list[object]) -> Path:
    return shared / "corpora" / "xml"


@pytest.mark.parametrize(
    ("name", "summary", "warnings"),
    [
        ("billion-laughs", "&l9;", ("declares entities that were not expanded",)),
        ("external-dtd-rss091", "x", ()),
        ("leading-whitespace", "x", ()),
        ("nul-and-control", "abcd", ()),
        ("utf16-bom", "utf-16 日本語", ()),
        ("wrong-encoding-declared", "café — naïve", ("named as utf-8, read as windows-1252",)),
    ],
)
def test_the_story_survives(hostile: Path, name: str, summary: str, warnings: tuple[str, ...]) -> None:
    found = read(hostile / f"{name}.xml")
    assert (found.status, found.warnings) == (SourceStatus.OK, warnings)
    (entry,) = found.entries
    assert (entry.title, entry.link, entry.identity) == ("One", "https://x.example/1", "https://x.example/1")
    assert (entry.summary, entry.published) == (summary, NINE)


@pytest.mark.parametrize(
    ("name", "summary"),
    [
        ("external-entity-file", "&x;"),
        ("truncated", "complete"),
        ("undeclared-html-entities", "fish \xa0&—chips © AT&T"),
    ],
)
def test_the_story_of_broken_xml_survives_with_a_warning(hostile: Path, name: str, summary: str) -> None:
    found = read(hostile / f"{name}.xml")
    assert [(entry.title, entry.summary) for entry in found.entries] == [("One", summary)]
    assert "not well-formed" in found.warnings[-1]


def test_deep_nesting_is_no_danger(hostile: Path) -> None:
    found = read(hostile / "deep-nesting.xml")
    assert [entry.title for entry in found.entries] == ["One"]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("html-error-page", "an HTML page, not a feed (its title is “503 Service Unavailable”)"),
        ("empty", "the answer was empty"),
    ],
)
def test_what_is_no_feed_is_refused_in_words(hostile: Path, name: str, error: str) -> None:
    found = read(hostile / f"{name}.xml")
    assert (found.status, found.entries) == (SourceStatus.FAILED, ())
    assert found.error.startswith(error)


def test_dates_that_cannot_be_are_none(hostile: Path) -> None:
    dates = {entry.identity: entry.published for entry in read(hostile / "bad-dates.xml").entries}
    assert dates == {
        "d1": None,
        "d2": None,
        "d4": None,
        "d5": datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC),
        "d6": datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
        "d8": datetime(2026, 11, 23, 14, tzinfo=UTC),
        "d9": None,
        "d11": None,
        "d13": NINE,
        "d14": NINE,
    }


def test_shared_and_missing_guids_swallow_nothing(hostile: Path) -> None:
    entries = read(hostile / "duplicate-and-missing-guids.xml").entries
    assert [entry.title for entry in entries] == ["A", "B", "C", "C again", ""]
    assert len({entry.identity for entry in entries}) == 5


def test_titles_are_one_line_and_else_as_they_came(hostile: Path) -> None:
    titles = [entry.title for entry in read(hostile / "subject-injection-title.xml").entries]
    assert titles[0] == "Hello Bcc: victim@example.com"
    assert titles[1] == "A" * 5000
    assert titles[2].startswith("\u202egnp.exe")
    assert titles[3].startswith("{{ 7*7 }} {% raw %}")


def test_of_fifty_thousand_stories_the_newest_ten_thousand_are_read(shared: Path, site: Site) -> None:
    """In a process of its own, which tells its peak of memory."""
    packed = (shared / "corpora" / "xml" / "huge-feed.xml.gz").read_bytes()
    site.acts["/huge"] = page(packed, content_encoding="gzip")
    code = (
        "import json, sys\nfrom pathlib import Path\nfrom datetime import UTC, datetime\n"
        "from digest.model import KnownSource, Wanted\n"
        "from digest.settings import Fetching, Source\nfrom digest.sources.gather import FeedReader\n"
        "wanted = Wanted(since=datetime(2026, 11, 13, tzinfo=UTC), now=datetime(2026, 11, 20, tzinfo=UTC))\n"
        "source = Source(name='s', feed=sys.argv[1])\n"
        "(found,) = FeedReader(Fetching()).read([(source, KnownSource())], wanted)\n"
        # Not getrusage's peak, which begins with that of the process that started this one.
        "lines = Path('/proc/self/status').read_text().splitlines()\n"
        "megabytes = next(int(line.split()[1]) for line in lines if line.startswith('VmHWM')) // 1024\n"
        "print(json.dumps([found.warnings, [entry.identity for entry in found.entries], megabytes]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, site.at("/huge")], capture_output=True, text=True, timeout=300, check=True
    )
    warnings, identities, megabytes = json.loads(done.stdout)
    assert warnings == ["holds 50,000 entries; the 10,000 newest were read"]
    assert identities == [f"big-{number}" for number in range(40_000, 50_000)]
    assert megabytes < 500


def test_a_feed_larger_than_allowed_is_refused(shared: Path, site: Site) -> None:
    packed = (shared / "corpora" / "xml" / "huge-feed.xml.gz").read_bytes()
    site.acts["/huge"] = page(packed, content_encoding="gzip")
    found = read_one(site.at("/huge"), fetching=Fetching(max_bytes=5_000_000))
    assert (found.status, found.error.partition(";")[0]) == (SourceStatus.FAILED, "larger than 5,000,000 bytes")


def test_markup_attacks_come_through_as_they_are_to_be_cleaned_later(shared: Path, no_way_out: list[object]) -> None:
    found = read(shared / "corpora" / "html" / "xss-feed.xml")
    assert found.status == SourceStatus.OK
    assert len(found.entries) > 100
    assert all(entry.link.startswith(("http://", "https://")) or not entry.link for entry in found.entries)
