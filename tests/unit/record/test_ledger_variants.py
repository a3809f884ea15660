"""Letters of several bodies: who gets which, and no two in one batch."""

from __future__ import annotations

from collections import Counter

from digest.model import LetterState
from digest.record.store import Store
from tests.unit.record.newsroom import (
    ISSUE,
    NOW,
    SOON,
    claim,
    composed,
    counts,
    in_the_rows,
    keys,
    letters,
    listed,
    row,
    sender,
    settle,
)

CHOICES = {("Courts",): 2, ("Courts", "Regional"): 6, ("Gone",): None}


def planned(store: Store, *chosen: str) -> int:
    """An issue whose readers chose that, in their order; gives a sender."""
    composed(store)
    listed(store, [row(number, categories=choice) for number, choice in enumerate(chosen, start=1)])
    store.ledger.plan(ISSUE, choices=CHOICES, now=NOW)
    return sender(store)


def test_the_store_knows_what_was_chosen(store: Store) -> None:
    planned(store, "", "Courts", "Courts\nRegional", "Courts")
    assert set(store.subscribers.choices()) == {("Courts",), ("Courts", "Regional")}


def test_who_would_get_too_little_is_left_out_and_counted(store: Store) -> None:
    planned(store, "", "Gone", "Courts", "Gone")
    assert counts(store) == in_the_rows(store) == {"owed": 2, "left_out": 2}
    assert store.ledger.words(ISSUE, LetterState.LEFT_OUT) == {"too little in the sections chosen": 2}


def test_the_suppressed_are_that_first(store: Store) -> None:
    store.suppressions.add(row(2).address, "asked", now=NOW)
    planned(store, "", "Gone", "Gone")
    assert store.ledger.words(ISSUE, LetterState.LEFT_OUT) == {
        "suppressed": 1,
        "too little in the sections chosen": 1,
    }
    assert counts(store) == in_the_rows(store)


def test_a_batch_has_one_body(store: Store) -> None:
    chosen = ["", "Courts", "Courts\nRegional", "Unknown"] * 25
    who = planned(store, *chosen)
    batches = []
    while (found := claim(store, who, 30)).letters:
        batches.append({letter.variant for letter in found.letters})
        settle(store, found, LetterState.ACCEPTED)
    assert Counter(map(len, batches)) == {1: len(batches)}
    assert [min(batch) for batch in batches] == [0, 0, 2, 6]
    assert counts(store) == in_the_rows(store) == {"accepted": 100}


def test_a_body_that_few_chose_is_claimed_without_touching_what_lies_between(store: Store) -> None:
    who = planned(store, "Courts", *[""] * 40, "Courts", "Courts\nRegional")
    whole = claim(store, who, 10)
    assert keys(whole) == list(range(2, 12))
    rest = claim(store, who, 100)
    few = claim(store, who, 10)
    assert keys(few) == [1, 42]
    assert [len(rest.letters), [letter.variant for letter in few.letters]] == [30, [2, 2]]
    assert keys(claim(store, who, 10)) == [43]
    assert counts(store) == in_the_rows(store) == {"claimed": 43}


def test_a_letter_that_is_put_off_keeps_its_body(store: Store) -> None:
    who = planned(store, "", "Courts")
    claim(store, who, 1)
    courts = claim(store, who, 1)
    settle(store, courts, LetterState.OWED, due=SOON)
    again = claim(store, who, 10, now=SOON)
    assert [(letter.key, letter.variant) for letter in again.letters] == [(2, 2)]


def test_suppressed_readers_on_the_way_are_left_out_whatever_their_body(store: Store) -> None:
    who = planned(store, "Courts", "", "Courts")
    store.suppressions.add(row(1).address, "asked", now=NOW)
    assert keys(claim(store, who, 10)) == [2]
    assert keys(claim(store, who, 10)) == [3]
    assert next(letter.state for letter in letters(store)) is LetterState.LEFT_OUT
    assert counts(store) == in_the_rows(store) == {"claimed": 2, "left_out": 1}


def test_a_plan_that_is_made_again_forgets_the_choices_before(store: Store) -> None:
    planned(store, "Gone", "Courts")
    store.ledger.plan(ISSUE, choices={("Courts",): 2}, now=NOW)
    assert counts(store) == in_the_rows(store) == {"owed": 2}
    store.ledger.plan(ISSUE, now=NOW)
    assert {letter.variant for letter in claim(store, sender(store, "second"), 9).letters} == {0}
