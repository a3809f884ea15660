"""Who is erased is nowhere in the store's files, and comes back by no list."""

from __future__ import annotations

from pathlib import Path

import pytest

from digest.model import LetterState, Settlement
from digest.model.readers import Act, Choice, Ground, Origin
from digest.model.roster import ERASED, SUPPRESSED
from digest.record.store import Store
from tests.unit.record.newsroom import DAY, NOW, claim, composed, counts, listed, row, sender, settle
from tests.unit.record.test_readers import ANA, COURTS, DESK, MAIL, PAGE, acts, joined


def traces(file: Path, words: str) -> list[str]:
    return [one.name for one in file.parent.rglob("*") if one.is_file() and words.encode() in one.read_bytes().lower()]


def test_nothing_of_somebody_forgotten_is_left_in_the_files(store: Store, file: Path) -> None:
    bad = row(4, address=f"x {ANA}", reason="bad address")
    rows = [row(2, address=ANA, name="Anabel"), row(3, address=ANA), bad]
    store.subscribers.keep(rows, path="subscribers.csv", stamp="one", now=NOW)
    joined(store, choice=Choice(name="Anabel Sá"))
    composed(store)
    store.ledger.plan("2026-11-20", now=NOW)
    settle(store, claim(store, sender(store)), LetterState.REFUSED, words=f"550 no <{ANA}> here", tried=True)
    store.readers.ask(ANA, COURTS, PAGE, now=NOW)
    assert traces(file, ANA)
    assert store.readers.forget("Ana@reader.example", now=NOW)
    assert traces(file, ANA) == traces(file, "anabel") == []
    assert store.readers.find(ANA) is store.readers.numbered(1) is None
    assert store.readers.ground_of(ANA) is Ground.FORGOTTEN
    assert acts(store) == []
    assert counts(store) == {"refused": 1}
    assert not store.readers.forget(ANA, now=NOW)
    assert not store.readers.forget("nobody@reader.example", now=NOW)


def test_a_letter_that_is_owed_to_them_is_left_out(store: Store) -> None:
    listed(store, [row(1, address=ANA), row(2)])
    composed(store)
    store.ledger.plan("2026-11-20", now=NOW)
    store.readers.forget(ANA, now=NOW)
    assert counts(store) == {"owed": 1, "left_out": 1}
    assert store.ledger.words("2026-11-20", LetterState.LEFT_OUT) == {"forgotten": 1}


def test_of_a_letter_that_was_in_hand_no_words_are_kept(store: Store, file: Path) -> None:
    listed(store, [row(1, address=ANA), row(2)])
    composed(store)
    store.ledger.plan("2026-11-20", now=NOW)
    claimed = claim(store, sender(store))
    store.readers.forget(ANA, now=NOW)
    said = {letter.key: f"550 no <{letter.address}>" for letter in claimed.letters}
    told = [Settlement(key=key, state=LetterState.REFUSED, words=no, suppress=no) for key, no in said.items()]
    store.ledger.settle("2026-11-20", claimed.number, told, now=NOW)
    assert traces(file, ANA) == []
    assert counts(store) == {"refused": 2}
    assert store.suppressions.contains(row(2).address)
    assert len(store.suppressions.addresses()) == 2


def test_the_operators_row_is_told_by_its_line_alone(store: Store, file: Path) -> None:
    rows = [row(1), row(2, address=ANA), row(3, address=f"x {ANA}, y", reason="bad address", detail=f"<{ANA}>.")]
    store.subscribers.keep(rows, path="subscribers.csv", stamp="one", now=NOW)
    store.readers.forget(ANA, now=NOW)
    (fault,) = store.subscribers.report().faults
    assert (fault.line, fault.address, fault.reason, fault.detail) == (3, "", SUPPRESSED, ERASED)
    read = store.subscribers.keep(rows, path="subscribers.csv", stamp="one", now=NOW)
    assert (read.changed, read.readers, store.subscribers.rows_of_erased()) == (True, 1, (3, 4))
    assert traces(file, ANA) == []


def test_their_number_is_given_to_nobody_else(store: Store) -> None:
    number = joined(store).number
    store.readers.forget(ANA, now=NOW)
    assert joined(store, "ben@reader.example").number == number + 1
    again = joined(store, now=NOW + DAY)
    assert again.number == number + 2
    assert again.gets_letters
    assert store.readers.forget(ANA, now=NOW + DAY)


@pytest.mark.parametrize("ground", [Ground.BY_HAND, Ground.COMPLAINED])
def test_being_forgotten_takes_no_complaint_back(store: Store, ground: Ground) -> None:
    store.readers.suppress(ANA, ground, "", MAIL, at=NOW, now=NOW)
    store.readers.forget(ANA, now=NOW)
    assert store.readers.ground_of(ANA) is ground
    reader = joined(store, now=NOW + DAY)
    assert (reader.ground, reader.gets_letters) == (ground, False)


def test_what_is_said_later_of_somebody_forgotten_leaves_no_trace(store: Store, file: Path) -> None:
    joined(store)
    store.readers.forget(ANA, now=NOW)
    assert not store.readers.suppress(ANA, Ground.BOUNCED, f"no {ANA}", MAIL, at=NOW + DAY, now=NOW + DAY)
    assert store.readers.suppress(ANA, Ground.COMPLAINED, f"by {ANA}", MAIL, at=NOW + DAY, now=NOW + DAY)
    assert not store.readers.add(ANA, COURTS, Act.IMPORTED, DESK, now=NOW + DAY)
    assert store.readers.ground_of(ANA) is Ground.COMPLAINED
    assert traces(file, ANA) == []


def test_the_operator_takes_forgetting_back(store: Store) -> None:
    joined(store)
    store.readers.forget(ANA, now=NOW)
    assert store.readers.allow(ANA, Origin(how="operator"), now=NOW + DAY)
    assert store.readers.ground_of(ANA) is None
    reader = store.readers.find(ANA)
    assert reader and not reader.is_on_the_list
