"""Pages of many stories at once: what each says, or why it could not be read."""

from __future__ import annotations

import logging
import queue
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

from digest.errors import SourceUnreadable
from digest.model import ArticlePage
from digest.network import by_host, host_of
from digest.settings import Fetching
from digest.sources.articles.page import article_page
from digest.sources.web.fetch import Fetched, Fetcher
from digest.sources.web.patience import Monotonic

_log = logging.getLogger(__name__)
_TYPES = ("", "text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml")
# Names that belong to nobody (RFC 2606); to ask for them is to wait for nothing.
_NOBODYS = (".example", ".invalid", ".example.com", ".example.net", ".example.org")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of asking for the page of the entry with this key: the page, or an `error` in words. `refused` says
    that the site's robots.txt keeps programs from it."""

    key: int
    address: str
    page: ArticlePage | None = None
    error: str = ""
    refused: bool = False


class PageReader:
    """Asks for articles' pages, several at once in threads. Their addresses are strangers', robots.txt is obeyed."""

    def __init__(
        self, fetching: Fetching, *, configured: tuple[str, ...] = (), monotonic: Monotonic = time.monotonic
    ) -> None:
        self._fetching, self._configured, self._monotonic = fetching, configured, monotonic

    def read(self, wanted: Sequence[tuple[int, str]], *, seconds: float) -> Iterator[Answer]:
        """What each page says, as it arrives, for at most so many seconds. `wanted` are keys of entries with addresses.

        What has not answered by then is not among the answers. At one host no more threads are held than requests may
        be under way there.
        """
        ends = self._monotonic() + seconds
        fetcher = Fetcher(self._fetching, until=ends, configured=self._configured, monotonic=self._monotonic)
        answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()

        def go(row: Iterable[tuple[int, str]]) -> None:
            for key, address in row:
                if self._monotonic() < ends:
                    answers.put(_asked(fetcher, key, address))

        pool = ThreadPoolExecutor(max_workers=max(1, self._fetching.at_once), thread_name_prefix="page")
        try:
            for row in by_host(wanted, lambda pair: host_of(pair[1]), self._fetching.per_host):
                pool.submit(go, row)
            for _ in wanted:
                yield answers.get(timeout=max(0.0, ends - self._monotonic()))
        except queue.Empty:
            return
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            fetcher.close()


def read_page(fetcher: Fetcher, address: str) -> ArticlePage:
    """What the page or the saved file at an address says, which an editor named. Raises SourceUnreadable."""
    return page_in(fetcher.fetch(address))


def page_in(fetched: Fetched) -> ArticlePage:
    """What an answer says of its article. Raises SourceUnreadable where it is no web page."""
    kind = fetched.content_type.partition(";")[0].strip().lower()
    if kind not in _TYPES:
        raise SourceUnreadable(f"it is no web page, but {kind}", hint="name the page on which the story stands")
    return article_page(fetched.body, fetched.address, fetched.content_type)


def is_somewhere(address: str) -> bool:
    """Whether somebody can answer at an address: some names are made for examples."""
    return not f".{urlsplit(address).hostname or ''}".endswith(_NOBODYS)


def _asked(fetcher: Fetcher, key: int, address: str) -> Answer:
    try:
        return Answer(key=key, address=address, page=page_in(fetcher.fetch(address, stranger=True, robots=True)))
    except SourceUnreadable as error:
        return Answer(key=key, address=address, error=str(error), refused="robots.txt asks" in str(error))
    except Exception as error:
        _log.debug("%s: unexpected", address, exc_info=True)
        return Answer(key=key, address=address, error=f"could not be read: {type(error).__name__}")
