"""Many sources at once: one `FetchedSource` for each, in order. A broken feed is a value, never an exception."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from digest.errors import SourceUnreadable
from digest.model import FetchedSource, SourceStatus, Validators
from digest.settings import Fetching, Source
from digest.sources.feeds.parse import parse_feed
from digest.sources.web.fetch import NOTHING_KNOWN, Fetched, Fetcher
from digest.sources.web.patience import Monotonic

_log = logging.getLogger(__name__)


class FeedReader:
    """Reads feeds, several at once in threads: while one waits for its server, another is parsed."""

    def __init__(self, fetching: Fetching, *, monotonic: Monotonic = time.monotonic) -> None:
        self._fetching = fetching
        self._monotonic = monotonic

    def read(self, sources: Sequence[tuple[Source, Validators]]) -> Iterator[FetchedSource]:
        """What each source says now, in the order given, each as soon as it and those before it are read.

        UNCHANGED where the server or the file's hash says so. FAILED has its error in words and the validators that
        were given, so that nothing of a failed reading is remembered.
        """
        fetcher = Fetcher(self._fetching, monotonic=self._monotonic)
        pool = ThreadPoolExecutor(max_workers=max(1, self._fetching.at_once), thread_name_prefix="feed")
        try:
            yield from pool.map(lambda pair: read_source(fetcher, *pair), sources)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            fetcher.close()


def read_source(fetcher: Fetcher, source: Source, validators: Validators) -> FetchedSource:
    """What one source says now. Raises nothing."""
    found = FetchedSource(name=source.name, url=source.feed, status=SourceStatus.FAILED, validators=validators)
    try:
        return _read_where_it_is(fetcher, found)
    except SourceUnreadable as error:
        return replace(found, error="; ".join(filter(None, (str(error), error.hint))))
    except Exception as error:
        _log.debug("%s: unexpected", source.feed, exc_info=True)
        return replace(found, error=f"could not be read: {type(error).__name__}: {str(error)[:200]}")


def _read_where_it_is(fetcher: Fetcher, found: FetchedSource) -> FetchedSource:
    """Read at the address it has moved to for good; should that be no good any more, at the configured one."""
    try:
        return _read(fetcher, found, found.validators)
    except SourceUnreadable:
        if not found.validators.moved_to:
            raise
    return _read(fetcher, found, NOTHING_KNOWN)


def _read(fetcher: Fetcher, found: FetchedSource, validators: Validators) -> FetchedSource:
    fetched = fetcher.fetch(found.url, validators)
    if fetched.unchanged:
        return replace(found, status=SourceStatus.UNCHANGED, validators=fetched.validators)
    return _parsed(found, fetched)


def _parsed(found: FetchedSource, fetched: Fetched) -> FetchedSource:
    feed = parse_feed(fetched.body, source=found.name, address=fetched.address, content_type=fetched.content_type)
    return replace(
        found,
        status=SourceStatus.OK,
        entries=feed.entries,
        items=feed.items,
        validators=fetched.validators,
        warnings=feed.warnings,
    )
