"""Settling: each letter ends once, and what the provider has is owed no more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from digest.model import Claim, IssueState, LetterState, Settled, Settlement
from digest.model.readers import Ground
from digest.record.store import Store
from tests.unit.record.newsroom import (
    DAY,
    ISSUE,
    NOW,
    claim,
    counts,
    in_the_rows,
    keys,
    letters,
    planned,
    reader,
    sender,
    settle,
    settlements,
)

LATER = NOW + timedelta(hours=1)
FINAL = [LetterState.ACCEPTED, LetterState.REFUSED]
ANSWERS = [state for state in LetterState if state is not LetterState.CLAIMED]


def state(store: Store) -> IssueState:
    record = store.issues.record(ISSUE)
    assert record
    return record.state


def settle_each(store: Store, got: Claim, *answers: Settlement, **fields: bool) -> Settled:
    return store.ledger.settle(ISSUE, got.number, answers, now=LATER, **fields)


# --- the states


@pytest.mark.parametrize("end", FINAL)
def test_accepted_and_refused_are_final(store: Store, end: LetterState) -> None:
    planned(store, 1)
    me = sender(store)
    got = claim(store, me)
    assert settle(store, got, end, words="so be it", provider_id="id-1", now=LATER).missed == 0
    (record,) = letters(store, end)
    assert (record.words, record.provider, record.provider_id) == ("so be it", "smtp", "id-1")
    assert (record.attempts, record.settled_at, record.sender) == (1, LATER, "first")
    for later in ANSWERS:
        settle(store, got, later, due=NOW)
    assert counts(store) == in_the_rows(store) == {end.value: 1}
    assert claim(store, me, now=NOW + DAY).letters == ()


def test_a_letter_put_off_waits_until_it_is_due(store: Store) -> None:
    planned(store, 3)
    me = sender(store)
    settle(store, claim(store, me, 2), LetterState.OWED, due=LATER, words="451 busy")
    assert counts(store) == in_the_rows(store) == {"owed": 3}
    assert keys(claim(store, me)) == [3]
    again = claim(store, me, now=LATER)
    assert [(letter.key, letter.attempts) for letter in again.letters] == [(1, 1), (2, 1)]
    assert {letter.tried_at for letter in again.letters} == {round(NOW.timestamp()) * 1_000_000}


def test_the_first_attempt_is_the_one_whose_time_is_kept(store: Store) -> None:
    planned(store, 1)
    me = sender(store)
    for at in (NOW, LATER):
        settle(store, claim(store, me, now=at), LetterState.OWED, due=at, now=at)
    (letter,) = claim(store, me, now=LATER).letters
    assert (letter.attempts, letter.tried_at) == (2, round(NOW.timestamp()) * 1_000_000)


def test_what_was_no_attempt_does_not_count_as_one(store: Store) -> None:
    planned(store, 1)
    me = sender(store)
    settle(store, claim(store, me), LetterState.OWED, due=NOW, tried=False)
    (letter,) = claim(store, me).letters
    assert (letter.attempts, letter.tried_at) == (0, None)


def test_an_accepted_letter_keeps_no_words_of_an_earlier_attempt(store: Store) -> None:
    planned(store, 2)
    me = sender(store)
    settle(store, claim(store, me), LetterState.OWED, due=NOW, words="451 busy", provider_id="old")
    settle(store, claim(store, me), LetterState.ACCEPTED)
    assert [(letter.words, letter.provider_id) for letter in letters(store)] == [("", ""), ("", "")]


def test_an_unknown_letter_is_owed_to_nobody(store: Store) -> None:
    planned(store, 1)
    me = sender(store)
    settle(store, claim(store, me), LetterState.UNKNOWN, words="connection lost")
    assert counts(store) == in_the_rows(store) == {"unknown": 1}
    assert claim(store, me, now=NOW + DAY).letters == ()
    (record,) = letters(store, LetterState.UNKNOWN)
    assert (record.words, record.attempts) == ("connection lost", 1)
    assert state(store) is IssueState.SENDING


def test_a_batch_may_end_in_every_way_at_once(store: Store) -> None:
    planned(store, 6)
    me = sender(store)
    got = claim(store, me, 5)
    answers = [Settlement(key=key, state=LetterState.ACCEPTED, provider_id=f"id-{key}") for key in (1, 5)]
    answers.append(Settlement(key=2, state=LetterState.REFUSED, words="550 no", suppress="bounced"))
    answers.append(Settlement(key=3, state=LetterState.UNKNOWN))
    answers.append(Settlement(key=4, state=LetterState.OWED, due=LATER))
    assert settle_each(store, got, *answers).missed == 0
    expected = {"accepted": 2, "refused": 1, "unknown": 1, "owed": 2}
    assert counts(store) == in_the_rows(store) == expected
    assert [letter.provider_id for letter in letters(store, LetterState.ACCEPTED)] == ["id-1", "id-5"]
    assert store.suppressions.addresses() == {reader(2).address}
    assert store.readers.ground_of(reader(2).address) is Ground.BOUNCED


def test_one_id_for_a_whole_batch_is_kept_for_each_letter_accepted(store: Store) -> None:
    planned(store, 200)
    settle(store, claim(store, sender(store), 150), LetterState.ACCEPTED, provider_id="call-7")
    accepted = letters(store, LetterState.ACCEPTED)
    assert len(accepted) == 150
    assert {letter.provider_id for letter in accepted} == {"call-7"}


def test_a_run_takes_in_no_letter_of_another_batch(store: Store) -> None:
    planned(store, 4)
    me = sender(store)
    settle(store, claim(store, me), LetterState.OWED, due=NOW)
    settle_each(store, claim(store, me, 1), Settlement(key=1, state=LetterState.OWED, due=LATER))
    later = claim(store, me, 3, now=NOW)
    mixed = claim(store, me, now=LATER)
    assert (keys(later), keys(mixed)) == ([2, 3, 4], [1])
    settle(store, later, LetterState.ACCEPTED)
    assert counts(store) == in_the_rows(store) == {"accepted": 3, "claimed": 1}


# --- who comes too late


@pytest.mark.parametrize("before", [LetterState.UNKNOWN, LetterState.OWED])
def test_a_letter_that_the_provider_has_is_owed_no_more(store: Store, before: LetterState) -> None:
    """As when a sender was taken for dead, its letters were settled by another, and it comes home with an answer."""
    planned(store, 2)
    me = sender(store)
    got = claim(store, me)
    settle(store, got, before, due=NOW)
    assert settle(store, got, LetterState.ACCEPTED).missed == 0
    assert counts(store) == in_the_rows(store) == {"accepted": 2}
    assert claim(store, me, now=NOW + DAY).letters == ()


def test_unless_another_batch_has_it_by_now(store: Store) -> None:
    planned(store, 2)
    me = sender(store)
    got = claim(store, me)
    settle(store, got, LetterState.OWED, due=NOW)
    again = claim(store, sender(store, "second"))
    assert settle(store, got, LetterState.ACCEPTED).missed == 2
    assert counts(store) == in_the_rows(store) == {"claimed": 2}
    assert settle(store, again, LetterState.ACCEPTED).missed == 0


def test_or_it_was_called_back(store: Store) -> None:
    planned(store, 2)
    me = sender(store)
    got = claim(store, me, reference="ref", send_at=NOW + DAY)
    store.ledger.settle(ISSUE, got.number, settlements(got, LetterState.OWED, due=NOW), recalled=True, now=NOW)
    assert settle(store, got, LetterState.ACCEPTED).missed == 2
    assert keys(claim(store, me)) == [1, 2]


@pytest.mark.parametrize("late", [LetterState.REFUSED, LetterState.UNKNOWN, LetterState.OWED, LetterState.LEFT_OUT])
def test_any_other_late_answer_changes_nothing(store: Store, late: LetterState) -> None:
    planned(store, 2)
    me = sender(store)
    got = claim(store, me)
    settle(store, got, LetterState.OWED, due=NOW)
    assert settle(store, got, late, due=LATER).missed == 2
    assert counts(store) == in_the_rows(store) == {"owed": 2}
    assert keys(claim(store, me)) == [1, 2]


def test_no_address_is_logged(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    planned(store, 1)
    got = claim(store, sender(store))
    settle(store, got, LetterState.REFUSED)
    settle(store, got, LetterState.REFUSED)
    assert "1 of 1 letters" in caplog.text
    assert "@" not in caplog.text


# --- the issue


def test_the_last_letter_settled_makes_the_issue_sent(store: Store) -> None:
    planned(store, 2)
    me = sender(store)
    settle(store, claim(store, me, 1), LetterState.ACCEPTED)
    assert state(store) is IssueState.SENDING
    settle(store, claim(store, me, 1), LetterState.REFUSED)
    assert state(store) is IssueState.SENT


def test_failures_in_a_row_are_counted_until_something_gets_through(store: Store) -> None:
    planned(store, 9)
    me = sender(store)
    in_a_row = []
    for trouble, end in ((True, LetterState.OWED),) * 2 + ((False, LetterState.OWED), (False, LetterState.ACCEPTED)):
        got = claim(store, me, 1)
        done = store.ledger.settle(ISSUE, got.number, settlements(got, end, due=LATER), trouble=trouble, now=NOW)
        in_a_row.append(done.failures)
    assert in_a_row == [1, 2, 2, 0]
    assert store.ledger.note_failure(ISSUE, now=NOW) == 1


# --- stopping


def test_stopping_leaves_out_what_is_owed_and_what_would_be_owed_again(store: Store) -> None:
    planned(store, 6)
    me = sender(store)
    got = claim(store, me, 4)
    assert store.issues.stop(ISSUE, "stopped by hand", now=NOW) == 2
    assert counts(store) == in_the_rows(store) == {"claimed": 4, "left_out": 2}
    answers = [
        Settlement(key=1, state=LetterState.ACCEPTED),
        Settlement(key=2, state=LetterState.OWED, due=LATER, words="451 busy"),
        Settlement(key=3, state=LetterState.OWED, due=NOW, tried=False),
        Settlement(key=4, state=LetterState.UNKNOWN),
    ]
    settle_each(store, got, *answers)
    assert counts(store) == in_the_rows(store) == {"accepted": 1, "left_out": 4, "unknown": 1}
    assert store.ledger.words(ISSUE, LetterState.LEFT_OUT) == {"stopped by hand": 4}
    assert store.issues.stop(ISSUE, "stopped by hand", now=LATER) == 0
    assert claim(store, me, now=NOW + DAY).letters == ()


def test_a_stopped_issue_shows_as_stopped_until_the_end(store: Store) -> None:
    planned(store, 2)
    got = claim(store, sender(store), 1)
    store.issues.stop(ISSUE, "stopped by hand", now=NOW)
    assert state(store) is IssueState.STOPPED
    settle(store, got, LetterState.ACCEPTED)
    assert state(store) is IssueState.STOPPED


# --- letters whose fate is unknown


def unknown(store: Store, number: int = 3) -> int:
    planned(store, number)
    me = sender(store)
    settle(store, claim(store, me), LetterState.UNKNOWN, words="?")
    return me


def test_unknown_letters_are_settled_by_hand_all_or_some(store: Store) -> None:
    me = unknown(store)
    assert store.ledger.settle_unknown(ISSUE, [2], LetterState.OWED, "again", now=LATER) == 1
    assert counts(store) == in_the_rows(store) == {"unknown": 2, "owed": 1}
    assert keys(claim(store, me, now=NOW)) == [2]
    assert store.ledger.settle_unknown(ISSUE, None, LetterState.ACCEPTED, "by hand", now=LATER) == 2
    assert counts(store) == in_the_rows(store) == {"accepted": 2, "claimed": 1}
    assert store.ledger.settle_unknown(ISSUE, None, LetterState.OWED, "again", now=LATER) == 0


@pytest.mark.parametrize("keys_", [[], [1], [99]])
def test_nothing_but_unknown_letters_is_settled_that_way(store: Store, keys_: list[int]) -> None:
    planned(store, 2)
    assert store.ledger.settle_unknown(ISSUE, keys_, LetterState.ACCEPTED, "by hand", now=NOW) == 0
    assert counts(store) == {"owed": 2}


def test_the_last_unknown_letter_settled_makes_the_issue_sent(store: Store) -> None:
    unknown(store)
    store.ledger.settle_unknown(ISSUE, [1, 2], LetterState.ACCEPTED, "by hand", now=NOW)
    assert state(store) is IssueState.SENDING
    store.ledger.settle_unknown(ISSUE, [3], LetterState.REFUSED, "told", now=NOW)
    assert state(store) is IssueState.SENT


def test_of_a_stopped_issue_nothing_is_owed_again(store: Store) -> None:
    unknown(store)
    store.issues.stop(ISSUE, "stopped by hand", now=NOW)
    assert store.ledger.settle_unknown(ISSUE, None, LetterState.OWED, "again", now=NOW) == 3
    assert counts(store) == in_the_rows(store) == {"left_out": 3}
