"""`digest serve` as a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.acceptance.publication import Publication

_PATIENCE = 30.0  # seconds


@contextmanager
def served(publication: Publication, **environment: str) -> Iterator[str]:
    """The address that the readers' pages have here, with a slash at its end. The server must end quietly."""
    process = subprocess.Popen(
        [sys.executable, "-m", "digest", "serve", "--port", "0"],
        cwd=publication.folder,
        env=publication.environment(PYTHONUNBUFFERED="1", **environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        told = process.stdout.readline()
        if not told.startswith("Serving "):
            raise AssertionError(process.communicate(timeout=_PATIENCE)[1])
        yield told.removeprefix("Serving ").strip()
    finally:
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=_PATIENCE)
    assert "Traceback" not in said, said
