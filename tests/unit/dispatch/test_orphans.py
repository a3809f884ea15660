"""Batches in doubt: read from a journal, called back, repeated, or unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from digest.deliver.seam import Abilities
from digest.model import Answer, Delivery, Letter, LetterState, Recall, Receipt
from digest.model.ledger import PAUSED, STOPPED
from digest.record import machine
from digest.record.journal import Journal
from digest.record.senders import LEASE
from tests.unit.dispatch.office import Office, Told
from tests.unit.record.newsroom import ISSUE, NOW, counts, in_the_rows, letters, planned

BY_LETTER = Abilities(readers_per_call=4, letter_by_letter=True)
HOLDS = Abilities(readers_per_call=4, holds=True)
REPEATS = Abilities(readers_per_call=4, repeatable=True)
HOLD = timedelta(minutes=30)


def on_the_wire(journal: Journal, batch: int) -> None:
    """Of a batch of four, one was taken and one put off; one had started, and one had not."""
    for key, answer in ((1, Answer.TAKEN), (2, Answer.NOT_NOW)):
        journal.started(batch, key)
        journal.answered(batch, Receipt(key=key, answer=answer))
    journal.started(batch, 3)


def left_in_one_call(journal: Journal, batch: int) -> None:
    journal.started(batch, 0)


def taken_in_one_call(journal: Journal, batch: int) -> None:
    journal.started(batch, 0)
    journal.answered(batch, Receipt(key=0, answer=Answer.TAKEN, provider_id="call-1"))


def unheard_at(*calls: int) -> Callable[[Delivery, int], Delivery]:
    def makes(delivery: Delivery, call: int) -> Delivery:
        if call not in calls:
            return delivery
        return replace(delivery, receipts=tuple(replace(each, answer=Answer.UNHEARD) for each in delivery.receipts))

    return makes


# --- from the journal


def test_answered_is_settled_started_is_unknown_and_the_rest_is_sent(office: Office) -> None:
    planned(office.store, 6)
    office.dies(noted=on_the_wire)
    provider = Told(abilities=BY_LETTER)
    office.send(provider, patient=False)
    assert sorted(provider.got()) == [4, 5, 6]
    assert counts(office.store) == in_the_rows(office.store) == {"accepted": 4, "owed": 1, "unknown": 1}
    assert [letter.key for letter in letters(office.store, LetterState.UNKNOWN)] == [3]
    office.clock.move(hours=1)
    office.send(provider, patient=False)
    assert sorted(provider.got()) == [2, 4, 5, 6]


def test_after_another_start_what_is_not_answered_is_unknown(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    planned(office.store, 6)
    office.dies(noted=on_the_wire)
    monkeypatch.setattr(machine, "boot", lambda: "another start")
    office.clock.move(seconds=LEASE.total_seconds() + 1)
    provider = Told(abilities=BY_LETTER)
    office.send(provider, patient=False)
    assert sorted(provider.got()) == [5, 6]
    assert [letter.key for letter in letters(office.store, LetterState.UNKNOWN)] == [3, 4]


def test_a_batch_that_was_answered_as_one_is_settled_as_one(office: Office) -> None:
    planned(office.store, 6)
    office.dies(noted=taken_in_one_call)
    provider = Told(abilities=HOLDS)
    office.send(provider)
    assert sorted(provider.got()) == [5, 6]
    assert {letter.provider_id for letter in letters(office.store)[:4]} == {"call-1"}


def test_a_batch_that_left_in_one_call_without_an_answer_is_unknown(office: Office) -> None:
    planned(office.store, 6)
    office.dies(noted=left_in_one_call)
    provider = Told()
    office.send(provider)
    assert sorted(provider.got()) == [5, 6]
    assert counts(office.store) == {"accepted": 2, "unknown": 4}


def test_a_batch_that_never_left_is_sent(office: Office) -> None:
    planned(office.store, 6)
    office.dies()
    provider = Told()
    office.send(provider)
    assert sorted(provider.got()) == [1, 2, 3, 4, 5, 6]
    assert {letter.attempts for letter in letters(office.store)} == {1}


def test_one_that_dies_while_others_work_is_taken_over_by_them(office: Office) -> None:
    planned(office.store, 40)
    died: list[int] = []

    def answer(letter: Letter, before: int) -> Answer:
        if not died:
            died.append(office.dies(noted=lambda journal, batch: journal.started(batch, 5)))
        return Answer.TAKEN

    office.send(Told(answer, abilities=BY_LETTER))
    assert counts(office.store) == {"accepted": 39, "unknown": 1}


def test_another_providers_batch_is_neither_called_back_nor_repeated(office: Office) -> None:
    planned(office.store, 6)
    office.dies(noted=left_in_one_call, provider="another", reference="theirs", send_at=NOW + HOLD)
    provider = Told(abilities=replace(HOLDS, repeatable=True))
    office.send(provider)
    assert provider.recalled == []
    assert "theirs" not in provider.references()
    assert counts(office.store) == {"accepted": 2, "unknown": 4}


# --- called back


@pytest.mark.parametrize("dead", [True, False])
def test_what_was_called_back_goes_out_under_a_new_reference(office: Office, dead: bool) -> None:
    planned(office.store, 6)
    office.set(hold=HOLD)
    provider = Told(abilities=HOLDS, makes=unheard_at(*([] if dead else [1])))
    if dead:
        office.dies(noted=left_in_one_call, reference="ref-0", send_at=NOW + HOLD)
    office.send(provider)
    assert provider.recalled == ["ref-0" if dead else "ref-1"]
    assert counts(office.store) == in_the_rows(office.store) == {"accepted": 6}
    last = {letter.key: batch.reference for batch in provider.calls for letter in batch.letters}
    assert set(last) == set(range(1, 7))
    assert not set(last.values()) & set(provider.recalled)
    assert {batch.send_at for batch in provider.calls} == {NOW + HOLD}


def test_what_is_too_late_is_unknown(office: Office) -> None:
    planned(office.store, 6)
    office.set(hold=HOLD)
    provider = Told(abilities=HOLDS, makes=unheard_at(1), recalls=lambda reference: Recall.TOO_LATE)
    office.send(provider)
    assert counts(office.store) == {"accepted": 2, "unknown": 4}
    assert provider.recalled == ["ref-1"]


def test_shortly_before_its_time_it_is_not_even_asked(office: Office) -> None:
    planned(office.store, 6)
    office.dies(noted=left_in_one_call, reference="ref-0", send_at=NOW + HOLD)
    office.clock.move(minutes=21)
    provider = Told(abilities=HOLDS)
    office.send(provider)
    assert provider.recalled == []
    assert counts(office.store) == {"accepted": 2, "unknown": 4}


def test_what_cannot_be_asked_now_is_asked_again(office: Office) -> None:
    planned(office.store, 6)
    office.set(hold=HOLD)
    provider = Told(abilities=HOLDS, makes=unheard_at(1))
    provider.recalls = lambda reference: Recall.NOT_NOW if len(provider.recalled) < 3 else Recall.CALLED_BACK
    office.send(provider)
    assert provider.recalled == ["ref-1"] * 3
    assert counts(office.store) == {"accepted": 6}


def test_an_impatient_one_leaves_it_to_the_next(office: Office) -> None:
    planned(office.store, 4)
    office.set(hold=HOLD)
    provider = Told(abilities=HOLDS, makes=unheard_at(1), recalls=lambda reference: Recall.NOT_NOW)
    office.send(provider, patient=False)
    assert counts(office.store) == {"claimed": 4}
    provider.recalls = lambda reference: Recall.CALLED_BACK
    office.send(provider, patient=False)
    assert counts(office.store) == {"accepted": 4}


# --- repeated


def test_a_batch_in_doubt_is_repeated_under_its_reference(office: Office) -> None:
    planned(office.store, 6)
    provider = Told(abilities=REPEATS, makes=unheard_at(1))
    office.send(provider)
    assert provider.references().count("ref-1") == 2
    assert Counter(provider.got()) == Counter({1: 2, 2: 2, 3: 2, 4: 2, 5: 1, 6: 1})
    assert counts(office.store) == in_the_rows(office.store) == {"accepted": 6}


def test_so_is_one_of_a_dead_sender(office: Office) -> None:
    planned(office.store, 6)
    office.dies(noted=left_in_one_call, reference="theirs")
    provider = Told(abilities=REPEATS)
    office.send(provider)
    assert provider.references()[0] == "theirs"
    assert counts(office.store) == {"accepted": 6}


@pytest.mark.parametrize("answer", [Answer.NOT_NOW, Answer.FAILING, Answer.CUT_SHORT, Answer.UNHEARD, Answer.UNSENT])
def test_only_a_final_answer_ends_the_doubt(office: Office, answer: Answer) -> None:
    planned(office.store, 4)
    office.dies(noted=left_in_one_call, reference="theirs")
    provider = Told(lambda letter, before: answer if before < 2 else Answer.TAKEN, abilities=REPEATS)
    office.send(provider)
    assert provider.references() == ["theirs"] * 3
    assert counts(office.store) == {"accepted": 4}


def test_a_refusal_of_the_repeated_batch_is_final(office: Office) -> None:
    planned(office.store, 4)
    office.dies(noted=left_in_one_call, reference="theirs")
    office.send(Told(lambda letter, before: Answer.NOT_TAKEN, abilities=REPEATS))
    assert counts(office.store) == {"refused": 4}


def test_after_a_day_the_provider_has_forgotten_and_nobody_knows(office: Office) -> None:
    planned(office.store, 6)
    office.dies(noted=left_in_one_call, reference="theirs")
    office.clock.move(hours=23)
    provider = Told(abilities=REPEATS)
    office.send(provider)
    assert "theirs" not in provider.references()
    assert counts(office.store) == {"accepted": 2, "unknown": 4}


def test_a_provider_that_fails_is_left_alone_with_what_is_in_doubt_too(office: Office) -> None:
    planned(office.store, 4)
    office.dies(noted=left_in_one_call, reference="theirs")
    provider = Told(makes=unheard_at(*range(1, 5)), abilities=REPEATS)
    unheard = provider.makes
    provider.makes = lambda delivery, call: replace(unheard(delivery, call), trouble="down" if call < 5 else "")
    beats = [0]

    def progress() -> None:
        beats[0] += 1
        office.clock.move(seconds=1)

    office.send(provider, progress=progress)
    assert counts(office.store) == {"accepted": 4}
    assert len(provider.calls) == 5
    assert beats[0] > 60


def test_nothing_is_repeated_while_the_issue_is_paused(office: Office) -> None:
    planned(office.store, 6)
    office.dies(noted=left_in_one_call, reference="theirs")
    office.store.issues.hold(ISSUE, PAUSED)
    provider = Told(abilities=REPEATS)
    assert office.send(provider, patient=False) == PAUSED
    assert provider.calls == []
    office.store.issues.release(ISSUE)
    office.send(provider)
    assert provider.references()[0] == "theirs"
    assert counts(office.store) == {"accepted": 6}


def test_nothing_is_repeated_of_an_issue_that_was_stopped(office: Office) -> None:
    planned(office.store, 6)
    office.dies(noted=left_in_one_call, reference="theirs")
    office.store.issues.stop(ISSUE, STOPPED, now=NOW)
    provider = Told(abilities=REPEATS)
    office.send(provider)
    assert provider.calls == []
    assert counts(office.store) == {"left_out": 2, "unknown": 4}


# --- stopped while something is held or in doubt


def test_stopping_calls_back_what_is_held_and_what_is_in_doubt(office: Office) -> None:
    planned(office.store, 12)
    office.set(hold=HOLD)

    def answer(letter: Letter, before: int) -> Answer:
        if letter.key == 8:
            office.store.issues.stop(ISSUE, STOPPED, now=NOW)
        return Answer.TAKEN

    provider = Told(answer, abilities=HOLDS, makes=unheard_at(2))
    assert office.send(provider) == STOPPED
    assert sorted(provider.recalled) == ["ref-1", "ref-2"]
    assert counts(office.store) == in_the_rows(office.store) == {"left_out": 12}
