"""One gather in one process: `python -m bench.gather_work WHAT FOLDER PORT`. Prints seconds and peak memory.

floor      the same bytes with bare httpx and bare feedparser, eight at a time
kept       our gather of feeds with validators, into the store in FOLDER
plain      our gather of feeds without, into the store in FOLDER
new        our gather of one feed of 50 new entries, into the store in FOLDER
slow       our gather of 20 feeds, and of one that sends a byte a second and one that never answers
quick      the same without the two
make       makes an empty store in FOLDER
seed       fills the store in FOLDER with the entries of four years
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bench import feeds, newsroom

SITES, ENTRIES = 200, 50
AT_ONCE = 8
DEADLINE = 6.0
"""Seconds that the gather with the slow sources may take."""

STORED, SOURCES = 200_000, 20

SETTINGS = Path(__file__).with_name("settings.toml")


def floor(folder: Path, port: int) -> int:
    """Fetched and parsed with nothing of ours."""
    import feedparser
    import httpx

    def read(client: httpx.Client, site: int) -> int:
        body = client.get(f"http://{feeds.address(site)}:{port}/plain").content
        return len(feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False).entries)

    with httpx.Client() as client, ThreadPoolExecutor(AT_ONCE) as threads:
        return sum(threads.map(lambda site: read(client, site), range(SITES)))


def gather(folder: Path, addresses: list[str], *, deadline: float = 300.0) -> int:
    """The gather of the product, as its command makes it."""
    from digest import clock
    from digest.config.load import load
    from digest.office.gathering import Gathering
    from digest.record.archive import Archive
    from digest.record.store import Store
    from digest.settings import Source

    base = load(SETTINGS, {})
    settings = replace(
        base,
        sources=tuple(Source(name=address, feed=address) for address in addresses),
        fetching=replace(base.fetching, at_once=AT_ONCE, deadline=deadline),
    )
    with Store.open(f"sqlite:///{folder / 'digest.db'}") as store:
        gathering = Gathering(settings, store, Archive(folder / "issues"), clock.now)
        return sum(report.entries for report in gathering.gather(newsroom.CLOSES.date()))


def seed(folder: Path, port: int) -> int:
    """Four years of stories of twenty sources."""
    from digest.model import FetchedSource, SourceStatus
    from digest.record.store import Store

    each = STORED // SOURCES
    with Store.open(f"sqlite:///{folder / 'digest.db'}") as store:
        for number in range(SOURCES):
            host = f"https://old{number}.example"
            entries = tuple(
                replace(entry, identity=f"{host}/{at}", link=f"{host}/{at}", title=f"{entry.title} of {number}")
                for at, entry in enumerate(newsroom.entries(each, every=timedelta(days=4 * 365) / each))
            )
            found = FetchedSource(name=host, url=f"{host}/feed/", status=SourceStatus.OK, entries=entries)
            store.sources.keep(found, now=newsroom.CLOSES - timedelta(days=1))
    return STORED


def make(folder: Path, port: int) -> int:
    """A store with nothing in it."""
    from digest.record.store import Store

    Store.open(f"sqlite:///{folder / 'digest.db'}").close()
    return 0


def _of(path: str, sites: range) -> Callable[[Path, int], int]:
    return lambda folder, port: gather(folder, [f"http://{feeds.address(site)}:{port}/{path}" for site in sites])


def slow(folder: Path, port: int) -> int:
    """Beside twenty feeds one that drips and one that is silent."""
    quick = [f"http://{feeds.address(site)}:{port}/plain" for site in range(20)]
    stuck = [f"http://{feeds.address(20)}:{port}/drip", f"http://{feeds.address(21)}:{port}/never"]
    return gather(folder, [*stuck, *quick], deadline=DEADLINE)


WORKS: dict[str, Callable[[Path, int], int]] = {
    "floor": floor,
    "kept": _of("kept", range(SITES)),
    "plain": _of("plain", range(SITES)),
    "new": _of("plain", range(199, 200)),
    "quick": _of("plain", range(20)),
    "slow": slow,
    "seed": seed,
    "make": make,
}


def main() -> None:
    """Runs one work. What is imported on the way counts, as it does for who starts the command."""
    what, folder, port = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    import digest.office.gathering
    import digest.sources.feeds.history  # noqa: F401 - both sides begin with what they need in memory

    started = time.perf_counter()
    entries = WORKS[what](folder, port)
    seconds = time.perf_counter() - started
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": megabytes, "entries": entries}))


if __name__ == "__main__":
    main()
