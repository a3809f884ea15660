"""Planning: who gets a letter, from when on, and until when that can change."""

from __future__ import annotations

from datetime import timedelta

import pytest

from digest.errors import RecordError
from digest.model import LetterState
from digest.model.roster import DISABLED
from digest.record.store import Store
from tests.unit.record.newsroom import (
    ISSUE,
    NOW,
    claim,
    composed,
    counts,
    in_the_rows,
    keys,
    letters,
    listed,
    planned,
    reader,
    row,
    sender,
    settle,
)

LATER = NOW + timedelta(hours=3)


def test_a_plan_owes_each_reader_one_letter_in_the_order_of_the_list(store: Store) -> None:
    planned(store, 3)
    assert counts(store) == in_the_rows(store) == {"owed": 3}
    assert [letter.address for letter in letters(store)] == [reader(number).address for number in (1, 2, 3)]
    assert {letter.state for letter in letters(store)} == {LetterState.OWED}


def test_who_is_suppressed_is_left_out_whatever_the_letter_case(store: Store) -> None:
    store.suppressions.add(reader(2).address.upper(), "asked", now=NOW)
    planned(store, 3)
    assert counts(store) == in_the_rows(store) == {"owed": 2, "left_out": 1}
    assert store.ledger.words(ISSUE, LetterState.LEFT_OUT) == {"suppressed": 1}


def test_who_is_off_the_list_gets_no_letter(store: Store) -> None:
    composed(store)
    listed(store, 3)
    listed(store, [row(1), row(3), row(4, reason=DISABLED)])
    store.ledger.plan(ISSUE, now=NOW)
    assert [letter.address for letter in letters(store)] == [reader(1).address, reader(3).address]


def test_until_it_is_being_sent_a_plan_replaces_the_one_before(store: Store) -> None:
    planned(store, 9)
    listed(store, 2)
    assert store.ledger.plan(ISSUE, now=NOW)
    assert counts(store) == in_the_rows(store) == {"owed": 2}


def test_from_the_first_claim_on_the_audience_is_frozen(store: Store) -> None:
    planned(store, 3)
    claim(store, sender(store), 1)
    listed(store, 9)
    assert not store.ledger.plan(ISSUE, now=NOW)
    assert counts(store) == in_the_rows(store) == {"owed": 2, "claimed": 1}


def test_it_is_frozen_from_the_mark_on(store: Store) -> None:
    planned(store, 3)
    store.issues.mark_sending(ISSUE)
    listed(store, 9)
    assert not store.ledger.plan(ISSUE, now=NOW)
    assert counts(store) == {"owed": 3}


def test_an_issue_that_was_marked_before_it_was_planned_can_still_be_planned(store: Store) -> None:
    composed(store)
    listed(store, 2)
    store.issues.mark_sending(ISSUE)
    assert store.ledger.plan(ISSUE, now=NOW)
    assert counts(store) == {"owed": 2}


def test_a_stopped_issue_is_not_planned_again(store: Store) -> None:
    planned(store, 3)
    store.issues.stop(ISSUE, "stopped by hand", now=NOW)
    assert not store.ledger.plan(ISSUE, now=NOW)
    assert counts(store) == in_the_rows(store) == {"left_out": 3}


def test_an_issue_that_was_never_made_up_cannot_be_planned(store: Store) -> None:
    with pytest.raises(RecordError, match=ISSUE):
        store.ledger.plan(ISSUE, now=NOW)
    assert counts(store) == {}


# --- the hour of each reader


def test_letters_are_due_by_time_zone(store: Store) -> None:
    composed(store)
    listed(store, [row(1), row(2, timezone="Asia/Tokyo"), row(3, timezone="Europe/Berlin")])
    store.ledger.plan(ISSUE, now=NOW, due=NOW, zones={"Asia/Tokyo": LATER})
    assert [letter.due for letter in letters(store)] == [NOW, LATER, NOW]
    me = sender(store)
    early = claim(store, me)
    assert keys(early) == [1, 3]
    settle(store, early, LetterState.ACCEPTED)
    waiting = claim(store, me).standing
    assert (waiting.owed, waiting.due) == (1, LATER)
    assert keys(claim(store, me, now=LATER)) == [2]


def test_hours_of_an_earlier_plan_are_forgotten(store: Store) -> None:
    composed(store)
    listed(store, [row(1, timezone="Asia/Tokyo")])
    store.ledger.plan(ISSUE, now=NOW, due=NOW, zones={"Asia/Tokyo": LATER})
    store.ledger.plan(ISSUE, now=NOW)
    assert keys(claim(store, sender(store))) == [1]


# --- who leaves the list meanwhile


def test_who_has_left_the_list_is_withdrawn(store: Store) -> None:
    planned(store, 5)
    first = claim(store, sender(store), 1)
    listed(store, [row(2), row(4)])
    assert store.ledger.withdraw(ISSUE, now=NOW) == 2
    assert counts(store) == in_the_rows(store) == {"claimed": 1, "owed": 2, "left_out": 2}
    assert store.ledger.words(ISSUE, LetterState.LEFT_OUT) == {"no longer on the list": 2}
    settle(store, first, LetterState.ACCEPTED)
    assert store.ledger.withdraw(ISSUE, now=NOW) == 0


def test_who_comes_back_before_the_claim_is_not_written_to_once_withdrawn(store: Store) -> None:
    planned(store, 2)
    listed(store, 1)
    store.ledger.withdraw(ISSUE, now=NOW)
    listed(store, 2)
    assert keys(claim(store, sender(store))) == [1]
