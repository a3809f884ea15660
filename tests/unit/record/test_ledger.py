from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.errors import RecordError
from digest.model import Audience, Fate, IssueState, LeftOut, LetterState, Subscriber
from digest.record.location import url_of
from digest.record.store import Store
from tests.unit.record.newsroom import DAY, ISSUE, NOW, audience, composed, planned, reader, receipts

OTHER = "2026-11-27"


def claim(store: Store, limit: int = 100, *, by: str = "first") -> tuple[Subscriber, ...]:
    return store.ledger.claim(ISSUE, limit, by=by, now=NOW)


def settle(store: Store, readers: tuple[Subscriber, ...], fate: Fate, **fields: str) -> int:
    return store.ledger.settle(ISSUE, receipts(readers, fate, **fields), provider="smtp", now=NOW + DAY)


def counts(store: Store, issue: str = ISSUE) -> dict[str, int]:
    return {state.value: count for state, count in store.ledger.counts(issue).items() if count}


# --- plan


def test_a_plan_owes_each_reader_one_letter_and_says_who_was_left_out(store: Store) -> None:
    composed(store)
    left_out = (
        LeftOut(reason="suppressed", line=3, address="no@reader.example"),
        LeftOut(reason="suppressed", line=9, address="no@reader.example"),
        LeftOut(reason="bad address", line=4, address="nonsense"),
    )
    assert store.ledger.plan(ISSUE, audience(3, left_out=left_out), now=NOW)
    assert counts(store) == {"owed": 3, "left_out": 1}
    assert store.ledger.left_out_counts(ISSUE) == {"suppressed": 1}


def test_an_address_that_is_in_the_audience_twice_gets_one_letter(store: Store) -> None:
    composed(store)
    store.ledger.plan(ISSUE, Audience(readers=(reader(1), reader(1))), now=NOW)
    assert counts(store) == {"owed": 1}
    assert claim(store) == (reader(1),)


def test_a_plan_is_fixed_once_the_issue_is_being_sent(store: Store) -> None:
    planned(store, 3)
    claim(store, 1)
    assert not store.ledger.plan(ISSUE, audience(9), now=NOW)
    assert counts(store) == {"owed": 2, "unknown": 1}


def test_it_is_fixed_from_the_mark_on(store: Store) -> None:
    planned(store, 3)
    store.issues.mark_sending(ISSUE)
    assert not store.ledger.plan(ISSUE, audience(9), now=NOW)
    assert counts(store) == {"owed": 3}


def test_before_that_who_left_the_list_gets_no_letter(store: Store) -> None:
    planned(store, 9)
    assert store.ledger.plan(ISSUE, audience(2), now=NOW)
    assert claim(store) == (reader(1), reader(2))


def test_an_issue_that_was_marked_before_it_was_planned_can_still_be_planned(store: Store) -> None:
    composed(store)
    store.issues.mark_sending(ISSUE)
    assert store.ledger.plan(ISSUE, audience(2), now=NOW)
    assert counts(store) == {"owed": 2}


def test_an_empty_plan_is_a_plan(store: Store) -> None:
    planned(store, 0)
    store.issues.mark_sending(ISSUE)
    assert not store.ledger.plan(ISSUE, audience(5), now=NOW)
    assert claim(store) == ()


def test_an_issue_that_was_never_made_up_has_no_letters(store: Store) -> None:
    with pytest.raises(RecordError, match=ISSUE):
        store.ledger.plan(ISSUE, audience(1), now=NOW)
    with pytest.raises(RecordError, match=ISSUE):
        claim(store)
    assert counts(store) == {}
    assert store.ledger.unknown(ISSUE) == ()


# --- claim


def test_letters_are_claimed_in_the_order_of_the_list(store: Store) -> None:
    planned(store, 5)
    assert claim(store, 2) == (reader(1), reader(2))
    assert claim(store, 2) == (reader(3), reader(4))
    assert claim(store, 2) == (reader(5),)
    assert claim(store, 2) == ()
    assert counts(store) == {"unknown": 5}


def test_a_claimed_letter_is_not_claimed_again_by_anybody(store: Store) -> None:
    planned(store, 2)
    claim(store)
    assert claim(store, by="second") == ()
    assert [one.address for one in store.ledger.unknown(ISSUE)] == [reader(1).address, reader(2).address]


def test_the_ledger_says_who_claimed_a_letter_and_when(store: Store) -> None:
    planned(store, 1)
    claim(store, by="4711-ab")
    (record,) = store.ledger.unknown(ISSUE)
    assert (record.run, record.claimed_at, record.settled_at, record.attempts) == ("4711-ab", NOW, None, 0)
    assert (record.state, record.name) == (LetterState.UNKNOWN, "Reader 1")


def test_a_claim_outlives_the_process(url: str) -> None:
    with Store.open(url) as store:
        planned(store, 3)
        claim(store, 1)
    with Store.open(url) as store:
        assert claim(store, 9, by="second") == (reader(2), reader(3))


@pytest.mark.parametrize("limit", [0, -1])
def test_a_claim_of_nothing_takes_nothing(store: Store, limit: int) -> None:
    planned(store, 2)
    assert claim(store, limit) == ()
    assert counts(store) == {"owed": 2}


def test_with_the_first_claim_the_issue_is_being_sent(store: Store) -> None:
    planned(store, 2)
    claim(store, 1)
    record = store.issues.record(ISSUE)
    assert record
    assert record.state is IssueState.SENDING


def test_who_says_no_after_the_plan_gets_no_letter(store: Store) -> None:
    planned(store, 5)
    store.suppressions.add(reader(1).address.upper(), "asked", now=NOW)
    store.suppressions.add(reader(4).address, "asked", now=NOW)
    assert claim(store, 2) == (reader(2), reader(3))
    assert counts(store) == {"owed": 2, "unknown": 2, "left_out": 1}
    assert claim(store, 2) == (reader(5),)
    assert counts(store) == {"unknown": 3, "left_out": 2}
    assert store.ledger.left_out_counts(ISSUE) == {"suppressed": 2}


def test_an_empty_claim_means_the_end_even_when_all_say_no(store: Store) -> None:
    planned(store, 50)
    for number in range(1, 50):
        store.suppressions.add(reader(number).address, "asked", now=NOW)
    assert claim(store, 5) == (reader(50),)
    store.ledger.settle(ISSUE, receipts((reader(50),), Fate.UNSENT), provider="smtp", now=NOW)
    store.suppressions.add(reader(50).address, "asked", now=NOW)
    assert claim(store, 5) == ()
    assert counts(store) == {"left_out": 50}


def test_who_says_no_while_the_letter_is_deferred_is_left_out_of_the_next_run(store: Store) -> None:
    planned(store, 2)
    settle(store, claim(store), Fate.DEFERRED)
    store.suppressions.add(reader(1).address, "asked", now=NOW)
    assert claim(store, by="second") == (reader(2),)


def test_issues_have_nothing_to_do_with_each_other(store: Store) -> None:
    planned(store, 2)
    planned(store, 2, day=OTHER)
    settle(store, claim(store), Fate.ACCEPTED)
    assert counts(store, OTHER) == {"owed": 2}
    assert store.ledger.claim(OTHER, 9, by="first", now=NOW) == (reader(1), reader(2))


# --- settle


@pytest.mark.parametrize(
    ("fate", "state"), [(Fate.ACCEPTED, LetterState.ACCEPTED), (Fate.REFUSED, LetterState.REFUSED)]
)
def test_accepted_and_refused_are_final(store: Store, fate: Fate, state: LetterState) -> None:
    planned(store, 1)
    readers = claim(store)
    assert settle(store, readers, fate, words="so be it", provider_id="id-1") == 1
    (record,) = store.ledger.letters(ISSUE, state)
    assert (record.words, record.provider, record.provider_id) == ("so be it", "smtp", "id-1")
    assert (record.attempts, record.settled_at) == (1, NOW + DAY)
    for later in Fate:
        assert settle(store, readers, later) == 0
    assert counts(store) == {state.value: 1}
    assert claim(store, by="second") == ()


def test_a_deferred_letter_waits_for_the_next_run(store: Store) -> None:
    planned(store, 3)
    settle(store, claim(store, 2), Fate.DEFERRED, words="451 busy")
    assert counts(store) == {"owed": 3}
    settle(store, claim(store), Fate.ACCEPTED)
    assert claim(store) == ()
    first = store.ledger.letters(ISSUE, LetterState.OWED)[0]
    assert (first.words, first.attempts, first.claimed_at) == ("451 busy", 1, None)
    assert claim(store, by="second") == (reader(1), reader(2))
    settle(store, (reader(1), reader(2)), Fate.DEFERRED)
    assert store.ledger.letters(ISSUE, LetterState.OWED)[0].attempts == 2


def test_two_runs_at_once_do_not_hand_a_deferred_letter_to_and_fro(store: Store) -> None:
    planned(store, 2)
    deferred = [settle(store, claim(store, 1, by=run), Fate.DEFERRED) for run in ("first", "second") * 9]
    assert sum(deferred) <= 4
    assert deferred[-2:] == [0, 0]
    assert counts(store) == {"owed": 2}
    assert claim(store, by="third") == (reader(1), reader(2))


def test_fresh_letters_come_before_deferred_ones(store: Store) -> None:
    planned(store, 3)
    settle(store, claim(store, 2), Fate.DEFERRED)
    assert claim(store, by="second") == (reader(3), reader(1), reader(2))


def test_an_unsent_letter_may_be_claimed_again_at_once(store: Store) -> None:
    planned(store, 2)
    settle(store, claim(store, 1), Fate.UNSENT, words="400 of another letter")
    assert claim(store, 1) == (reader(1),)
    assert store.ledger.unknown(ISSUE)[0].attempts == 0


def test_a_deferred_letter_that_went_unsent_in_the_next_run_may_be_claimed_in_that_run_again(store: Store) -> None:
    planned(store, 1)
    settle(store, claim(store), Fate.DEFERRED)
    settle(store, claim(store, by="second"), Fate.UNSENT)
    assert claim(store, by="second") == (reader(1),)


def test_an_unknown_letter_stays_unknown_until_somebody_knows(store: Store) -> None:
    planned(store, 1)
    readers = claim(store)
    assert settle(store, readers, Fate.UNKNOWN, words="connection lost") == 1
    assert counts(store) == {"unknown": 1}
    assert claim(store, by="second") == ()
    (record,) = store.ledger.unknown(ISSUE)
    assert (record.words, record.provider, record.attempts) == ("connection lost", "smtp", 1)
    settle(store, readers, Fate.ACCEPTED)
    assert counts(store) == {"accepted": 1}


def test_a_letter_that_the_provider_has_is_owed_no_more(store: Store) -> None:
    """As when one sender's letters were given back and it then comes home with its receipts."""
    planned(store, 2)
    readers = claim(store)
    settle(store, readers[:1], Fate.UNSENT)
    assert settle(store, readers, Fate.ACCEPTED) == 2
    assert counts(store) == {"accepted": 2}
    assert claim(store) == ()


def test_with_an_accepted_letter_the_issue_is_being_sent_and_its_plan_fixed(store: Store) -> None:
    planned(store, 2)
    settle(store, (reader(1),), Fate.ACCEPTED)
    assert not store.ledger.plan(ISSUE, audience(2), now=NOW)
    assert claim(store) == (reader(2),)


@pytest.mark.parametrize("fate", [Fate.REFUSED, Fate.DEFERRED, Fate.UNSENT, Fate.UNKNOWN])
def test_receipts_for_letters_that_were_not_claimed_change_nothing(store: Store, fate: Fate) -> None:
    planned(store, 1)
    assert settle(store, (reader(1), reader(2)), fate) == 0
    assert counts(store) == {"owed": 1}
    assert claim(store) == (reader(1),)


def test_no_address_is_logged(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    planned(store, 1)
    settle(store, (reader(2),), Fate.REFUSED)
    assert "1 of 1 receipts fit no claimed letter" in caplog.text
    assert "@" not in caplog.text


# --- any history

STEP = st.tuples(
    st.sampled_from(["claim", "settle", "suppress", "plan"]),
    st.sampled_from(["first", "second"]),
    st.lists(st.integers(min_value=1, max_value=8), max_size=8),
    st.sampled_from(Fate),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEP, max_size=15))
def test_whatever_happens_each_letter_is_counted_once_and_none_is_written_twice(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, list[int], Fate]]
) -> None:
    with Store.open(url_of(tmp_path_factory.mktemp("history") / "digest.db")) as store:
        planned(store, 8)
        written: Counter[str] = Counter()
        for step, run, numbers, fate in steps:
            readers = tuple(reader(number) for number in numbers)
            if step == "claim":
                written.update(one.address for one in claim(store, len(numbers), by=run))
            elif step == "settle":
                before = {one.address for one in store.ledger.unknown(ISSUE)}
                settle(store, readers, fate)
                if fate in {Fate.UNSENT, Fate.DEFERRED}:
                    written.subtract(before & {one.address for one in readers})
            elif step == "suppress":
                for one in readers[:1]:
                    store.suppressions.add(one.address, "asked", now=NOW)
            else:
                store.ledger.plan(ISSUE, audience(8), now=NOW)
            rows = {state: len(store.ledger.letters(ISSUE, state)) for state in LetterState}
            assert rows == store.ledger.counts(ISSUE)
            assert sum(rows.values()) == 8
            assert max(written.values(), default=0) <= 1
