"""Gathering against bare httpx and bare feedparser, in one run on one machine; medians of five, in turns.

python -m bench.gathering [--quick]
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.gather_work import DEADLINE, ENTRIES, SITES, STORED
from bench.measuring import HEAD, Measured, Row

RUNS = 5


@contextmanager
def served() -> Iterator[int]:
    """The sites, while they are needed; gives their port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.feeds", str(SITES), str(ENTRIES)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    try:
        yield int(process.stdout.readline())
    finally:
        process.communicate()


def work(what: str, folder: Path, port: int) -> Measured:
    """One run in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.gather_work", what, str(folder), str(port)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{what} failed:\n{done.stderr}")
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def medians(runs: list[dict[str, Measured]]) -> dict[str, Measured]:
    """The median seconds and megabytes of each work."""
    return {
        what: {name: statistics.median(run[what][name] for run in runs) for name in runs[0][what]} for what in runs[0]
    }


def feeds_round(folder: Path, port: int) -> dict[str, Measured]:
    """Cold, then as it is when nothing has changed, by 304 and by the same bodies."""
    kept, plain = folder / "kept", folder / "plain"
    for each in (kept, plain):
        shutil.rmtree(each, ignore_errors=True)
        each.mkdir()
    return {
        "floor": work("floor", folder, port),
        "cold": work("kept", kept, port),
        "not modified": work("kept", kept, port),
        "cold without validators": work("plain", plain, port),
        "same bodies": work("plain", plain, port),
    }


def store_round(folder: Path, port: int, seeded: Path) -> dict[str, Measured]:
    """Fifty new entries into an empty store and into one of four years."""
    empty, full = folder / "empty", folder / "full"
    for each in (empty, full):
        shutil.rmtree(each, ignore_errors=True)
    empty.mkdir()
    work("make", empty, port)
    shutil.copytree(seeded, full)
    os.sync()  # what the copy still owes the disk is no part of the gather
    return {"empty": work("new", empty, port), "full": work("new", full, port)}


def slow_round(folder: Path, port: int) -> dict[str, Measured]:
    """Twenty feeds alone, and beside two that would take for ever."""
    found = {}
    for what in ("quick", "slow"):
        store = folder / what
        shutil.rmtree(store, ignore_errors=True)
        store.mkdir()
        found[what] = work(what, store, port)
    return found


def rows(folder: Path, port: int, runs: int) -> Iterator[Row]:
    """The table, a line at a time."""
    read = medians([feeds_round(folder, port) for _ in range(runs)])
    feeds = f"{SITES} feeds of {ENTRIES} entries"
    cold = read["cold"]["seconds"]
    yield _row(f"{feeds}, cold", cold, read["floor"]["seconds"], 1.3)
    yield _row(f"{feeds}, all 304, against cold", read["not modified"]["seconds"], cold, 0.15)
    same, again = read["same bodies"]["seconds"], read["cold without validators"]["seconds"]
    yield _row(f"{feeds}, the same bodies, against cold", same, again, 0.3)
    slow = medians([slow_round(folder, port) for _ in range(runs)])
    quick = slow["quick"]["seconds"]
    what = f"20 feeds beside a slow and a silent one, against 20 alone and the deadline of {DEADLINE:g} s"
    yield _row(what, slow["slow"]["seconds"], quick + DEADLINE, 1.0)
    seeded = folder / "seeded"
    seeded.mkdir()
    work("seed", seeded, port)
    stored = medians([store_round(folder, port, seeded) for _ in range(runs)])
    full, empty = stored["full"], stored["empty"]
    yield _row(f"50 new entries, store of {STORED:,} against empty", full["seconds"], empty["seconds"], 1.2)
    memory = full["megabytes"] / empty["megabytes"]
    yield Row(
        "peak memory of that", f"{full['megabytes']:.0f} MB", f"{empty['megabytes']:.0f} MB", f"{memory:.2f}", "1.5",
        memory <= 1.5,
    )  # fmt: skip


def _row(what: str, ours: float, floor: float, most: float) -> Row:
    ratio = ours / floor
    return Row(what, f"{ours:.3f} s", f"{floor:.3f} s", f"{ratio:.2f}", f"{most:g}", ratio <= most)


def main() -> None:
    """Prints the table as it grows."""
    runs = 1 if "--quick" in sys.argv[1:] else RUNS
    print(HEAD)
    with tempfile.TemporaryDirectory() as name, served() as port:
        for row in rows(Path(name), port, runs):
            print(row, flush=True)


if __name__ == "__main__":
    main()
