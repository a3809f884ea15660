"""Manners at a host, by a clock that is told the time, and by real requests where they are counted."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from digest.errors import SourceRefused, SourceUnreadable
from digest.settings import Fetching
from digest.sources.web.fetch import Fetcher
from digest.sources.web.manners import Queue, Queues
from digest.sources.web.patience import Patience
from tests.unit.sources.fetched import FEED, words
from tests.unit.sources.scripted_site import Act, Site, in_turn, page, redirect, status
from tests.unit.sources.web.told_clock import ToldClock


@pytest.fixture
def clock() -> ToldClock:
    return ToldClock()


@pytest.fixture
def unhurried(clock: ToldClock) -> Iterator[Fetcher]:
    """By the told clock; a second between requests to a host, and a minute for all."""
    fetching = Fetching(timeout=5, pause=1.0)
    fetcher = Fetcher(fetching, until=clock() + 60, monotonic=clock, sleep=clock.sleep)
    yield fetcher
    fetcher.close()


@pytest.fixture
def queue(clock: ToldClock) -> Queue:
    return Queues(Fetching(pause=1.0), clock, clock.sleep, clock() + 60).of("http://docket.example/feed")


@pytest.fixture
def left(clock: ToldClock) -> Patience:
    return Patience(10, clock)


def refused(fetcher: Fetcher, address: str) -> SourceRefused:
    with pytest.raises(SourceRefused) as caught:
        fetcher.fetch(address)
    return caught.value


class TestThePause:
    def test_lies_between_the_starts_of_requests_and_not_before_the_first(
        self, queue: Queue, left: Patience, clock: ToldClock
    ) -> None:
        queue.take_turn(left)
        assert clock.slept == []
        queue.take_turn(left)
        clock.now += 0.75
        queue.take_turn(left)
        clock.now += 5
        queue.take_turn(left)
        assert clock.slept == [1.0, 0.25]

    def test_is_each_host_s_own(self, clock: ToldClock, left: Patience) -> None:
        queues = Queues(Fetching(pause=1.0), clock, clock.sleep, clock() + 60)
        for address in ("http://a.example/1", "http://a.example:8080/1", "http://b.example/1", "https://a.example/1"):
            queues.of(address).take_turn(left)
        assert clock.slept == []
        queues.of("HTTP://A.Example/2").take_turn(left)
        assert clock.slept == [1.0]

    def test_grows_as_the_host_wishes_and_does_not_shrink(self, queue: Queue, left: Patience, clock: ToldClock) -> None:
        queue.slow_down(3.0)
        queue.slow_down(0.1)
        queue.take_turn(left)
        queue.take_turn(left)
        assert clock.slept == [3.0]

    def test_is_not_waited_for_past_the_end_of_the_run(self, queue: Queue, left: Patience, clock: ToldClock) -> None:
        queue.slow_down(61.0)
        queue.take_turn(left)
        with pytest.raises(SourceUnreadable, match="time for this gather was over"):
            queue.take_turn(left)
        assert clock.slept == []

    def test_does_not_use_up_patience(self, queue: Queue, left: Patience) -> None:
        for _ in range(20):
            queue.take_turn(left)
        assert left.remaining() == pytest.approx(10.0)

    def test_lies_between_redirects_and_retries_too(self, site: Site, unhurried: Fetcher, clock: ToldClock) -> None:
        site.acts |= {"/a": redirect(302, "/b"), "/b": in_turn(status(502), page(FEED))}
        unhurried.fetch(site.at("/a"))
        assert clock.slept == [1.0, 0.2, 0.8]


class TestPlaces:
    def test_are_two_at_a_host(self, site: Site) -> None:
        lock, pair, counts = threading.Lock(), threading.Barrier(2), {"now": 0, "most": 0}

        def counted(handler: object) -> None:
            with lock:
                counts["now"] += 1
                counts["most"] = max(counts["most"], counts["now"])
            pair.wait(10)
            with lock:
                counts["now"] -= 1
            page(FEED)(handler)  # type: ignore[arg-type]

        site.acts["/feed"] = counted
        fetcher = Fetcher(Fetching(timeout=20, at_once=6))
        with ThreadPoolExecutor(6) as threads:
            assert len(list(threads.map(lambda _: fetcher.fetch(site.at("/feed")), range(6)))) == 6
        assert counts["most"] == 2

    def test_that_never_fall_free_end_with_the_run(self, site: Site) -> None:
        queue = Queues(Fetching(per_host=1), lambda: 0.0, lambda _: None, 0.05).of(site.at("/"))
        left = Patience(10, lambda: 0.0)
        with queue.place(left), pytest.raises(SourceUnreadable, match="time for this gather"), queue.place(left):
            pass

    def test_are_given_back_after_a_failure(self, site: Site) -> None:
        site.acts |= {"/bad": status(500), "/to": redirect(302, "/bad"), "/feed": page(FEED)}
        fetcher = Fetcher(Fetching(timeout=5, per_host=1))
        for path in ("/bad", "/to", "/bad"):
            words(fetcher, site.at(path))
        assert fetcher.fetch(site.at("/feed")).status == 200


class TestRest:
    @pytest.mark.parametrize("code", [429, 503])
    def test_that_is_asked_for_is_told_and_taken(self, site: Site, unhurried: Fetcher, code: int) -> None:
        site.acts |= {"/feed": page("enough", code, retry_after="120"), "/other": page(FEED)}
        error = refused(unhurried, site.at("/feed"))
        assert (error.status, error.body, error.retry_after) == (code, b"enough", 120)
        again = refused(unhurried, site.at("/other"))
        assert (again.status, again.body, again.retry_after) == (code, b"", pytest.approx(120))
        assert str(again) == f"127.0.0.1 answered {code} and wants to be left alone for 120 s"
        assert len(site.asked) == 1

    def test_is_over_after_its_time(self, site: Site, unhurried: Fetcher, clock: ToldClock) -> None:
        site.acts |= {"/feed": page("", 503, retry_after="30"), "/other": page(FEED)}
        refused(unhurried, site.at("/feed"))
        clock.now += 31
        assert unhurried.fetch(site.at("/other")).status == 200

    @pytest.mark.parametrize("code", [429, 503])
    def test_for_a_moment_is_waited_for(self, site: Site, unhurried: Fetcher, clock: ToldClock, code: int) -> None:
        site.acts["/feed"] = in_turn(page("", code, retry_after="4"), page(FEED))
        assert unhurried.fetch(site.at("/feed")).body == FEED.encode()
        assert sum(clock.slept) == pytest.approx(4.0)

    def test_for_moments_without_end_is_no_answer(self, site: Site, unhurried: Fetcher) -> None:
        site.acts["/feed"] = page("", 429, retry_after="1")
        assert refused(unhurried, site.at("/feed")).status == 429
        assert len(site.asked) == 3

    def test_without_a_time_is_not_taken(self, site: Site, unhurried: Fetcher) -> None:
        site.acts |= {"/feed": status(429), "/other": page(FEED)}
        assert refused(unhurried, site.at("/feed")).retry_after is None
        assert unhurried.fetch(site.at("/other")).status == 200


class TestASilentHost:
    def test_is_asked_twice_and_no_more(self, site: Site) -> None:
        heard = threading.Event()
        site.acts |= {"/slow": _silence(heard), "/feed": page(FEED)}
        fetcher = Fetcher(Fetching(timeout=0.2), sleep=lambda _: None)
        assert [words(fetcher, site.at("/slow")) for _ in range(3)] == [
            "no answer from 127.0.0.1 within 0.2 s",
            "no answer from 127.0.0.1 within 0.2 s",
            "127.0.0.1 did not answer before, and is not asked again in this gather",
        ]
        heard.set()
        assert len(site.asked) == 2

    def test_that_answers_in_between_is_none(self, site: Site) -> None:
        heard = threading.Event()
        site.acts |= {"/slow": _silence(heard), "/feed": page(FEED)}
        fetcher = Fetcher(Fetching(timeout=0.2), sleep=lambda _: None)
        for _ in range(3):
            words(fetcher, site.at("/slow"))
            assert fetcher.fetch(site.at("/feed")).status == 200
        heard.set()


def _silence(until: threading.Event) -> Act:
    def act(handler: object) -> None:
        until.wait(30)
        raise OSError

    return act
