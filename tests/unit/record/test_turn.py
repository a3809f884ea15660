"""Turns at the store, among threads and processes."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from digest.record.turn import Turn

HOLDER = """
import sys, time
from pathlib import Path
from digest.record.turn import Turn
with Turn(Path(sys.argv[1])):
    print("mine", flush=True)
    sys.stdin.readline()
    Path(sys.argv[2]).touch()
"""


@pytest.fixture
def senders(tmp_path: Path) -> Path:
    (folder := tmp_path / "digest.db.senders").mkdir()
    return folder


def holder(senders: Path, mark: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLDER, str(senders), str(mark)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "mine\n"
    return process


def test_another_process_is_waited_for(senders: Path, tmp_path: Path) -> None:
    mark, turn = tmp_path / "done", Turn(senders)
    with holder(senders, mark) as other:
        assert other.stdin
        threading.Timer(0.3, other.stdin.close).start()
        with turn:
            assert mark.exists()
    turn.close()


def test_a_process_that_hangs_is_not_waited_for_for_ever(senders: Path, tmp_path: Path) -> None:
    with holder(senders, tmp_path / "done") as other:
        with Turn(senders):
            assert not (tmp_path / "done").exists()
        assert other.stdin
        other.stdin.close()


def test_one_that_dies_leaves_its_turn_to_the_next(senders: Path, tmp_path: Path) -> None:
    with holder(senders, tmp_path / "done") as other:
        other.kill()
        other.wait()
        began = time.monotonic()
        with Turn(senders):
            pass
        assert time.monotonic() - began < 1.9, "it waited for a dead process"


def test_threads_take_turns_even_where_nobody_has_sent_yet(tmp_path: Path) -> None:
    turn, inside, most = Turn(tmp_path / "nowhere"), [0], [0]

    def work() -> None:
        for _ in range(50):
            with turn:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0)
                inside[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]
