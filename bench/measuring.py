"""Runs of `bench.work` on copies of a publication, their medians, and a line of the table for each thing measured."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from bench import campaign

Measured = Mapping[str, float]

HEAD = "| what | ours | floor | ratio | target | met |\n|---|---|---|---|---|---|"


class Row(NamedTuple):
    """A line of the table. `met` is None where nothing was promised."""

    what: str
    ours: str
    floor: str = ""
    ratio: str = ""
    target: str = ""
    met: bool | None = None

    def __str__(self) -> str:
        met = "" if self.met is None else "yes" if self.met else "no"
        return f"| {' | '.join((*self[:5], met))} |"


@dataclass(frozen=True, slots=True)
class Bench:
    """Where the runs are made, how many of each, and by what the number of readers is divided."""

    folder: Path
    runs: int
    scale: int

    def readers(self, readers: int) -> int:
        return max(1, readers // self.scale)

    def publication(self, readers: int, html: int) -> Path:
        """A publication whose list is in its store, to be copied for each run."""
        folder = self.folder / f"{readers}-{html}"
        if not folder.exists():
            campaign.read(campaign.make(folder, readers=self.readers(readers), html=html))
        return folder

    def work(self, what: str, publication: Path, delivery: str = "") -> Measured:
        """One run of one work, on a copy of a publication."""
        folder = campaign.copy(publication, self.folder / "run")
        campaign.configure(folder, delivery, subscribers=publication / "subscribers.csv")
        done = subprocess.run(
            [sys.executable, "-m", "bench.work", what, str(folder)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(f"{what} failed:\n{done.stderr}")
        measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return measured

    def in_turns(self, *works: Callable[[], Measured]) -> list[Measured]:
        """The medians of works that take turns, so that a bad minute of the machine hits all of them."""
        rounds = [[work() for work in works] for _ in range(self.runs)]
        return [_medians(runs) for runs in zip(*rounds, strict=True)]


def _medians(runs: tuple[Measured, ...]) -> Measured:
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def peak_of_send(publication: Path) -> float:
    """In MB, of `digest send` as it is started by anybody, from the list to the last letter."""
    process = subprocess.Popen(
        [sys.executable, "-m", "digest", "--config", str(publication / "digest.toml"), "send", "--yes"],
        env={**os.environ, **campaign.ENVIRONMENT},
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"digest send ended with {process.returncode}")
    return usage.ru_maxrss / 1024
