"""One maker, or many senders, from whatever process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from digest.errors import AtWork, RecordError
from digest.record.lock import alone, among_senders

HOLDER = """
import sys, time
from pathlib import Path
from digest.record import lock
with getattr(lock, sys.argv[1])(Path(sys.argv[2])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "digest.db"


def holder(kind: str, store: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLDER, kind, str(store)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def test_a_maker_shuts_everybody_else_out(store: Path) -> None:
    with alone(store):
        for other in (alone, among_senders):
            with pytest.raises(AtWork), other(store):
                pytest.fail("two at once")


def test_senders_share_and_keep_makers_out(store: Path) -> None:
    with among_senders(store), among_senders(store), pytest.raises(AtWork), alone(store):
        pytest.fail("a maker among senders")
    with alone(store):
        pass


def test_another_process_is_seen_and_its_end_too(store: Path) -> None:
    process = holder("alone", store)
    with pytest.raises(AtWork, match="another digest"), among_senders(store):
        pytest.fail("two at once")
    process.kill()
    process.communicate()
    with alone(store):
        pass


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="nowhere"), alone(tmp_path / "nowhere" / "digest.db"):
        pytest.fail("no lock")
