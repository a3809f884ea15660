"""A gather over a whole newsroom at once: who is sound is complete, who is hostile costs the others nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from digest.model import FetchedSource, KnownSource, SourceStatus, Wanted
from digest.settings import Fetching, Source
from digest.sources.gather import FeedReader
from tests.contract.sources.newsroom import WORLD, Newsroom

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems have one loopback address, not 65,000")

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
SLOW = ("no answer from ", "the answer was not complete after ", "no connection to ")
"""What is said of a server that takes its time."""
OVER = "the time for this gather was over"


@dataclass(frozen=True)
class Gathered:
    """What one gather over the newsroom gave, by the sources' names."""

    newsroom: Newsroom
    found: dict[str, FetchedSource]


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    newsroom = Newsroom(NOW)
    yield newsroom
    newsroom.close()


def gathered(newsroom: Newsroom, names: dict[str, str], fetching: Fetching) -> Gathered:
    sources = [(Source(name=name, feed=address), KnownSource()) for name, address in names.items()]
    wanted = Wanted(since=NOW - timedelta(days=7), now=NOW)
    found = FeedReader(fetching, resolve=newsroom.resolve).read(sources, wanted)
    return Gathered(newsroom, {each.name: each for each in found})


@pytest.fixture(scope="module")
def everybody(newsroom: Newsroom) -> Gathered:
    """All of the newsroom, the hostile ones first."""
    names = {name: address for name, (address, _) in newsroom.hostile.items()} | newsroom.sound
    return gathered(newsroom, names, Fetching(timeout=1, max_bytes=2_000_000, deadline=120, private=(WORLD,)))


def test_who_is_sound_is_complete(everybody: Gathered) -> None:
    sound = [everybody.found[name] for name in everybody.newsroom.sound]
    assert [(each.name, each.status, each.error) for each in sound if each.status is not SourceStatus.OK] == []
    assert {(len(each.entries), each.complete) for each in sound} == {(10, True)}
    assert len(sound) > 20


def test_who_is_hostile_has_its_words(everybody: Gathered) -> None:
    for name, (_, said) in everybody.newsroom.hostile.items():
        found = everybody.found[name]
        assert found.status is SourceStatus.FAILED, name
        assert found.error.startswith(SLOW) if not said else said in found.error, (name, found.error)
        assert (found.entries, found.complete, found.pages) == ((), False, ()), name


def test_nobody_inside_was_asked(everybody: Gathered) -> None:
    assert everybody.newsroom.inside.asked == []


def test_nobody_s_robots_txt_was_asked_for_feeds_and_no_cookie_was_kept(everybody: Gathered) -> None:
    asked = [each for site in everybody.newsroom.sites for each in site.asked]
    assert "/robots.txt" not in {path for path, _ in asked}
    assert all("cookie" not in headers for _, headers in asked)
    assert len(asked) > 50


def test_what_servers_say_of_later_is_told(everybody: Gathered) -> None:
    assert everybody.found["too often"].retry_after == 7200
    assert everybody.found["busy"].retry_after == pytest.approx(7200, abs=120)
    assert [name for name, each in everybody.found.items() if each.retired] == ["answers 410"]
    assert everybody.found["moved thrice"].moved_to.endswith("/4")


def test_the_whole_ends_within_its_deadline(everybody: Gathered) -> None:
    assert not [name for name, each in everybody.found.items() if OVER in each.error]


def test_a_run_that_is_out_of_time_keeps_what_arrived(newsroom: Newsroom) -> None:
    """The slow ones would hold it for as long as they are waited for; it ends with its own deadline."""
    slow = {name: address for name, (address, said) in newsroom.hostile.items() if not said}
    run = gathered(newsroom, newsroom.sound | slow, Fetching(timeout=60, deadline=4, private=(WORLD,)))
    assert {run.found[name].status for name in newsroom.sound} == {SourceStatus.OK}
    assert {run.found[name].error.partition(";")[0] for name in slow} == {OVER}


def test_a_silent_host_of_many_sources_is_not_waited_for_again_and_again(newsroom: Newsroom) -> None:
    silent, _ = newsroom.hostile["never answers"]
    names = {f"silent {number}": f"{silent}?{number}" for number in range(12)}
    run = gathered(newsroom, names | newsroom.sound, Fetching(timeout=1, at_once=3, deadline=60, private=(WORLD,)))
    assert {run.found[name].status for name in newsroom.sound} == {SourceStatus.OK}
    assert {run.found[name].status for name in names} == {SourceStatus.FAILED}
    (site,) = [site for site in newsroom.sites if site.at("/feed") == silent]
    # A third may have started while the second was waited for.
    assert len([path for path, _ in site.asked if "?" in path]) in (2, 3)
