from __future__ import annotations

from datetime import date

import pytest

from digest.errors import AlreadySent, RecordError
from digest.model import Cut, IssueRecord, IssueState, LetterState
from digest.record.store import Store
from tests.unit.record.newsroom import (
    DAY,
    ISSUE,
    NOW,
    composed,
    counts,
    entry,
    fetched,
    gone_out,
    in_the_rows,
    issue,
    letters,
    listed,
    planned,
    sender,
    wish,
)

NO_LETTERS = dict.fromkeys(LetterState, 0)


def test_a_composed_issue_is_on_record(store: Store) -> None:
    composed(store)
    assert store.issues.record(ISSUE) == IssueRecord(
        issue=ISSUE,
        number=1,
        state=IssueState.COMPOSED,
        window=issue().window,
        fingerprint="fingerprint",
        letters=NO_LETTERS,
    )


def test_nothing_is_on_record_of_an_issue_that_never_was(store: Store) -> None:
    assert store.issues.record(ISSUE) is None
    assert store.issues.records(5) == ()
    assert store.issues.last_sent() is None


def test_composing_again_replaces(store: Store) -> None:
    store.sources.keep(fetched(entry(1), entry(2)), now=NOW)
    composed(store, stories=[(1, "docket.example/1", "One")], cuts=[Cut(title="", address="", reason="", entry_key=2)])
    store.issues.keep_composed(issue(number=7), "other", stories=[(2, "docket.example/2", "Two")], cuts=[], now=NOW)
    record = store.issues.record(ISSUE)
    assert record
    assert (record.number, record.fingerprint) == (7, "other")
    store.issues.mark_sending(ISSUE)
    assert store.entries.already_ran(before="") == {"docket.example/2": ISSUE}


def test_composing_again_takes_the_plan_of_letters_away(store: Store) -> None:
    planned(store, 3)
    composed(store)
    assert store.ledger.counts(ISSUE) == NO_LETTERS
    assert letters(store) == []


def test_an_issue_that_has_gone_out_stays(store: Store) -> None:
    composed(store)
    store.ledger.plan(ISSUE, now=NOW)
    for mark in (store.issues.mark_sending, store.issues.mark_sent):
        mark(ISSUE)
        before = store.issues.record(ISSUE)
        with pytest.raises(AlreadySent, match=ISSUE) as refused:
            store.issues.keep_composed(issue(number=9), "other", stories=[], cuts=[], now=NOW)
        assert refused.value.hint
        assert store.issues.record(ISSUE) == before


def test_an_entry_that_is_not_in_the_store_undoes_it_all(store: Store) -> None:
    with pytest.raises(RecordError):
        composed(store, stories=[(99, "docket.example/99", "Nowhere")])
    assert store.issues.record(ISSUE) is None


def test_states_go_forward_only(store: Store) -> None:
    composed(store)
    store.ledger.plan(ISSUE, now=NOW)
    store.issues.mark_sending(ISSUE)
    assert store.issues.mark_sent(ISSUE)
    store.issues.mark_sending(ISSUE)
    record = store.issues.record(ISSUE)
    assert record
    assert record.state is IssueState.SENT


def test_no_issue_is_called_sent_while_letters_are_owed(store: Store) -> None:
    planned(store, 2)
    store.issues.mark_sending(ISSUE)
    assert not store.issues.mark_sent(ISSUE)
    record = store.issues.record(ISSUE)
    assert record
    assert record.state is IssueState.SENDING


@pytest.mark.parametrize("mark", ["mark_sending", "mark_sent"])
def test_an_issue_that_was_never_made_up_cannot_be_sent(store: Store, mark: str) -> None:
    with pytest.raises(RecordError, match=ISSUE) as refused:
        getattr(store.issues, mark)(ISSUE)
    assert "digest compose" in refused.value.hint


def test_the_newest_come_first_with_their_letters(store: Store) -> None:
    planned(store, 3, day="2026-11-13")
    for day in ("2026-11-27", "2026-11-20"):
        composed(store, day)
    newest, middle = store.issues.records(2)
    assert (newest.issue, middle.issue) == ("2026-11-27", "2026-11-20")
    store.ledger.claim("2026-11-13", wish(sender(store), 1), now=NOW)
    oldest = store.issues.records(9)[-1]
    assert oldest.letters == {**NO_LETTERS, LetterState.OWED: 2, LetterState.CLAIMED: 1}
    assert oldest.state is IssueState.SENDING


def test_the_last_that_went_out(store: Store) -> None:
    for day in ("2026-11-06", "2026-11-13"):
        gone_out(store, day)
    composed(store)
    last = store.issues.last_sent()
    assert last
    assert last.issue == "2026-11-13"
    store.issues.mark_sending(ISSUE)
    begun, earlier = store.issues.last_sent(), store.issues.last_sent(before=date(2026, 11, 13))
    assert begun
    assert earlier
    assert (begun.issue, earlier.issue) == (ISSUE, "2026-11-06")


def test_issues_that_went_out_are_numbered(store: Store) -> None:
    assert store.issues.number_for("2026-11-06") == 1
    gone_out(store, "2026-11-06")
    composed(store, "2026-11-13")
    assert store.issues.number_for("2026-11-13") == 2
    assert store.issues.number_for(ISSUE) == 2
    assert store.issues.number_for("2026-11-06") == 1


def test_a_plan_counts_what_is_owed(store: Store) -> None:
    composed(store)
    listed(store, 4)
    store.ledger.plan(ISSUE, now=NOW)
    (record,) = store.issues.records(1)
    assert record.letters[LetterState.OWED] == 4


# --- holds and the end


def held(store: Store) -> tuple[str, object]:
    record = store.issues.record(ISSUE)
    assert record
    return record.hold, record.held_until


def test_a_hold_is_on_record_until_it_is_taken_back(store: Store) -> None:
    composed(store)
    store.issues.hold(ISSUE, "the provider fails", until=NOW + DAY)
    assert held(store) == ("the provider fails", NOW + DAY)
    store.issues.hold(ISSUE, "paused by hand")
    assert held(store) == ("paused by hand", None)
    store.issues.hold(ISSUE, "the provider fails", until=NOW + DAY)
    assert held(store) == ("paused by hand", None)
    store.issues.release(ISSUE)
    assert held(store) == ("", None)


def test_what_has_not_gone_out_is_held_with_a_store_that_is_taken_over(store: Store) -> None:
    gone_out(store, "2026-11-06")
    planned(store, 2, day="2026-11-13")
    store.issues.mark_sending("2026-11-13")
    composed(store)
    assert store.issues.hold_all_under_way("a copy") == ("2026-11-13", ISSUE)
    assert [record.hold for record in store.issues.records(9)] == ["a copy", "a copy", ""]


def test_an_issue_that_is_stopped_before_it_began_goes_to_nobody(store: Store) -> None:
    planned(store, 3)
    assert store.issues.stop(ISSUE, "stopped by hand", now=NOW) == 3
    assert counts(store) == in_the_rows(store) == {"left_out": 3}
    record = store.issues.record(ISSUE)
    assert record
    assert record.state is IssueState.STOPPED


@pytest.mark.parametrize("hand", ["release", "stop", "hold"])
def test_no_hand_is_laid_on_an_issue_that_never_was(store: Store, hand: str) -> None:
    more = {"stop": {"words": "", "now": NOW}, "hold": {"why": ""}}.get(hand, {})
    with pytest.raises(RecordError, match=ISSUE):
        getattr(store.issues, hand)(ISSUE, **more)
