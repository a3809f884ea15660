"""What a million readers cost to take in: `python -m bench.readers [READERS]`. Medians of three runs that take turns.

Reading the list and importing another one, each into an empty store that is fully durable, against `csv.reader` and a
bare upsert of address and name into a store's own table of subscribers, opened in the same way; then the same file
once more, against the same. Every run has a process of its own, whose peak memory is told. The whole takes about two
minutes.
"""

from __future__ import annotations

import csv
import json
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from bench import newsroom
from bench.measuring import HEAD, Row
from digest import clock
from digest.audience.roster import stamp_of, stream_roster
from digest.model.readers import Origin
from digest.record.location import path_of
from digest.record.store import Store

READERS, RUNS = 1_000_000, 3
SLOWEST = 2.0
"""Times the floor, as was promised; and so many MB."""
LARGEST = 200
FILE = Origin(how="operator", form="list.csv", words="moved from another service")

_UPSERT = """
INSERT INTO subscriber (address, name) VALUES (?, ?) ON CONFLICT (address) DO UPDATE SET name = excluded.name
"""


Seconds = dict[str, float]


def floor(roster: Path, url: str) -> Seconds:
    """The bare libraries."""
    Store.open(url).close()
    with closing(sqlite3.connect(path_of(url), isolation_level=None)) as database:
        for pragma in ("foreign_keys = ON", "synchronous = FULL", "secure_delete = ON", "cache_size = -32000"):
            database.execute(f"PRAGMA {pragma}")
        started = time.perf_counter()
        database.execute("BEGIN IMMEDIATE")
        with roster.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            next(rows)
            database.executemany(_UPSERT, rows)
        database.execute("COMMIT")
        return {"floor": time.perf_counter() - started}


def read(roster: Path, url: str) -> Seconds:
    """The reading of the publication's own list."""
    with Store.open(url) as store:
        started = time.perf_counter()
        store.subscribers.keep(stream_roster(roster), path=str(roster), stamp=stamp_of(roster), now=clock.now())
        return {"read": time.perf_counter() - started}


def take(roster: Path, url: str) -> Seconds:
    """The import of a list, and of the same once more, which changes nothing."""
    return {"import": _take(roster, url), "again": _take(roster, url)}


def _take(roster: Path, url: str) -> float:
    with Store.open(url) as store:
        started = time.perf_counter()
        store.importing.take(stream_roster(roster), FILE, now=clock.now())
        return time.perf_counter() - started


WORKS: dict[str, Callable[[Path, str], Seconds]] = {"floor": floor, "read": read, "import": take}


def work(name: str, roster: str) -> None:
    """One run in this process. Prints what took how many seconds and MB."""
    with tempfile.TemporaryDirectory() as folder:
        seconds = WORKS[name](Path(roster), f"sqlite:///{Path(folder) / 'digest.db'}")
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({what: [took, megabytes] for what, took in seconds.items()}))


def measured(name: str, roster: Path) -> dict[str, tuple[float, float]]:
    """One run in a process of its own: what took how many seconds and MB."""
    command = [sys.executable, "-m", "bench.readers", name, str(roster)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{name} failed:\n{done.stderr}")
    taken: dict[str, tuple[float, float]] = json.loads(done.stdout)
    return taken


def one_round(roster: Path) -> dict[str, tuple[float, float]]:
    """Every work once."""
    return {what: taken for name in WORKS for what, taken in measured(name, roster).items()}


def main(readers: int) -> None:
    """Prints a line a work."""
    with tempfile.TemporaryDirectory() as folder:
        roster = Path(folder) / "list.csv"
        newsroom.write_roster(roster, readers)
        rounds = [one_round(roster) for _ in range(RUNS)]
    print(HEAD)
    bare = statistics.median(one["floor"][0] for one in rounds)
    for name, what in (("read", "read the list"), ("import", "import a list"), ("again", "import it once more")):
        ours = statistics.median(one[name][0] for one in rounds)
        ratio = statistics.median(one[name][0] / one["floor"][0] for one in rounds)
        peak = max(one[name][1] for one in rounds)
        met = ratio <= SLOWEST and peak <= LARGEST
        words = f"{what} of {readers:,} readers, {peak:.0f} MB"
        print(Row(words, f"{ours:.1f} s", f"{bare:.1f} s", f"{ratio:.2f} ×", f"{SLOWEST:g} ×, {LARGEST} MB", met))


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in WORKS:
        work(*sys.argv[1:3])
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else READERS)
