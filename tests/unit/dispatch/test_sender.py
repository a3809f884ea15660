"""A sender's go over an issue: from the first claim until nothing is left that it can do."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from digest.deliver.providers import Abilities, CannotReserve
from digest.dispatch.lane import PAUSED, STOPPED
from digest.errors import ConfigurationError
from digest.model import Answer, Delivery, IssueState, Letter, LetterState
from digest.record.seal import NotTheStore
from digest.record.senders import LEASE, LeaseLost
from digest.settings import FirstSlice, Limits
from tests.unit.dispatch.office import Office, Told
from tests.unit.record.newsroom import ISSUE, NOW, composed, counts, in_the_rows, listed, planned, reader, row

LINES = Abilities(readers_per_call=3, calls_at_once=4)
BY_LETTER = Abilities(readers_per_call=4, letter_by_letter=True)


def state(office: Office) -> IssueState:
    record = office.store.issues.record(ISSUE)
    assert record
    return record.state


def nobody_is_left(office: Office) -> bool:
    return office.store.senders.living(ISSUE, now=NOW) == 0 and not list(office.store.senders.folder.iterdir())


# --- the plain way


@pytest.mark.parametrize("abilities", [Abilities(readers_per_call=4), LINES, BY_LETTER])
@pytest.mark.parametrize("patient", [True, False])
def test_everybody_gets_one_letter_and_nothing_is_left_behind(
    office: Office, abilities: Abilities, patient: bool
) -> None:
    planned(office.store, 40)
    provider = Told(abilities=abilities)
    assert office.send(provider, patient=patient) == ""
    assert Counter(provider.keys()) == Counter(range(1, 41))
    assert counts(office.store) == in_the_rows(office.store) == {"accepted": 40}
    assert state(office) is IssueState.SENT
    assert provider.open_lines == 0
    assert nobody_is_left(office)


def test_one_line_sends_in_the_order_of_the_list(office: Office) -> None:
    planned(office.store, 10)
    provider = Told()
    office.send(provider)
    assert [len(batch.letters) for batch in provider.calls] == [4, 4, 2]
    assert [letter.address for batch in provider.calls for letter in batch.letters] == [
        reader(number).address for number in range(1, 11)
    ]


def test_no_more_lines_than_batches(office: Office) -> None:
    planned(office.store, 4)
    most = [0]
    provider = Told(abilities=LINES)

    def answer(letter: Letter, before: int) -> Answer:
        most[0] = max(most[0], provider.open_lines)
        return Answer.TAKEN

    provider.answer = answer
    office.send(provider)
    assert most[0] <= 2


def test_several_senders_share_an_issue_and_never_a_letter(office: Office) -> None:
    planned(office.store, 200)
    providers = [Told(abilities=LINES) for _ in range(3)]
    threads = [threading.Thread(target=office.send, args=(provider,)) for provider in providers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(key for provider in providers for key in provider.keys()) == Counter(range(1, 201))
    assert counts(office.store) == in_the_rows(office.store) == {"accepted": 200}
    assert nobody_is_left(office)


def test_a_campaign_that_the_provider_cannot_express_changes_nothing(office: Office) -> None:
    planned(office.store, 4)

    def refuse(campaign: object) -> None:
        raise ConfigurationError("no")

    with pytest.raises(ConfigurationError):
        office.send(Told(checks=refuse))
    assert state(office) is IssueState.COMPOSED


def test_a_copy_of_the_store_sends_nothing(office: Office) -> None:
    planned(office.store, 4)
    office.store.seal.renew()
    office.store.seal.path.unlink()
    provider = Told()
    with pytest.raises(NotTheStore):
        office.send(provider)
    assert provider.calls == []


# --- who may not be written to


def test_who_says_no_while_the_sending_goes_on_gets_nothing(office: Office) -> None:
    planned(office.store, 12)
    provider = Told()

    def answer(letter: Letter, before: int) -> Answer:
        office.store.suppressions.add(reader(12).address, "by phone", now=NOW)
        return Answer.TAKEN

    provider.answer = answer
    office.send(provider)
    assert set(provider.keys()) == set(range(1, 12))
    assert counts(office.store) == {"accepted": 11, "left_out": 1}


# --- what is put off


def put_off_once(letter: Letter, before: int) -> Answer:
    return Answer.NOT_NOW if letter.key == 3 and not before else Answer.TAKEN


def test_a_patient_sender_waits_for_what_is_put_off(office: Office) -> None:
    planned(office.store, 10)
    provider = Told(put_off_once)
    assert office.send(provider, progress=lambda: office.clock.move(seconds=30)) == ""
    assert provider.keys().count(3) == 2
    assert counts(office.store) == {"accepted": 10}


def test_an_impatient_one_ends_and_a_later_one_goes_on(office: Office) -> None:
    planned(office.store, 10)
    provider = Told(put_off_once)
    assert office.send(provider, patient=False) == ""
    assert counts(office.store) == {"accepted": 9, "owed": 1}
    assert state(office) is IssueState.SENDING
    assert nobody_is_left(office)
    office.send(provider, patient=False)
    assert provider.keys().count(3) == 1
    office.clock.move(hours=1)
    office.send(provider, patient=False)
    assert counts(office.store) == {"accepted": 10}


def test_a_letter_that_is_put_off_for_ever_is_given_up(office: Office) -> None:
    planned(office.store, 2)
    provider = Told(lambda letter, before: Answer.NOT_NOW if letter.key == 1 else Answer.TAKEN)
    office.send(provider, progress=lambda: office.clock.move(hours=1))
    assert counts(office.store) == {"accepted": 1, "refused": 1}
    assert 3 < provider.keys().count(1) < 40


def test_letters_leave_at_the_readers_hour(office: Office) -> None:
    composed(office.store)
    listed(office.store, [row(1, timezone="Asia/Tokyo"), row(2)])
    office.store.ledger.plan(ISSUE, now=NOW, due=NOW, zones={"Asia/Tokyo": NOW + timedelta(hours=2)})
    provider = Told()
    office.send(provider, patient=False)
    assert provider.keys() == [2]
    office.send(provider, progress=lambda: office.clock.move(minutes=10))
    assert provider.keys() == [2, 1]


# --- limits


def test_no_more_than_the_limit_that_was_ordered(office: Office) -> None:
    planned(office.store, 30)
    provider = Told(abilities=LINES)
    assert office.send(provider, limit=7) == ""
    assert sorted(provider.keys()) == list(range(1, 8))
    assert counts(office.store) == {"accepted": 7, "owed": 23}
    office.send(provider, limit=0)
    assert len(provider.keys()) == 7


def test_an_hours_limit_is_waited_for_by_the_patient_alone(office: Office) -> None:
    planned(office.store, 10)
    office.set(limits=Limits(per_hour=6))
    provider = Told()
    assert office.send(provider, patient=False) == ""
    assert len(provider.keys()) == 6
    office.send(provider, progress=lambda: office.clock.move(minutes=20))
    assert Counter(provider.keys()) == Counter(range(1, 11))
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
    listed(office.store, [row(number, domain="slow.example" if number < 7 else "reader.example") for number in range(1, 11)])
    office.store.ledger.plan(ISSUE, now=NOW)
    office.set(limits=Limits(domains={"slow.example": 2}))
    provider = Told()
    office.send(provider, patient=False)
    assert sorted(provider.keys()) == [1, 2, 7, 8, 9, 10]
    office.send(provider, progress=lambda: office.clock.move(minutes=10))
    assert Counter(provider.keys()) == Counter(range(1, 11))
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
    assert set(provider.keys()[:6]) == set(range(1, 7))
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
            assert len(provider.keys()) == 4
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
    assert state(office) is IssueState.STOPPED
    assert nobody_is_left(office)


def test_an_interruption_finishes_what_is_on_the_wire(office: Office) -> None:
    planned(office.store, 40)
    provider = Told(lambda letter, before: time.sleep(0.002) or Answer.TAKEN, abilities=BY_LETTER)
    assert office.send(provider, interrupted=lambda: len(provider.times) > 5) == ""
    found = counts(office.store)
    assert 5 < found["accepted"] < 40
    assert found == in_the_rows(office.store) == {"accepted": sum(provider.times.values()), "owed": found["owed"]}
    assert nobody_is_left(office)


def test_a_progress_that_breaks_ends_every_lane_before_the_journal(office: Office) -> None:
    planned(office.store, 400)
    provider = Told(lambda letter, before: time.sleep(0.002) or Answer.TAKEN, abilities=replace(LINES, letter_by_letter=True))

    def broken() -> None:
        raise BrokenPipeError("nobody reads any more")

    with pytest.raises(BrokenPipeError):
        office.send(provider, progress=broken)
    assert provider.open_lines == 0
    sent = sum(provider.times.values())
    assert counts(office.store)["accepted"] == sent < 400
    office.send(Told())
    assert counts(office.store) == {"accepted": 400}


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
    assert nobody_is_left(office)


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
        assert provider.keys() == [5, 6, 7, 8, 3, 4] or provider.keys() == [3, 4, 5, 6, 7, 8]
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
    office.send(provider, patient=False)
    rates: list[float] = []
    office.store.ledger.change_rate(lambda usage: rates.append(usage.rate) or usage.rate, now=NOW)
    assert rates[0] > 0
    office.send(provider, progress=lambda: office.clock.move(seconds=40))
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


def test_a_machine_that_slept_longer_than_the_lease_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned(office.store, 12)
    slept = [0.0]

    def up() -> float:
        return time.monotonic() + slept[0]

    for module in ("shift", "desk", "sender"):
        monkeypatch.setattr(f"digest.dispatch.{module}.seconds_up", up)
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
    assert state(office) is IssueState.SENDING


def test_with_the_setting_it_is(office: Office) -> None:
    planned(office.store, 8)
    office.set(resend_uncertain=True)
    provider = unheard(3)
    office.send(provider)
    assert provider.keys().count(3) == 2
    assert counts(office.store) == {"accepted": 8}


def test_but_not_for_ever(office: Office) -> None:
    planned(office.store, 8)
    office.set(resend_uncertain=True)
    provider = Told(lambda letter, before: Answer.UNHEARD if letter.key == 3 else Answer.TAKEN)
    office.send(provider)
    assert provider.keys().count(3) == 3
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
