"""A gather that is killed: what had arrived is in the store, whole, and the next one goes on."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing

import pytest

from tests.acceptance.publication import Publication
from tests.unit.sources.feeds.past import item, rss
from tests.unit.sources.scripted_site import Site, page

QUICK, STORIES = 6, 40


@pytest.fixture
def newsroom(sample: Publication, site: Site) -> Publication:
    """A publication with a source that keeps everybody waiting, before six that do not."""
    names = ["slow", *(f"quick-{number}" for number in range(QUICK))]
    sources = {name: site.at(f"/{name}") for name in names}
    sample.read_from(sources, more="[fetch]\npause = 0\narticles = false\n")
    return sample


def stored(newsroom: Publication) -> dict[str, int]:
    """How many entries of each source are in the store."""
    path = newsroom.folder / "var" / "digest.db"
    if not path.exists():
        return {}
    with closing(sqlite3.connect(path)) as store:
        try:
            rows = store.execute("SELECT url, count(key) FROM source LEFT JOIN entry ON source = url GROUP BY url")
            return {url.rpartition("/")[2]: count for url, count in rows}
        except sqlite3.OperationalError:  # it is being made
            return {}


def test_what_had_arrived_is_kept_and_the_next_one_goes_on(newsroom: Publication, site: Site) -> None:
    answer = threading.Event()

    def slow(handler: object) -> None:
        answer.wait(60)
        page(rss(map(item, range(STORIES))))(handler)  # type: ignore[arg-type]

    site.acts["/slow"] = slow
    site.acts |= {f"/quick-{number}": page(rss(map(item, range(STORIES)))) for number in range(QUICK)}
    gather = subprocess.Popen(
        [sys.executable, "-m", "digest", "gather"],
        cwd=newsroom.folder,
        env=newsroom.environment(),
        stdout=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while len(stored(newsroom)) < QUICK and time.monotonic() < deadline:
        time.sleep(0.05)
    gather.send_signal(signal.SIGKILL)
    gather.wait()
    assert stored(newsroom) == {f"quick-{number}": STORIES for number in range(QUICK)}
    answer.set()
    sources = {each["name"]: each for each in newsroom.json("gather")["sources"]}
    assert (sources["slow"]["new"], sources["quick-0"]["new"], sources["quick-0"]["status"]) == (
        STORIES,
        0,
        "unchanged",
    )
    assert stored(newsroom) == dict.fromkeys(["slow", *(f"quick-{number}" for number in range(QUICK))], STORIES)


def test_killed_at_any_moment_no_source_is_half_there(newsroom: Publication, site: Site) -> None:
    """Whole sources only: an entry is in the store together with all others of its reading."""
    acts = {
        f"/{name}": page(rss(map(item, range(STORIES)))) for name in ("slow", *(f"quick-{n}" for n in range(QUICK)))
    }
    site.acts |= acts
    for moment in (0.9, 1.0, 1.1, 1.2, 1.3, 1.4):
        gather = subprocess.Popen(
            [sys.executable, "-m", "digest", "gather", "--whole"],
            cwd=newsroom.folder,
            env=newsroom.environment(),
            stdout=subprocess.DEVNULL,
        )
        time.sleep(moment)
        gather.send_signal(signal.SIGKILL)
        gather.wait()
        assert set(stored(newsroom).values()) <= {STORIES}
    newsroom.run("gather")
    assert list(stored(newsroom).values()) == [STORIES] * (QUICK + 1)
