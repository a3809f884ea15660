"""A sender's go over an issue: from the first claim until nothing is left that it can do."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest

from digest.deliver.seam import Abilities
from digest.errors import ConfigurationError
from digest.model import Answer, IssueState, Letter
from digest.record.seal import NotTheStore
from tests.unit.dispatch.office import Office, Told
from tests.unit.record.newsroom import ISSUE, NOW, composed, counts, in_the_rows, listed, planned, reader, row

LINES = Abilities(readers_per_call=3, calls_at_once=4)
BY_LETTER = Abilities(readers_per_call=4, letter_by_letter=True)


# --- the plain way


@pytest.mark.parametrize("abilities", [Abilities(readers_per_call=4), LINES, BY_LETTER])
@pytest.mark.parametrize("patient", [True, False])
def test_everybody_gets_one_letter_and_nothing_is_left_behind(
    office: Office, abilities: Abilities, patient: bool
) -> None:
    planned(office.store, 40)
    provider = Told(abilities=abilities)
    assert office.send(provider, patient=patient) == ""
    assert Counter(provider.got()) == Counter(range(1, 41))
    assert counts(office.store) == in_the_rows(office.store) == {"accepted": 40}
    assert office.state() is IssueState.SENT
    assert provider.open_lines == 0
    assert office.is_empty()


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
    assert Counter(key for provider in providers for key in provider.got()) == Counter(range(1, 201))
    assert counts(office.store) == in_the_rows(office.store) == {"accepted": 200}
    assert office.is_empty()


def test_a_campaign_that_the_provider_cannot_express_changes_nothing(office: Office) -> None:
    planned(office.store, 4)

    def refuse(campaign: object) -> None:
        raise ConfigurationError("no")

    with pytest.raises(ConfigurationError):
        office.send(Told(checks=refuse))
    assert office.state() is IssueState.COMPOSED


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
    assert set(provider.got()) == set(range(1, 12))
    assert counts(office.store) == {"accepted": 11, "left_out": 1}


@pytest.mark.parametrize("answer", Answer)
def test_who_is_erased_with_their_letter_in_hand_gets_no_second_one(office: Office, answer: Answer) -> None:
    planned(office.store, 3)
    erased = reader(2).address
    provider = Told(abilities=BY_LETTER, words=f"about <{erased}>")

    def erase(letter: Letter, before: int) -> Answer:
        if letter.key != 2:
            return Answer.TAKEN
        office.store.readers.forget(erased, now=NOW)
        return answer

    provider.answer = erase
    office.send(provider, patient=False)
    office.clock.move(hours=1)
    office.send(provider, patient=False)
    assert Counter(provider.got()) == {1: 1, 2: 1, 3: 1}
    assert counts(office.store) == in_the_rows(office.store)
    assert counts(office.store)["accepted"] == (3 if answer is Answer.TAKEN else 2)
    assert not any(
        erased.encode() in path.read_bytes() for path in office.store.path.parent.rglob("*") if path.is_file()
    )


# --- what is put off


def put_off_once(letter: Letter, before: int) -> Answer:
    return Answer.NOT_NOW if letter.key == 3 and not before else Answer.TAKEN


def test_a_patient_sender_waits_for_what_is_put_off(office: Office) -> None:
    planned(office.store, 10)
    provider = Told(put_off_once)
    assert office.send(provider, progress=lambda: office.clock.move(seconds=30)) == ""
    assert provider.got().count(3) == 2
    assert counts(office.store) == {"accepted": 10}


def test_an_impatient_one_ends_and_a_later_one_goes_on(office: Office) -> None:
    planned(office.store, 10)
    provider = Told(put_off_once)
    assert office.send(provider, patient=False) == ""
    assert counts(office.store) == {"accepted": 9, "owed": 1}
    assert office.state() is IssueState.SENDING
    assert office.is_empty()
    office.send(provider, patient=False)
    assert provider.got().count(3) == 1
    office.clock.move(hours=1)
    office.send(provider, patient=False)
    assert counts(office.store) == {"accepted": 10}


def test_a_letter_that_is_put_off_for_ever_is_given_up(office: Office) -> None:
    planned(office.store, 2)
    provider = Told(lambda letter, before: Answer.NOT_NOW if letter.key == 1 else Answer.TAKEN)
    office.send(provider, progress=lambda: office.clock.move(hours=1))
    assert counts(office.store) == {"accepted": 1, "refused": 1}
    assert 3 < provider.got().count(1) < 40


def test_letters_leave_at_the_readers_hour(office: Office) -> None:
    composed(office.store)
    listed(office.store, [row(1, timezone="Asia/Tokyo"), row(2)])
    office.store.ledger.plan(ISSUE, now=NOW, due=NOW, zones={"Asia/Tokyo": NOW + timedelta(hours=2)})
    provider = Told()
    office.send(provider, patient=False)
    assert provider.got() == [2]
    office.send(provider, progress=lambda: office.clock.move(minutes=10))
    assert provider.got() == [2, 1]
