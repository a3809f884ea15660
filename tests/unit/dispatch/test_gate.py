"""The gate before each letter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from digest.dispatch.gate import BatchGate
from digest.dispatch.shift import Shift
from digest.errors import RecordError
from digest.model import Answer, Claim, Letter, Receipt
from digest.record.journal import Journal, read_notes

LETTERS = [
    Letter(address=f"{key}@reader.example", name="", message_id="<x@y>", one_click="", key=key) for key in (7, 8)
]
TAKEN = Receipt(key=7, answer=Answer.TAKEN)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal(tmp_path, "one")
    yield opened
    if opened._file >= 0:
        opened.close(keep=True)


@pytest.fixture
def shift() -> Shift:
    return Shift(lease=timedelta(seconds=60))


class Slept:
    """Takes down how long the gate would have slept."""

    def __init__(self, shift: Shift, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.long = 1000.0, list[float]()
        monkeypatch.setattr("digest.dispatch.gate.time.monotonic", lambda: self.now)
        monkeypatch.setattr(shift, "sleep", self.sleep)

    def sleep(self, seconds: float) -> bool:
        self.long.append(round(max(seconds, 0), 6))
        self.now += max(seconds, 0)
        return True


def test_a_letter_is_noted_before_it_leaves_and_after(tmp_path: Path, journal: Journal, shift: Shift) -> None:
    gate = BatchGate(shift, journal, Claim(number=3))
    assert gate.start(LETTERS[0])
    assert read_notes(tmp_path, "one", same_boot=True)[3].started == {7}
    gate.done(TAKEN)
    assert read_notes(tmp_path, "one", same_boot=True)[3].receipts == {7: TAKEN}


def test_a_batch_in_one_call_is_noted_as_one(tmp_path: Path, journal: Journal, shift: Shift) -> None:
    assert BatchGate(shift, journal, Claim(number=3)).start_all()
    assert read_notes(tmp_path, "one", same_boot=True)[3].started == {0}


def test_it_is_shut_once_the_shift_is_over(tmp_path: Path, journal: Journal, shift: Shift) -> None:
    gate = BatchGate(shift, journal, Claim(number=3))
    shift.stop()
    assert not gate.start(LETTERS[0])
    assert not gate.start_all()
    assert read_notes(tmp_path, "one", same_boot=True) == {}


def test_what_cannot_be_noted_must_not_leave(journal: Journal, shift: Shift) -> None:
    gate = BatchGate(shift, journal, Claim(number=3))
    journal.close(keep=True)
    assert not gate.start(LETTERS[0])
    assert isinstance(shift.error, RecordError)
    assert shift.over


def test_an_answer_that_cannot_be_noted_ends_the_shift_and_is_not_lost(journal: Journal, shift: Shift) -> None:
    gate = BatchGate(shift, journal, Claim(number=3))
    gate.start(LETTERS[0])
    journal.close(keep=True)
    gate.done(TAKEN)
    assert isinstance(shift.error, RecordError)


def test_letters_keep_the_pace(journal: Journal, shift: Shift, monkeypatch: pytest.MonkeyPatch) -> None:
    slept = Slept(shift, monkeypatch)
    gate = BatchGate(shift, journal, Claim(number=3, rate=4.0, starts_in=timedelta(seconds=1)))
    assert all(gate.start(letter) for letter in LETTERS * 2)
    assert slept.long == [1.0, 0.25, 0.25, 0.25]


def test_a_delay_saves_up_no_burst(journal: Journal, shift: Shift, monkeypatch: pytest.MonkeyPatch) -> None:
    slept = Slept(shift, monkeypatch)
    gate = BatchGate(shift, journal, Claim(number=3, rate=4.0))
    gate.start(LETTERS[0])
    slept.now += 60
    assert all(gate.start(letter) for letter in LETTERS * 2)
    assert slept.long == [0, 0, 0, 0.25, 0.25]


def test_a_shift_that_ends_while_a_letter_waits_keeps_it_back(tmp_path: Path, journal: Journal, shift: Shift) -> None:
    gate = BatchGate(shift, journal, Claim(number=3, rate=1.0, starts_in=timedelta(hours=1)))
    shift.stop()
    assert not gate.start(LETTERS[0])
    assert read_notes(tmp_path, "one", same_boot=True) == {}
