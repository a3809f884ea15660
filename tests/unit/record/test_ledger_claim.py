"""Claiming: the last guard before every letter."""

from __future__ import annotations

import pytest

from digest.errors import RecordError
from digest.model import IssueState, LetterState
from digest.model.roster import DISABLED
from digest.record.senders import LeaseLost
from digest.record.store import Store
from tests.unit.record.newsroom import (
    ISSUE,
    NOW,
    OTHER,
    SOON,
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
    wish,
)

# --- which letters


def test_letters_are_claimed_in_the_order_of_the_list(store: Store) -> None:
    planned(store, 5)
    me = sender(store)
    assert [keys(claim(store, me, 2)) for _ in range(4)] == [[1, 2], [3, 4], [5], []]
    assert counts(store) == in_the_rows(store) == {"claimed": 5}


def test_a_claim_tells_what_a_letter_needs(store: Store) -> None:
    planned(store, 1)
    got = claim(store, sender(store), reference="ref", send_at=SOON)
    assert (got.number, got.reference, got.send_at) == (1, "ref", SOON)
    (letter,) = got.letters
    assert (letter.key, letter.address, letter.name) == (1, reader(1).address, "Reader 1")
    assert (letter.attempts, letter.tried_at) == (0, None)


def test_a_claimed_letter_is_not_claimed_again_by_anybody(store: Store) -> None:
    planned(store, 2)
    claim(store, sender(store))
    standing = claim(store, sender(store, "second")).standing
    assert (standing.owed, standing.claimed) == (0, 2)


def test_a_claim_outlives_the_process(url: str) -> None:
    with Store.open(url) as store:
        planned(store, 3)
        claim(store, sender(store), 1)
    with Store.open(url) as store:
        assert keys(claim(store, sender(store, "second"))) == [2, 3]


def test_with_the_first_claim_the_issue_is_being_sent(store: Store) -> None:
    planned(store, 2)
    claim(store, sender(store), 1)
    record = store.issues.record(ISSUE)
    assert record
    assert (record.state, record.sending_since) == (IssueState.SENDING, NOW)


@pytest.mark.parametrize("limit", [0, -1])
def test_a_claim_of_nothing_takes_nothing(store: Store, limit: int) -> None:
    planned(store, 2)
    assert claim(store, sender(store), limit).letters == ()
    assert counts(store) == {"owed": 2}


def test_issues_have_nothing_to_do_with_each_other(store: Store) -> None:
    planned(store, 2)
    planned(store, 2, day=OTHER)
    me = sender(store)
    settle(store, claim(store, me), LetterState.ACCEPTED)
    assert counts(store, OTHER) == {"owed": 2}
    assert keys(store.ledger.claim(OTHER, wish(me), now=NOW)) == [1, 2]


def test_an_issue_that_was_never_made_up_has_no_letters(store: Store) -> None:
    composed(store)
    me = sender(store)
    with pytest.raises(RecordError, match=OTHER):
        store.ledger.claim(OTHER, wish(me), now=NOW)


def test_a_sender_that_was_taken_for_dead_gets_nothing(store: Store) -> None:
    planned(store, 2)
    first = sender(store)
    store.senders.take_over(ISSUE, sender(store, "second"), now=NOW)
    with pytest.raises(LeaseLost):
        claim(store, first)
    assert counts(store) == {"owed": 2}


# --- who may not be written to any more


def test_who_says_no_after_the_plan_gets_no_letter(store: Store) -> None:
    planned(store, 6)
    store.suppressions.add(reader(1).address.upper(), "asked", now=NOW)
    store.suppressions.add(reader(4).address, "asked", now=NOW)
    me = sender(store)
    assert keys(claim(store, me, 2)) == [2, 3]
    assert counts(store) == in_the_rows(store) == {"owed": 3, "claimed": 2, "left_out": 1}
    assert keys(claim(store, me, 2)) == [5, 6]
    assert counts(store) == in_the_rows(store) == {"claimed": 4, "left_out": 2}
    assert store.ledger.words(ISSUE, LetterState.LEFT_OUT) == {"suppressed": 2}


def test_who_left_the_list_after_the_plan_gets_no_letter(store: Store) -> None:
    planned(store, 4)
    listed(store, [row(2), row(3, reason=DISABLED), row(4)])
    assert keys(claim(store, sender(store))) == [2, 4]
    assert store.ledger.words(ISSUE, LetterState.LEFT_OUT) == {"no longer on the list": 2}


def test_an_empty_list_is_an_accident_and_takes_out_only_who_says_no_in_it(store: Store) -> None:
    planned(store, 3)
    listed(store, [])
    me = sender(store)
    assert keys(claim(store, me, 1)) == [1]
    listed(store, [row(2, reason=DISABLED)])
    assert keys(claim(store, me)) == [3]
    assert counts(store) == {"claimed": 2, "left_out": 1}


def test_an_empty_claim_means_the_end_even_when_all_say_no(store: Store) -> None:
    planned(store, 40)
    for number in range(1, 41):
        store.suppressions.add(reader(number).address, "asked", now=NOW)
    got = claim(store, sender(store), 1)
    assert (got.letters, got.standing.owed) == ((), 0)
    assert counts(store) == in_the_rows(store) == {"left_out": 40}


def test_who_says_no_while_the_letter_is_put_off_is_left_out(store: Store) -> None:
    planned(store, 2)
    me = sender(store)
    settle(store, claim(store, me), LetterState.OWED, due=SOON)
    store.suppressions.add(reader(1).address, "asked", now=NOW)
    assert keys(claim(store, me, now=SOON)) == [2]


def test_the_ledger_says_who_has_a_letter_and_since_when(store: Store) -> None:
    planned(store, 1)
    claim(store, sender(store, "4711-ab"), reference="ref", send_at=SOON)
    (record,) = letters(store, LetterState.CLAIMED)
    assert (record.sender, record.claimed_at, record.settled_at, record.attempts) == ("4711-ab", NOW, None, 0)
    assert (record.provider, record.reference, record.send_at) == ("smtp", "ref", SOON)
