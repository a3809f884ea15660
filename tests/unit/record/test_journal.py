"""The journal: every line is with the system before the letter goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.errors import RecordError
from digest.model import Answer, Receipt
from digest.record import journal
from digest.record.journal import Journal, Notes, is_alive, path_of, read_notes

ROOT = Path(__file__).resolve().parents[3]
TAKEN = Receipt(key=7, answer=Answer.TAKEN, provider_id="id-7", words="250 ok", wait=1.5)
HOLDS_ONE = """
import sys
from pathlib import Path
from digest.record.journal import Journal
one = Journal(Path(sys.argv[1]), "other")
one.started(3, 7)
print("open", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal(tmp_path, "one")
    yield opened
    if opened._file >= 0:
        opened.close(keep=True)


def notes(folder: Path, batch: int = 3, *, same_boot: bool = True) -> Notes:
    return read_notes(folder, "one", same_boot=same_boot)[batch]


def test_what_was_noted_can_be_read(tmp_path: Path, one: Journal) -> None:
    for key in (7, 8):
        one.started(3, key)
    one.answered(3, TAKEN)
    one.started(4, 0)
    assert notes(tmp_path) == Notes(started=frozenset({7, 8}), receipts={7: TAKEN}, whole=True)
    assert notes(tmp_path, 4) == Notes(started=frozenset({0}), whole=True)


def test_after_another_start_of_the_machine_something_may_be_missing(tmp_path: Path, one: Journal) -> None:
    one.started(3, 7)
    assert not notes(tmp_path, same_boot=False).whole


def test_a_journal_that_is_gone_tells_nothing(tmp_path: Path) -> None:
    assert read_notes(tmp_path, "gone", same_boot=True) == {}


@pytest.mark.parametrize("answer", Answer)
def test_every_answer_is_noted(tmp_path: Path, one: Journal, answer: Answer) -> None:
    one.started(3, 7)
    one.answered(3, Receipt(key=7, answer=answer))
    assert notes(tmp_path).receipts[7].answer is answer


def test_words_of_any_kind_stay_on_their_line(tmp_path: Path, one: Journal) -> None:
    odd = "tab\there\nand a line\r\0ʻōlelo " * 50
    one.started(3, 7)
    one.answered(3, Receipt(key=7, answer=Answer.NOT_TAKEN, words=odd, provider_id=odd))
    one.started(3, 8)
    found = notes(tmp_path)
    assert found.started == {7, 8}
    assert found.receipts[7].answer is Answer.NOT_TAKEN
    assert found.receipts[7].words.startswith("tab here and a line")
    assert found.receipts[7].provider_id.startswith("tab here and a line")


def test_an_attempt_that_begins_again_forgets_the_answer_to_the_one_before(tmp_path: Path, one: Journal) -> None:
    one.started(3, 7)
    one.answered(3, TAKEN)
    one.started(3, 7)
    assert notes(tmp_path).receipts == {}


def test_a_batch_that_begins_again_forgets_every_answer(tmp_path: Path, one: Journal) -> None:
    one.started(3, 0)
    one.answered(3, Receipt(key=7, answer=Answer.FAILING))
    one.started(3, 0)
    assert notes(tmp_path) == Notes(started=frozenset({0}), whole=True)


@pytest.mark.parametrize("torn", range(1, 12))
def test_a_torn_last_line_is_no_line(tmp_path: Path, one: Journal, torn: int) -> None:
    one.started(3, 7)
    one.started(3, 8)
    one.answered(3, TAKEN)
    os.truncate(one.path, one._end - torn)
    found = notes(tmp_path)
    assert found.started == {7, 8}
    assert found.receipts == {}


def test_a_torn_start_is_none(tmp_path: Path, one: Journal) -> None:
    one.started(3, 7)
    one.started(3, 8)
    os.truncate(one.path, one._end - 1)
    assert notes(tmp_path).started == {7}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_no_rubbish_breaks_the_reading(tmp_path: Path, rubbish: bytes) -> None:
    path_of(tmp_path, "rubbish").write_bytes(b"S\t3\t7\n" + rubbish + b"\nS\t3\t8\n")
    assert {7, 8} <= read_notes(tmp_path, "rubbish", same_boot=True)[3].started


# --- room


def test_the_room_is_made_before_it_is_needed(tmp_path: Path, one: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    started = 0
    with pytest.raises(RecordError, match="No space left") as refused:
        while True:
            one.started(3, started + 1)
            started += 1
    assert "room" in refused.value.hint
    for key in range(1, 33):  # letters on the wire are answered for all the same
        one.answered(3, Receipt(key=key, answer=Answer.TAKEN, words="x" * 2000, provider_id="y" * 2000))
    found = notes(tmp_path)
    assert len(found.started) == started
    assert len(found.receipts) == 32
    assert one.path.stat().st_size == journal._ROOM


def test_a_journal_that_outgrows_its_room_gets_more(tmp_path: Path, one: Journal) -> None:
    for key in range(1, 100_001):
        one.started(3, key)
    assert notes(tmp_path).started == set(range(1, 100_001))
    one.make_durable()


def test_a_journal_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RecordError, match="cannot be written") as refused:
        Journal(tmp_path / "file", "one")
    assert refused.value.hint


def test_only_its_owner_may_read_it(tmp_path: Path, one: Journal) -> None:
    assert one.path.stat().st_mode & 0o077 == 0


# --- who lives


def test_a_sender_lives_while_its_journal_is_open(tmp_path: Path, one: Journal) -> None:
    assert is_alive(tmp_path, "one")
    one.close(keep=True)
    assert not is_alive(tmp_path, "one")
    assert one.path.exists()


def test_a_sender_without_a_journal_is_dead(tmp_path: Path) -> None:
    assert not is_alive(tmp_path, "nobody")


def test_who_looks_is_not_taken_for_the_living(tmp_path: Path, one: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    one.close(keep=True)
    seen: list[bool] = []
    real = os.close

    def look_meanwhile(descriptor: int) -> None:
        monkeypatch.setattr(os, "close", real)
        seen.append(is_alive(tmp_path, "one"))
        real(descriptor)

    monkeypatch.setattr(os, "close", look_meanwhile)
    seen.append(is_alive(tmp_path, "one"))
    assert seen == [False, False]


def test_nothing_is_written_after_the_end(tmp_path: Path, one: Journal) -> None:
    one.close(keep=True)
    another = (tmp_path / "another file").open("wb")  # the system gives it the number of the journal's
    with another, pytest.raises(RecordError):
        one.started(3, 7)
    assert (tmp_path / "another file").read_bytes() == b""


def test_without_keeping_it_is_gone(tmp_path: Path, one: Journal) -> None:
    one.close(keep=False)
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_is_killed_leaves_its_notes_and_its_lock_ends(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS_ONE, str(tmp_path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout
    assert process.stdout.readline()
    assert is_alive(tmp_path, "other")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not is_alive(tmp_path, "other")
    assert read_notes(tmp_path, "other", same_boot=True)[3].started == {7}
