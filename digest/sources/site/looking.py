"""Looking at a site before it becomes a source: each address is asked once, however many routes lead to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import replace
from datetime import datetime, timedelta

from digest.errors import SourceUnreadable
from digest.model import FetchedSource, KnownSource, SourceStatus, Validators, Wanted
from digest.settings import Fetching, Source
from digest.sources.gather import read_source
from digest.sources.site.offers import QUIET, Offer, Offers, Route, find_offers, try_route
from digest.sources.web.fetch import NOTHING_KNOWN, Fetched, Fetcher

_WEEK = timedelta(days=7)
_MOST_PAGES = 12
"""Of a source's past, to see whether it reaches back a week; an editor waits for it."""

Monotonic = Callable[[], float]


class OnceFetcher(Fetcher):
    """Asks for an address once; who asks again gets the same answer."""

    def __init__(self, fetching: Fetching, monotonic: Monotonic) -> None:
        super().__init__(fetching, until=monotonic() + fetching.deadline, monotonic=monotonic)
        self._answers: dict[str, Fetched | SourceUnreadable] = {}

    def fetch(
        self, address: str, validators: Validators = NOTHING_KNOWN, *, stranger: bool = False, robots: bool = False
    ) -> Fetched:
        if address not in self._answers:
            try:
                self._answers[address] = super().fetch(address, stranger=stranger, robots=robots)
            except SourceUnreadable as error:
                self._answers[address] = error
        answer = self._answers[address]
        if isinstance(answer, SourceUnreadable):
            raise answer
        return answer


def look_at(address: str, fetching: Fetching, *, now: datetime, monotonic: Monotonic = time.monotonic) -> Offers:
    """What the site, feed or sitemap at this address offers. Raises SourceUnreadable when nothing can be read."""
    fetcher = OnceFetcher(fetching, monotonic)
    try:
        return find_offers(address, fetcher.fetch, _reading(fetcher, fetching, now), now=now)
    finally:
        fetcher.close()


def look_at_feeds(
    routes: Sequence[Route], fetching: Fetching, *, now: datetime, monotonic: Monotonic = time.monotonic
) -> Iterator[Offer]:
    """Each feed of a list as it is, in its order, several at once. What has not answered when `fetching.deadline` is
    over has failed with that for its reason."""
    fetcher = OnceFetcher(fetching, monotonic)
    read = _reading(fetcher, replace(fetching, most_pages=1), now)
    pool = ThreadPoolExecutor(max_workers=max(1, fetching.at_once), thread_name_prefix="look")
    ends = monotonic() + fetching.deadline
    try:
        futures = [pool.submit(try_route, route, read, now=now) for route in routes]
        for route, future in zip(routes, futures, strict=True):
            yield _in_time(route, future, ends - monotonic(), fetching.deadline)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        fetcher.close()


def _in_time(route: Route, future: Future[Offer], seconds: float, deadline: float) -> Offer:
    try:
        return future.result(max(0.0, seconds))
    except TooLate:
        future.cancel()
        late = f"it had not answered when {deadline:g} s were over; add it by itself, or raise fetch.deadline"
        return Offer(route=route, found=_failed(Source(name=route.name, feed=route.address, kind=route.kind), late))


def _failed(source: Source, error: str) -> FetchedSource:
    return FetchedSource(name=source.name, url=source.feed, kind=source.kind, status=SourceStatus.FAILED, error=error)


def _reading(fetcher: Fetcher, fetching: Fetching, now: datetime) -> Callable[[Source], FetchedSource]:
    """Reads a source back over a week; over a longer time where that week has no stories.

    Its address is asked for as a stranger's first: a page or a list named it, and it must lead into no private network.
    """
    fetching = replace(fetching, most_pages=min(_MOST_PAGES, fetching.most_pages))

    def read(source: Source) -> FetchedSource:
        try:
            fetcher.fetch(source.feed, stranger=True)
        except SourceUnreadable as error:
            return _failed(source, "; ".join(filter(None, (str(error), error.hint))))
        for span in (_WEEK, 2 * QUIET):
            wanted = Wanted(since=now - span, now=now)
            found = read_source(fetcher, source, KnownSource(), wanted, fetching)
            if found.entries or found.status is SourceStatus.FAILED:
                break
        return found

    return read
