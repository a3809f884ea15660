from __future__ import annotations

from datetime import date

import pytest

from digest.errors import AlreadySent, RecordError
from digest.model import Cut, IssueRecord, IssueState, LetterState
from digest.record.store import Store
from tests.unit.record.newsroom import ISSUE, NOW, audience, composed, entry, fetched, gone_out, issue, planned

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
    assert store.ledger.letters(ISSUE, LetterState.OWED) == ()


def test_an_issue_that_has_gone_out_stays(store: Store) -> None:
    composed(store)
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
    store.issues.mark_sending(ISSUE)
    store.issues.mark_sent(ISSUE)
    store.issues.mark_sending(ISSUE)
    record = store.issues.record(ISSUE)
    assert record
    assert record.state is IssueState.SENT


def test_no_issue_is_called_sent_while_letters_are_owed(store: Store) -> None:
    planned(store, 2)
    store.issues.mark_sending(ISSUE)
    with pytest.raises(RecordError, match="2 letters are owed"):
        store.issues.mark_sent(ISSUE)


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
    store.ledger.claim("2026-11-13", 1, by="run", now=NOW)
    oldest = store.issues.records(9)[-1]
    assert oldest.letters == {**NO_LETTERS, LetterState.OWED: 2, LetterState.UNKNOWN: 1}
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
    store.ledger.plan(ISSUE, audience(4), now=NOW)
    (record,) = store.issues.records(1)
    assert record.letters[LetterState.OWED] == 4
