"""What a million readers cost to take in: `python -m bench.readers [READERS]`. Medians of five runs that take turns.

Reading the list and importing another one, each into an empty store that is fully durable, against `csv.reader` and a
bare upsert of address and name into a store's own table of subscribers, opened in the same way; then the same file
once more. Every run has a process of its own, whose peak memory is told.
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

READERS, RUNS = 1_000_000, 5
SLOWEST = 2.0
"""Times the floor, as was promised; and so many MB."""
LARGEST = 200
FILE = Origin(how="operator", form="list.csv", words="moved from another service")

_UPSERT = """
INSERT INTO subscriber (address, name) VALUES (?, ?) ON CONFLICT (address) DO UPDATE SET name = excluded.name
"""


def floor(roster: Path, url: str) -> float:
    """Seconds of the bare libraries."""
    Store.open(url).close()
    with closing(sqlite3.connect(path_of(url), isolation_level=None)) as database:
        for pragma in ("foreign_keys = ON", "synchronous = FULL", "cache_size = -32000"):
            database.execute(f"PRAGMA {pragma}")
        started = time.perf_counter()
        database.execute("BEGIN IMMEDIATE")
        with roster.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            next(rows)
            database.executemany(_UPSERT, rows)
        database.execute("COMMIT")
        return time.perf_counter() - started


def read(roster: Path, url: str) -> float:
    """Seconds to read the publication's own list."""
    with Store.open(url) as store:
        started = time.perf_counter()
        store.subscribers.keep(stream_roster(roster), path=str(roster), stamp=stamp_of(roster), now=clock.now())
        return time.perf_counter() - started


def take(roster: Path, url: str) -> float:
    """Seconds to import a list."""
    with Store.open(url) as store:
        started = time.perf_counter()
        store.importing.take(stream_roster(roster), FILE, now=clock.now())
        return time.perf_counter() - started


def take_again(roster: Path, url: str) -> float:
    """Seconds to import it once more, which changes nothing."""
    take(roster, url)
    return take(roster, url)


WORKS: dict[str, Callable[[Path, str], float]] = {"floor": floor, "read": read, "import": take, "again": take_again}


def work(name: str, roster: str) -> None:
    """One run in this process. Prints seconds and MB."""
    with tempfile.TemporaryDirectory() as folder:
        seconds = WORKS[name](Path(roster), f"sqlite:///{Path(folder) / 'digest.db'}")
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([seconds, megabytes]))


def measured(name: str, roster: Path) -> tuple[float, float]:
    """One run in a process of its own: seconds, MB."""
    command = [sys.executable, "-m", "bench.readers", name, str(roster)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{name} failed:\n{done.stderr}")
    seconds, megabytes = json.loads(done.stdout)
    return seconds, megabytes


def main(readers: int) -> None:
    """Prints a line a work."""
    with tempfile.TemporaryDirectory() as folder:
        roster = Path(folder) / "list.csv"
        newsroom.write_roster(roster, readers)
        rounds = [{name: measured(name, roster) for name in WORKS} for _ in range(RUNS)]
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
