"""Postfix's smtp-sink, a mail server that takes everything, as a process of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.contract.deliver.ports import closed_port

SMTP_SINK = shutil.which("smtp-sink", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
"""Where it is; None where it is not installed."""


@contextmanager
def smtp_sink() -> Iterator[tuple[int, Path]]:
    """Its port, and the folder in which it puts each letter. It gives root up, and so cannot write just anywhere."""
    assert SMTP_SINK is not None, "Postfix's smtp-sink is not installed"
    with TemporaryDirectory() as folder:
        letters = Path(folder)
        letters.chmod(0o777)
        with closed_port() as port:
            pass
        privileges = ["-u", "nobody"] if os.getuid() == 0 else []
        process = subprocess.Popen([SMTP_SINK, *privileges, "-d", f"{letters}/letter.", f"127.0.0.1:{port}", "100"])
        try:
            _wait_for(port)
            yield port, letters
        finally:
            process.kill()
            process.wait()


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"nobody listens on {port}")
