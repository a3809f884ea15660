"""Processes that run the real command: started like anybody's, or forked from one that has imported everything.

Both are processes of their own, with their own pid, files and locks, and can be killed at any instant; a forked one
is at work a second sooner.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.forking import fork


class Process:
    """A running command. Leaving it as a context ends it, however far it is."""

    def __init__(self, started: subprocess.Popen[bytes] | ForkServerProcess) -> None:
        self._started = started

    @property
    def code(self) -> int | None:
        """Its exit code, -9 if it was killed; None while it runs."""
        if isinstance(self._started, subprocess.Popen):
            return self._started.poll()
        return self._started.exitcode

    def sleep(self, seconds: float) -> None:
        """So long, or until it has ended."""
        if isinstance(self._started, subprocess.Popen):
            with suppress(subprocess.TimeoutExpired):
                self._started.wait(seconds)
        else:
            self._started.join(seconds)

    def wait(self, seconds: float) -> int:
        """Its exit code once it has ended. Fails when that takes longer."""
        self.sleep(seconds)
        code = self.code
        assert code is not None, f"the command hangs for {seconds} seconds"
        return code

    def terminate(self) -> None:
        """SIGTERM."""
        self._started.terminate()

    def kill(self) -> int:
        """SIGKILL; gives the exit code, which is another than -9 if it had ended before."""
        self._started.kill()
        return self.wait(30)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.code is None:
            self.kill()


def start_real(
    folder: Path, environment: Mapping[str, str], options: Sequence[str], arguments: Sequence[str], says: Path
) -> Process:
    """`python -m digest`, in that folder; with `options` it is `python -m tests.crash.victim`."""
    module = ("tests.crash.victim", *options, "--") if options else ("digest",)
    with says.open("ab") as output:
        command = [sys.executable, "-m", *module, *arguments]
        started = subprocess.Popen(
            command, cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
    return Process(started)


def start_forked(
    folder: Path, environment: Mapping[str, str], options: Sequence[str], arguments: Sequence[str], says: Path
) -> Process:
    """The same, forked."""
    arguments = (*options, "--", *arguments)
    return Process(
        fork("tests.crash.victim", arguments, folder=folder, environment=environment, stdout=says, stderr=says)
    )
