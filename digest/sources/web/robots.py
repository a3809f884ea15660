"""What a site's robots.txt lets programs read (RFC 9309). Asked once a host and run."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urljoin

from protego import Protego

from digest.errors import SourceRefused, SourceUnreadable
from digest.sources.web.manners import Queue

TOKEN = "closing-arguments"  # noqa: S105 - the product token of RFC 9309, section 2.2.1
LONGEST_DELAY = 10.0
"""Seconds between requests that a site may ask for; it is no standard, and some ask for hours."""

_MOST = 512 * 1024
"""Bytes that are read of one; RFC 9309, section 2.5, wants at least 500 KiB."""


@dataclass(slots=True)
class _Rules:
    """One site's rules, once they were asked for; `trouble` says why they could not be had."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    known: bool = False
    rules: Protego | None = None
    trouble: str = ""


class Robots:
    """`ask` gives the bytes at an address, and raises SourceRefused or SourceUnreadable."""

    def __init__(self, ask: Callable[[str], bytes]) -> None:
        self._ask = ask
        self._sites: dict[str, _Rules] = {}

    def check(self, address: str, queue: Queue) -> None:
        """Nothing where the page may be read; SourceUnreadable where it may not. Slows the queue as the site wishes."""
        where = urljoin(address, "/robots.txt")
        site = self._sites.setdefault(where, _Rules())
        with site.lock:
            if not site.known:
                self._learn(where, site, queue)
        if site.trouble:
            raise SourceUnreadable(f"{where} could not be read: {site.trouble}", hint="try again later")
        if site.rules and not site.rules.can_fetch(address, TOKEN):
            raise SourceUnreadable("the site's robots.txt asks programs not to read this page", hint="ask the site")

    def _learn(self, where: str, site: _Rules, queue: Queue) -> None:
        """No such file is no rule (section 2.3.1.3); one that cannot be had forbids everything (2.3.1.4)."""
        try:
            site.rules = Protego.parse(self._ask(where)[:_MOST].decode("utf-8-sig", "replace"))
        except SourceUnreadable as error:
            site.trouble = "" if _is_missing(error) else str(error)
        site.known = True
        queue.slow_down(_delay(site.rules))


def _is_missing(error: SourceUnreadable) -> bool:
    """Whether there is no such file. One that is kept from us for asking too often may well be there."""
    return isinstance(error, SourceRefused) and 400 <= error.status < 500 and error.status != 429


def _delay(rules: Protego | None) -> float:
    """The seconds between requests that the rules ask for."""
    wanted = rules.crawl_delay(TOKEN) if rules else None
    return min(max(wanted or 0.0, 0.0), LONGEST_DELAY)
