"""Runs every case against its floor, each in a process of its own, and prints medians, ratios and peak memory.

python -m bench                 everything, also gathering, the delivery engine, the preview and the letter
python -m bench compose plan    some of it; others: bench.gathering, .delivery, .preview, .letter, .near, .events,
                                .readers, .pages, .flood
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from typing import NamedTuple

CASES = ("compose", "render", "preflight", "plan")
ENGINES = ("gathering", "delivery", "preview", "letter", "near", "events")
VARIANTS = ("floor", "ours")
RUNS = 3


class Measured(NamedTuple):
    seconds: float
    megabytes: float
    what: str


def measure(case: str, variant: str) -> Measured:
    """One run in a fresh process, so that peak memory is the case's own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.case", case, variant], capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{case} {variant} failed:\n{done.stderr}")
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def median(case: str, variant: str) -> Measured:
    """The median run of several."""
    runs = [measure(case, variant) for _ in range(RUNS)]
    return Measured(
        statistics.median(run.seconds for run in runs), statistics.median(run.megabytes for run in runs), runs[0].what
    )


def main() -> None:
    """Prints a row a case."""
    print(f"{'case':9}{'floor s':>9}{'ours s':>9}{'ratio':>7}{'floor MB':>10}{'ours MB':>9}   what, against what")
    for case in sys.argv[1:] or CASES:
        floor, ours = (median(case, variant) for variant in VARIANTS)
        ratio = ours.seconds / floor.seconds
        row = f"{case:9}{floor.seconds:9.3f}{ours.seconds:9.3f}{ratio:7.2f}{floor.megabytes:10.0f}{ours.megabytes:9.0f}"
        print(f"{row}   {ours.what}, against {floor.what}", flush=True)
    if not sys.argv[1:]:
        for engine in ENGINES:
            subprocess.run([sys.executable, "-m", f"bench.{engine}"], check=True)


main()
