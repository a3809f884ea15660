"""Looking things up in the ledger, held batches, and any history of it all."""

from __future__ import annotations

from datetime import timedelta

from digest.model import Claim, HeldBatch, LetterState
from digest.record.store import Store
from tests.unit.record.newsroom import (
    DAY,
    ISSUE,
    NOW,
    OTHER,
    claim,
    counts,
    in_the_rows,
    letters,
    planned,
    reader,
    sender,
    settle,
    settlements,
    wish,
)

HOUR = timedelta(hours=1)


def held_claim(store: Store, me: int, letters: int, reference: str, send_at: timedelta) -> Claim:
    got = claim(store, me, letters, reference=reference, send_at=NOW + send_at)
    settle(store, got, LetterState.ACCEPTED)
    return got


# --- looking


def test_letters_are_listed_in_the_order_of_the_list_all_or_by_state(store: Store) -> None:
    planned(store, 5)
    settle(store, claim(store, sender(store), 2), LetterState.ACCEPTED)
    assert [letter.key for letter in letters(store)] == [1, 2, 3, 4, 5]
    assert [letter.key for letter in letters(store, LetterState.ACCEPTED)] == [1, 2]
    assert letters(store, LetterState.UNKNOWN) == []
    assert letters(store, day=OTHER) == []


def test_more_letters_than_are_fetched_at_once_are_all_listed(store: Store) -> None:
    planned(store, 2_500)
    assert [letter.key for letter in letters(store)] == list(range(1, 2_501))


def test_the_letters_to_one_address_of_all_issues_or_one(store: Store) -> None:
    planned(store, 2)
    planned(store, 2, day=OTHER)
    settle(store, claim(store, sender(store)), LetterState.REFUSED, words="550 no")
    newest, oldest = store.ledger.letters_to(reader(2).address.upper())
    assert (newest.issue, newest.state, oldest.issue, oldest.words) == (OTHER, LetterState.OWED, ISSUE, "550 no")
    assert store.ledger.letters_to(reader(2).address, ISSUE) == (oldest,)
    assert store.ledger.letters_to("nobody@reader.example") == ()


def test_reasons_are_counted_the_most_frequent_first(store: Store) -> None:
    planned(store, 4)
    me = sender(store)
    for number, words in ((1, "552 full"), (3, "550 no")):
        settle(store, claim(store, me, number), LetterState.REFUSED, words=words)
    assert list(store.ledger.words(ISSUE, LetterState.REFUSED).items()) == [("550 no", 3), ("552 full", 1)]


def test_letters_without_words_are_counted_once(store: Store) -> None:
    planned(store, 4)
    settle(store, claim(store, sender(store)), LetterState.ACCEPTED)
    with store._database.writing() as connection:  # as letters of an earlier version have them
        connection.exec_driver_sql("UPDATE letter SET words = '' WHERE subscriber = 1")
    assert store.ledger.words(ISSUE, LetterState.ACCEPTED) == {"": 4}


def test_when_the_next_letter_is_due(store: Store) -> None:
    planned(store, 2)
    me = sender(store)
    settle(store, claim(store, me), LetterState.OWED, due=NOW + HOUR)
    assert store.ledger.next_due(ISSUE) == NOW + HOUR
    settle(store, claim(store, me, now=NOW + DAY), LetterState.ACCEPTED)
    assert store.ledger.next_due(ISSUE) is None


# --- held batches


def test_what_a_provider_holds_is_listed_last_to_go_first(store: Store) -> None:
    planned(store, 9)
    me = sender(store)
    for letters_, reference, at in ((2, "a", HOUR), (3, "b", 2 * HOUR), (1, "gone", -HOUR)):
        held_claim(store, me, letters_, reference, at)
    settle(store, claim(store, me, 1, reference="refused", send_at=NOW + HOUR), LetterState.REFUSED)
    claim(store, me, 1, reference="open", send_at=NOW + HOUR)
    assert store.ledger.held(ISSUE, after=NOW) == (
        HeldBatch(number=2, letters=3, reference="b", send_at=NOW + 2 * HOUR),
        HeldBatch(number=1, letters=2, reference="a", send_at=NOW + HOUR),
    )
    assert store.ledger.held(OTHER, after=NOW) == ()


def test_the_letters_of_a_batch_that_was_called_back_are_left_out(store: Store) -> None:
    planned(store, 5)
    me = sender(store)
    got = claim(store, me, 3, reference="a", send_at=NOW + HOUR)
    answers = settlements(got, LetterState.ACCEPTED)
    answers[1].state = LetterState.REFUSED
    store.ledger.settle(ISSUE, got.number, answers, now=NOW)
    held_claim(store, me, 2, "b", HOUR)
    assert store.ledger.call_back(ISSUE, got.number, "stopped by hand", now=NOW) == 2
    assert counts(store) == in_the_rows(store) == {"left_out": 2, "refused": 1, "accepted": 2}
    assert [batch.reference for batch in store.ledger.held(ISSUE, after=NOW)] == ["b"]


def test_what_was_called_back_is_forgotten_after_its_time(store: Store) -> None:
    planned(store, 5)
    got = held_claim(store, sender(store), 3, "a", HOUR)
    store.ledger.call_back(ISSUE, got.number, "stopped by hand", now=NOW)
    assert store.ledger.recalled(before=NOW + HOUR) == ()
    assert store.ledger.recalled(before=NOW + 2 * HOUR) == ("a",)
    store.ledger.forget_reference("a")
    assert store.ledger.recalled(before=NOW + 2 * HOUR) == ()


# --- issues do not share counts


def test_each_issue_has_counts_of_its_own(store: Store) -> None:
    planned(store, 3)
    planned(store, 3, day=OTHER)
    me = sender(store)
    settle(store, claim(store, me, 2), LetterState.ACCEPTED)
    other = store.ledger.claim(OTHER, wish(me, 1), now=NOW)
    store.ledger.settle(OTHER, other.number, settlements(other, LetterState.REFUSED), now=NOW)
    assert counts(store) == in_the_rows(store) == {"accepted": 2, "owed": 1}
    assert counts(store, OTHER) == in_the_rows(store, OTHER) == {"refused": 1, "owed": 2}
