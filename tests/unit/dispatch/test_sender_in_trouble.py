"""A sender whose provider fails, whose lease ends, or of whose letters nobody heard."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from digest.deliver.seam import Abilities, CannotReserve
from digest.model import Answer, Delivery, IssueState, Letter, LetterState
from digest.record.senders import LEASE, LeaseLost
from tests.unit.dispatch.office import Office, Told
from tests.unit.record.newsroom import ISSUE, NOW, counts, in_the_rows, planned, reader

LINES = Abilities(readers_per_call=3, calls_at_once=4)
BY_LETTER = Abilities(readers_per_call=4, letter_by_letter=True)


# --- a provider in trouble


def failing_until(office: Office, minutes: float) -> Told:
    def fails() -> bool:
        return office.clock() < NOW + timedelta(minutes=minutes)

    return Told(
        answer=lambda letter, before: Answer.UNSENT if fails() else Answer.TAKEN,
        makes=lambda delivery, call: replace(delivery, trouble="down" if fails() else ""),
    )


def test_a_failing_provider_is_left_alone_and_then_gone_on_with(office: Office) -> None:
    planned(office.store, 8)
    provider = failing_until(office, 3)
    holds = set()

    def progress() -> None:
        record = office.store.issues.record(ISSUE)
        assert record
        holds.add(record.hold)
        office.clock.move(seconds=20)

    assert office.send(provider, progress=progress) == ""
    assert counts(office.store) == {"accepted": 8}
    assert "the provider fails: down" in holds
    assert len(provider.calls) < 9


def test_the_impatient_stop_at_once_with_the_reason(office: Office) -> None:
    planned(office.store, 8)
    provider = failing_until(office, 3)
    assert office.send(provider, patient=False) == "down"
    assert len(provider.calls) == 1
    assert counts(office.store) == {"owed": 8}
    assert office.is_empty()


def test_a_provider_that_cannot_go_on_ends_it(office: Office) -> None:
    planned(office.store, 12)

    def makes(delivery: Delivery, call: int) -> Delivery:
        return replace(delivery, stopped="login refused") if call == 2 else delivery

    provider = Told(makes=makes)
    assert office.send(provider) == "login refused"
    assert counts(office.store) == {"accepted": 8, "owed": 4}


def test_a_provider_that_sends_nothing_and_says_nothing_is_not_asked_for_ever(office: Office) -> None:
    planned(office.store, 8)
    provider = Told(lambda letter, before: Answer.UNSENT)
    assert "did not say why" in office.send(provider, patient=False)
    assert len(provider.calls) == 1


def test_a_provider_that_passes_over_a_letter_leaves_it_unknown(office: Office) -> None:
    planned(office.store, 8)
    provider = Told(makes=lambda delivery, call: replace(delivery, receipts=delivery.receipts[1:]))
    office.send(provider)
    assert counts(office.store) == in_the_rows(office.store) == {"accepted": 6, "unknown": 2}


@pytest.mark.parametrize("abilities", [Abilities(readers_per_call=4), BY_LETTER])
def test_a_provider_that_breaks_its_promise_leaves_its_batch_to_the_next(office: Office, abilities: Abilities) -> None:
    planned(office.store, 8)

    def broken(letter: Letter, before: int) -> Answer:
        if letter.key == 2:
            raise RuntimeError("a fault of the program")
        return Answer.TAKEN

    with pytest.raises(RuntimeError):
        office.send(Told(broken, abilities=abilities))
    assert counts(office.store) == {"claimed": 4, "owed": 4}
    provider = Told(abilities=abilities)
    office.send(provider)
    if abilities is BY_LETTER:
        assert counts(office.store) == {"accepted": 7, "unknown": 1}
        assert provider.got() == [5, 6, 7, 8, 3, 4] or provider.got() == [3, 4, 5, 6, 7, 8]
    else:
        assert counts(office.store) == {"accepted": 4, "unknown": 4}


def test_a_line_that_cannot_be_made_ends_it(office: Office) -> None:
    planned(office.store, 8)

    class Lineless(Told):
        def line(self) -> None:  # type: ignore[override]
            raise RuntimeError("no line")

    with pytest.raises(RuntimeError):
        office.send(Lineless())
    assert counts(office.store) == {"owed": 8}


def test_push_back_slows_all_down(office: Office) -> None:
    planned(office.store, 8)
    provider = Told(lambda letter, before: Answer.TAKEN if before else Answer.TOO_FAST)
    rates: set[float] = set()

    def progress() -> None:
        office.clock.move(seconds=20)
        office.store.ledger.change_rate(lambda usage: rates.add(usage.rate) or usage.rate, now=office.clock())

    office.send(provider, progress=progress)
    assert max(rates) > 0
    assert counts(office.store) == {"accepted": 8}


def test_no_reference_no_claim(office: Office) -> None:
    planned(office.store, 8)

    def refuse(number: int) -> str:
        raise CannotReserve("the account is closed", stopped=True)

    provider = Told(reserves=refuse, abilities=Abilities(readers_per_call=4, repeatable=True))
    assert office.send(provider) == "the account is closed"
    assert counts(office.store) == {"owed": 8}


def test_a_reference_that_cannot_be_had_for_now_is_asked_for_again(office: Office) -> None:
    planned(office.store, 8)

    def reserve(number: int) -> str:
        if number < 3:
            raise CannotReserve("busy")
        return f"ref-{number}"

    provider = Told(reserves=reserve, abilities=Abilities(readers_per_call=4, repeatable=True))
    assert office.send(provider) == ""
    assert provider.references() == ["ref-3", "ref-4"]


# --- the lease


def test_a_sender_that_lost_its_lease_says_so_and_sends_no_more(office: Office) -> None:
    planned(office.store, 40)

    def answer(letter: Letter, before: int) -> Answer:
        if letter.key == 6:
            with office.store._database.writing() as connection:
                connection.exec_driver_sql("UPDATE sender SET ended_at = 1")
        return Answer.TAKEN

    provider = Told(answer)
    with pytest.raises(LeaseLost):
        office.send(provider)
    assert len(provider.calls) == 2


def test_a_machine_that_slept_longer_than_the_lease_goes_on(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    planned(office.store, 12)
    slept = [0.0]

    def up() -> float:
        return time.monotonic() + slept[0]

    for module in ("shift", "desk", "sender"):
        monkeypatch.setattr(f"digest.dispatch.{module}.seconds_up", up)
    monkeypatch.setattr("digest.dispatch.sender._LOOK_AROUND", 1e9)  # so that a lane finds it out first
    provider = Told()
    sender = office.sender(provider)
    sender._shift._up = up

    def answer(letter: Letter, before: int) -> Answer:
        if letter.key == 4:
            slept[0] += 10 * LEASE.total_seconds()
        return Answer.TAKEN

    provider.answer = answer
    assert sender.run() == ""
    assert counts(office.store) == {"accepted": 12}


# --- letters whose fate is unknown


def unheard(*numbers: int) -> Told:
    return Told(lambda letter, before: Answer.UNHEARD if letter.key in numbers and not before else Answer.TAKEN)


def test_a_letter_that_nobody_answered_for_is_never_sent_again_by_itself(office: Office) -> None:
    planned(office.store, 8)
    office.send(unheard(3))
    again = Told()
    office.send(again)
    assert again.calls == []
    assert counts(office.store) == {"accepted": 7, "unknown": 1}
    assert office.state() is IssueState.SENDING


def test_with_the_setting_it_is(office: Office) -> None:
    planned(office.store, 8)
    office.set(resend_uncertain=True)
    provider = unheard(3)
    office.send(provider)
    assert provider.got().count(3) == 2
    assert counts(office.store) == {"accepted": 8}


def test_but_not_for_ever(office: Office) -> None:
    planned(office.store, 8)
    office.set(resend_uncertain=True)
    provider = Told(lambda letter, before: Answer.UNHEARD if letter.key == 3 else Answer.TAKEN)
    office.send(provider)
    assert provider.got().count(3) == 3
    assert counts(office.store) == {"accepted": 7, "unknown": 1}


def test_nothing_of_a_reader_is_logged(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    planned(office.store, 8)
    office.send(unheard(3))
    assert "@" not in caplog.text


def test_who_is_no_reader_is_suppressed_but_not_when_most_are_none(office: Office) -> None:
    planned(office.store, 60)
    office.send(Told(lambda letter, before: Answer.NO_MAILBOX if letter.key == 2 else Answer.TAKEN))
    assert office.store.suppressions.addresses() == {reader(2).address}


def test_when_most_have_no_mailbox_the_server_is_to_blame(office: Office) -> None:
    planned(office.store, 60)
    provider = Told(lambda letter, before: Answer.NO_MAILBOX, abilities=Abilities(readers_per_call=60))
    office.send(provider)
    assert counts(office.store) == {"refused": 60}
    assert office.store.suppressions.addresses() == frozenset()
    assert office.store.ledger.counts(ISSUE)[LetterState.OWED] == 0
