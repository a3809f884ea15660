"""Commands in processes of their own, forked from one that has imported everything.

Such a process has its own pid, files, locks and environment, can be killed at any instant, and runs `digest` from its
first line on; it is at work a second sooner than one that starts with an empty Python.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import sys
import time
from collections.abc import Mapping, Sequence
from functools import cache
from multiprocessing import forkserver
from multiprocessing.context import ForkServerProcess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
NOWHERE = Path(os.devnull)

_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(["tests.preload"])


def fork(
    module: str,
    arguments: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    stdin: Path = NOWHERE,
    stdout: Path,
    stderr: Path,
) -> ForkServerProcess:
    """Starts `python -m MODULE ARGUMENTS`, whose function is `main`, in that folder. What it says is added to the
    files."""
    _open_server()
    streams = (stdin, stdout, stderr)
    process = _SERVER.Process(target=_child, args=(module, tuple(arguments), folder, dict(environment), streams))
    process.start()
    return process


@cache
def _open_server() -> None:
    """Python 3.11 does not tell the server where our modules are, and it passes over what it cannot import."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(REPOSITORY)
    try:
        forkserver.ensure_running()
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before


def _child(
    module: str, arguments: tuple[str, ...], folder: Path, environment: dict[str, str], streams: tuple[Path, ...]
) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    for number, (path, how) in enumerate(zip(streams, (os.O_RDONLY, *[os.O_WRONLY | os.O_APPEND] * 2), strict=True)):
        file = os.open(path, how | os.O_CREAT, 0o600)
        os.dup2(file, number)
        os.close(file)
    sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", errors="backslashreplace", closefd=False, buffering=1)  # noqa: SIM115
    sys.argv = [module, *arguments]
    importlib.import_module(module).main()
