"""Many sources at once: one `FetchedSource` for each. A broken source is a value, never an exception."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import replace

from digest.errors import SourceRefused, SourceUnreadable
from digest.model import FetchedSource, KnownSource, SourceStatus, Wanted
from digest.network import Resolve, by_host, host_of, resolved
from digest.settings import Fetching, Source
from digest.sources.feeds.parse import parse_feed
from digest.sources.feeds.workers import Parse, Parsers
from digest.sources.reading import read_as_it_is
from digest.sources.seam import Asking
from digest.sources.web.fetch import Fetcher
from digest.sources.web.patience import Monotonic

_log = logging.getLogger(__name__)
_GONE = 410


class FeedReader:
    """Reads sources, several at once in threads: while one waits for its server, another is parsed."""

    def __init__(
        self, fetching: Fetching, *, resolve: Resolve = resolved, monotonic: Monotonic = time.monotonic
    ) -> None:
        self._fetching = fetching
        self._resolve, self._monotonic = resolve, monotonic

    def read(self, sources: Sequence[tuple[Source, KnownSource]], wanted: Wanted) -> Iterator[FetchedSource]:
        """What each source says now, each as soon as it is read.

        At one host no more threads are held than requests may be under way there. UNCHANGED where server or body say
        so. FAILED has its error in words, and nothing of a failed reading is to be remembered. WAITING and RETIRED were
        not asked.
        """
        fetcher, parsers = self._fetcher([source for source, _ in sources]), Parsers()
        found: list[Future[FetchedSource]] = [Future() for _ in sources]
        ended = threading.Event()

        def go(row: Iterable[int]) -> None:
            for at in row:
                if not ended.is_set():
                    found[at].set_result(self._read_one(fetcher, parsers, *sources[at], wanted))

        pool = ThreadPoolExecutor(max_workers=max(1, self._fetching.at_once), thread_name_prefix="source")
        try:
            for row in by_host(range(len(sources)), lambda at: host_of(sources[at][0].feed), self._fetching.per_host):
                pool.submit(go, row)
            yield from (each.result() for each in as_completed(found))
        finally:
            ended.set()
            pool.shutdown(wait=False, cancel_futures=True)
            fetcher.close()
            parsers.close()

    def _read_one(
        self, fetcher: Fetcher, parsers: Parsers, source: Source, known: KnownSource, wanted: Wanted
    ) -> FetchedSource:
        return read_source(fetcher, source, known, wanted, self._fetching, parse=parsers.parse)

    def _fetcher(self, sources: Sequence[Source]) -> Fetcher:
        """What fetches for one gather, until that must end."""
        return Fetcher(
            self._fetching,
            until=self._monotonic() + self._fetching.deadline,
            configured=tuple(address for source in sources for address in (source.feed, *source.pages)),
            resolve=self._resolve,
            monotonic=self._monotonic,
        )


def read_source(
    fetcher: Fetcher,
    source: Source,
    known: KnownSource,
    wanted: Wanted,
    fetching: Fetching,
    *,
    parse: Parse = parse_feed,
) -> FetchedSource:
    """What one source says now. Raises nothing."""
    silent = _not_asked(source, known, wanted)
    if silent:
        return silent
    try:
        return _read_where_it_is(fetcher, parse, source, known, wanted, fetching)
    except SourceRefused as refused:
        failed = _failed(source, _with_hint(refused))
        return replace(failed, retired=refused.status == _GONE, retry_after=refused.retry_after)
    except SourceUnreadable as error:
        return _failed(source, _with_hint(error))
    except Exception as error:
        _log.debug("%s: unexpected", source.feed, exc_info=True)
        return _failed(source, f"could not be read: {type(error).__name__}: {str(error)[:200]}")


def _not_asked(source: Source, known: KnownSource, wanted: Wanted) -> FetchedSource | None:
    """The reading of a source that is left alone; None for one that is to be asked.

    What its server asked for counts always; our own patience, and what is gone, not when everything is wanted.
    """
    found = FetchedSource(name=source.name, url=source.feed, kind=source.kind, status=SourceStatus.WAITING)
    if known.told_until and known.told_until > wanted.now:
        until = f"{known.told_until:%Y-%m-%d %H:%M} UTC"
        return replace(found, why=f"its server asked to be left alone until {until}")
    if wanted.whole:
        return None
    if known.retired_at:
        gone = f"its server said on {known.retired_at:%Y-%m-%d} that it is gone for good; take it out of digest.toml"
        return replace(found, status=SourceStatus.RETIRED, why=gone)
    if known.retry_at and known.retry_at > wanted.now:
        again = f"{known.failures} failures in a row; it is asked again after {known.retry_at:%Y-%m-%d %H:%M} UTC"
        return replace(found, why=again)
    return None


def _read_where_it_is(
    fetcher: Fetcher, parse: Parse, source: Source, known: KnownSource, wanted: Wanted, fetching: Fetching
) -> FetchedSource:
    """Read at the address it has moved to for good; should that be no good any more, at the configured one."""
    try:
        return read_as_it_is(source, known, Asking(fetcher, source, known, parse=parse), wanted, fetching)
    except SourceUnreadable:
        if not known.moved_to:
            raise
    known = replace(known, moved_to="")
    return read_as_it_is(source, known, Asking(fetcher, source, known, parse=parse, whole=True), wanted, fetching)


def _failed(source: Source, error: str) -> FetchedSource:
    return FetchedSource(
        name=source.name, url=source.feed, kind=source.kind, status=SourceStatus.FAILED, error=error, why=error
    )


def _with_hint(error: SourceUnreadable) -> str:
    return "; ".join(filter(None, (str(error), error.hint)))
