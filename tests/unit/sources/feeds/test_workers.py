"""Feeds parsed in other processes are the feeds that are parsed here."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from digest.errors import SourceUnreadable
from digest.sources.feeds import workers
from digest.sources.feeds.parse import parse_feed
from digest.sources.feeds.workers import Parsers
from tests.unit.sources.feeds.past import item, rss

FEED = rss(map(item, range(20))).encode()


@pytest.fixture
def parsers() -> Iterator[Parsers]:
    """One worker, from the first byte on."""
    parsers = Parsers(workers=1, alone=0)
    yield parsers
    parsers.close()


def processes(parsers: Parsers) -> list[int]:
    return [worker._process.pid for worker in parsers._started]


def test_a_worker_gives_the_same_feed(parsers: Parsers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "parse_feed", None)  # here it cannot be done
    found = parsers.parse(FEED, source="s", address="https://docket.example/feed/", content_type="text/xml")
    assert found == parse_feed(FEED, source="s", address="https://docket.example/feed/", content_type="text/xml")
    assert parsers.parse(FEED, source="s") == parse_feed(FEED, source="s")
    assert len(processes(parsers)) == 1


def test_a_worker_refuses_in_the_same_words(parsers: Parsers) -> None:
    page = b"<!doctype html><title>Sorry</title>"
    with pytest.raises(SourceUnreadable) as here:
        parse_feed(page, source="s")
    with pytest.raises(SourceUnreadable) as there:
        parsers.parse(page, source="s")
    assert (str(there.value), there.value.hint) == (str(here.value), here.value.hint)
    assert parsers.parse(FEED, source="s").items == 20


def test_a_worker_that_dies_costs_nothing(parsers: Parsers) -> None:
    parsers.parse(FEED, source="s")
    os.kill(processes(parsers)[0], signal.SIGKILL)
    assert parsers.parse(FEED, source="s").items == 20
    assert parsers.parse(FEED, source="s").items == 20


def test_without_another_process_it_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object, **__: object) -> None:
        raise BlockingIOError

    monkeypatch.setattr(workers.subprocess, "Popen", none)
    assert Parsers(workers=3, alone=0).parse(FEED, source="s").items == 20


def test_a_few_feeds_start_no_process() -> None:
    parsers = Parsers(workers=3)
    assert parsers.parse(FEED, source="s").items == 20
    assert processes(parsers) == []


def test_many_threads_share_the_workers(parsers: Parsers) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda number: parsers.parse(FEED, source=f"s{number}"), range(60)))
    assert [feed.entries[0].source for feed in found] == [f"s{number}" for number in range(60)]
    assert len(processes(parsers)) == 1


def test_closing_ends_them(parsers: Parsers) -> None:
    parsers.parse(FEED, source="s")
    (process,) = [worker._process for worker in parsers._started]
    parsers.close()
    assert process.poll() is not None
