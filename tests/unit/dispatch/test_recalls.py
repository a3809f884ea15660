"""Calling held batches back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from digest.deliver.seam import Abilities
from digest.dispatch.recalls import CalledBack, call_back_held, forget_recalled
from digest.model import LetterState, Recall
from tests.unit.dispatch.office import Office, Told
from tests.unit.record.newsroom import ISSUE, NOW, claim, counts, in_the_rows, planned, sender, settle

HOLDS = Abilities(readers_per_call=4, holds=True)


@pytest.fixture
def provider() -> Told:
    return Told(abilities=HOLDS)


@pytest.fixture
def held(office: Office) -> Office:
    """Ten letters with the provider until an hour from now, two until a quarter of an hour, one not held, one owed."""
    planned(office.store, 14)
    me = sender(office.store)
    for letters, reference, minutes in ((4, "a", 60), (6, "b", 60), (2, "soon", 15), (1, "", 0)):
        send_at = NOW + timedelta(minutes=minutes) if reference else None
        settle(
            office.store, claim(office.store, me, letters, reference=reference, send_at=send_at), LetterState.ACCEPTED
        )
    return office


def call_back(office: Office, provider: Told) -> CalledBack:
    return call_back_held(office.store, provider, ISSUE, "stopped by hand", clock=office.clock)


def test_what_is_held_is_called_back_and_left_out(held: Office, provider: Told) -> None:
    assert call_back(held, provider) == CalledBack(letters=12)
    assert provider.recalled == ["b", "a", "soon"]
    assert counts(held.store) == in_the_rows(held.store) == {"accepted": 1, "left_out": 12, "owed": 1}
    assert call_back(held, provider) == CalledBack()


def test_shortly_before_its_time_it_is_not_even_asked(held: Office, provider: Told) -> None:
    held.clock.move(minutes=6)
    done = call_back(held, provider)
    assert (done.letters, done.too_late, provider.recalled) == (10, 2, ["b", "a"])
    assert done.words == ("it is less than ten minutes to their time",)
    assert counts(held.store) == in_the_rows(held.store) == {"accepted": 3, "left_out": 10, "owed": 1}


@pytest.mark.parametrize("answer", [Recall.TOO_LATE, Recall.NOT_NOW])
def test_what_is_not_given_back_stays_accepted_and_can_be_asked_for_again(
    held: Office, provider: Told, answer: Recall
) -> None:
    provider.recalls = lambda reference: answer if reference == "b" else Recall.CALLED_BACK
    done = call_back(held, provider)
    assert (done.letters, done.too_late, done.words) == (6, 6, ("said so",))
    assert counts(held.store) == {"accepted": 7, "left_out": 6, "owed": 1}
    provider.recalls = lambda reference: Recall.CALLED_BACK
    assert call_back(held, provider) == CalledBack(letters=6)


def test_what_was_called_back_is_freed_an_hour_after_its_time(held: Office, provider: Told) -> None:
    call_back(held, provider)
    provider.forgets = lambda reference: reference != "b"
    for minutes, forgotten in ((119, {"soon"}), (2, {"a", "b"}), (60, {"b"})):
        held.clock.move(minutes=minutes)
        provider.forgotten.clear()
        forget_recalled(held.store, provider, clock=held.clock)
        assert set(provider.forgotten) == forgotten


def test_the_next_sender_does_so(held: Office, provider: Told) -> None:
    call_back(held, provider)
    held.clock.move(hours=3)
    held.send(provider)
    assert set(provider.forgotten) == {"a", "b", "soon"}
