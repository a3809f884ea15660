"""What keeps a sender from sending: limits, holds and hands."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from digest.deliver.seam import Abilities
from digest.model import Answer, IssueState, Letter
from digest.model.ledger import PAUSED, STOPPED
from digest.settings import FirstSlice, Limits
from tests.unit.dispatch.office import Office, Told
from tests.unit.record.newsroom import ISSUE, NOW, composed, counts, in_the_rows, listed, planned, row

LINES = Abilities(readers_per_call=3, calls_at_once=4)
BY_LETTER = Abilities(readers_per_call=4, letter_by_letter=True)


# --- limits


def test_no_more_than_the_limit_that_was_ordered(office: Office) -> None:
    planned(office.store, 30)
    provider = Told(abilities=LINES)
    assert office.send(provider, limit=7) == ""
    assert sorted(provider.got()) == list(range(1, 8))
    assert counts(office.store) == {"accepted": 7, "owed": 23}
    office.send(provider, limit=0)
    assert len(provider.got()) == 7


def test_an_hours_limit_is_waited_for_by_the_patient_alone(office: Office) -> None:
    planned(office.store, 10)
    office.set(limits=Limits(per_hour=6))
    provider = Told()
    assert office.send(provider, patient=False) == ""
    assert len(provider.got()) == 6
    office.send(provider, progress=lambda: office.clock.move(minutes=20))
    assert Counter(provider.got()) == Counter(range(1, 11))
    assert office.clock() >= NOW + timedelta(hours=1)


def test_a_days_limit_holds_over_senders(office: Office) -> None:
    planned(office.store, 10)
    office.set(limits=Limits(per_day=5))
    for _ in range(3):
        office.send(Told(), patient=False)
    assert counts(office.store) == {"accepted": 5, "owed": 5}
    office.clock.move(hours=25)
    office.send(Told(), patient=False)
    assert counts(office.store) == {"accepted": 10}


def test_a_domains_limit_lets_the_others_pass(office: Office) -> None:
    composed(office.store)
    listed(
        office.store,
        [row(number, domain="slow.example" if number < 7 else "reader.example") for number in range(1, 11)],
    )
    office.store.ledger.plan(ISSUE, now=NOW)
    office.set(limits=Limits(domains={"slow.example": 2}))
    provider = Told()
    office.send(provider, patient=False)
    assert sorted(provider.got()) == [1, 2, 7, 8, 9, 10]
    office.send(provider, progress=lambda: office.clock.move(minutes=10))
    assert Counter(provider.got()) == Counter(range(1, 11))
    assert office.clock() >= NOW + timedelta(hours=2)


def test_a_rate_gives_out_a_second_worth_at_a_time(office: Office) -> None:
    planned(office.store, 6)
    office.set(limits=Limits(per_second=2.0))
    provider = Told(abilities=Abilities(readers_per_call=100))
    office.send(provider, progress=lambda: office.clock.move(seconds=1))
    assert [len(batch.letters) for batch in provider.calls] == [2, 2, 2]


# --- holds and hands


def test_the_rest_is_kept_back_after_a_bad_first_slice_and_goes_on_after_release(office: Office) -> None:
    planned(office.store, 20)
    office.set(first_slice=FirstSlice(letters=6, refused=0.5))
    bad = Told(lambda letter, before: Answer.NOT_TAKEN if letter.key < 5 else Answer.TAKEN, abilities=LINES)
    why = office.send(bad)
    assert why == "kept back after the first slice: 4 of its 6 letters were refused"
    assert counts(office.store) == {"accepted": 2, "refused": 4, "owed": 14}
    assert office.send(Told()) == why
    office.store.issues.release(ISSUE)
    assert office.send(Told()) == ""
    assert counts(office.store) == {"accepted": 16, "refused": 4}


def test_after_a_good_first_slice_the_rest_goes(office: Office) -> None:
    planned(office.store, 20)
    office.set(first_slice=FirstSlice(letters=6, refused=0.5))
    provider = Told(abilities=LINES)
    assert office.send(provider) == ""
    assert set(provider.got()[:6]) == set(range(1, 7))
    assert counts(office.store) == {"accepted": 20}


def test_a_pause_is_waited_out_by_the_patient(office: Office) -> None:
    planned(office.store, 12)
    beats = [0]

    def answer(letter: Letter, before: int) -> Answer:
        if letter.key == 4:
            office.store.issues.hold(ISSUE, PAUSED)
        return Answer.TAKEN

    def progress() -> None:
        beats[0] += 1
        if office.store.issues.record(ISSUE).hold and beats[0] % 10 == 0:  # type: ignore[union-attr]
            assert len(provider.got()) == 4
            office.store.issues.release(ISSUE)

    provider = Told(answer)
    assert office.send(provider, progress=progress) == ""
    assert counts(office.store) == {"accepted": 12}


def test_a_paused_issue_stops_the_impatient(office: Office) -> None:
    planned(office.store, 4)
    office.store.issues.hold(ISSUE, PAUSED)
    assert office.send(Told(), patient=False) == PAUSED


def test_stopping_ends_it_and_nothing_is_owed(office: Office) -> None:
    planned(office.store, 40)

    def answer(letter: Letter, before: int) -> Answer:
        if letter.key == 6:
            office.store.issues.stop(ISSUE, STOPPED, now=NOW)
        return Answer.NOT_NOW if letter.key == 5 else Answer.TAKEN

    provider = Told(answer)
    assert office.send(provider) == STOPPED
    assert len(provider.calls) == 2
    assert counts(office.store) == in_the_rows(office.store) == {"accepted": 7, "left_out": 33}
    assert office.state() is IssueState.STOPPED
    assert office.is_empty()


class Waits(Told):
    """From its sixth letter on it waits until the sender has looked, so that all is not over before that."""

    def __init__(self, abilities: Abilities) -> None:
        super().__init__(self._answer, abilities=abilities)
        self.seen = threading.Event()

    def _answer(self, letter: Letter, before: int) -> Answer:
        assert len(self.times) <= 5 or self.seen.wait(60)
        return Answer.TAKEN

    def look(self) -> bool:
        if len(self.times) > 5:
            self.seen.set()
        return self.seen.is_set()


def test_an_interruption_finishes_what_is_on_the_wire(office: Office) -> None:
    planned(office.store, 400)
    provider = Waits(BY_LETTER)
    assert office.send(provider, interrupted=provider.look) == ""
    found = counts(office.store)
    assert 5 < found["accepted"] < 400
    assert found == in_the_rows(office.store) == {"accepted": sum(provider.times.values()), "owed": found["owed"]}
    assert office.is_empty()


def test_a_progress_that_breaks_ends_every_lane_before_the_journal(office: Office) -> None:
    planned(office.store, 400)
    provider = Waits(replace(LINES, letter_by_letter=True))

    def broken() -> None:
        if provider.look():
            raise BrokenPipeError("nobody reads any more")

    with pytest.raises(BrokenPipeError):
        office.send(provider, progress=broken)
    assert provider.open_lines == 0
    sent = sum(provider.times.values())
    assert counts(office.store)["accepted"] == sent < 400
    office.send(Told())
    assert counts(office.store) == {"accepted": 400}
