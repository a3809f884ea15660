"""`digest serve` with several processes: they answer, and none of them outlives the command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.acceptance.publication import Publication
from tests.acceptance.serving import served

_PATIENCE = 30.0  # seconds


@pytest.fixture
def busy(tmp_path: Path) -> Publication:
    publication = Publication(tmp_path)
    publication.run("init", "--sample", ".")
    with (tmp_path / "digest.toml").open("a", encoding="utf-8") as file:
        file.write("\n[serve]\nprocesses = 2\n")
    return publication


@pytest.fixture
def killed(busy: Publication) -> Iterator[str]:
    """The address of a server whose first process was killed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "digest", "serve", "--port", "0"],
        cwd=busy.folder,
        env=busy.environment(PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout
        address = process.stdout.readline().removeprefix("Serving ").strip()
        assert "Closing Arguments" in _page(address)
        os.kill(process.pid, signal.SIGKILL)
    yield address


def test_they_answer_and_end_quietly(busy: Publication) -> None:
    with served(busy) as address:
        assert all("Closing Arguments" in _page(address) for _ in range(20))
    assert [path.name for path in (busy.folder / "var").iterdir() if path.name.startswith("digest.db")] == ["digest.db"]


def test_nobody_keeps_the_port_when_the_first_was_killed(killed: str) -> None:
    until = time.monotonic() + _PATIENCE
    while _answers(killed):
        assert time.monotonic() < until
        time.sleep(0.05)


def _page(address: str) -> str:
    with urlopen(address, timeout=_PATIENCE) as answer:
        return str(answer.read().decode())


def _answers(address: str) -> bool:
    try:
        return bool(_page(address))
    except OSError:
        return False
