"""Monthly readers get the first issue of each calendar month, and no other."""

from __future__ import annotations

import pytest

from digest.model import LetterState
from digest.model.readers import Choice, Rhythm
from digest.record.ledger_plan import MONTHLY
from digest.record.store import Store
from tests.unit.record.newsroom import NOW, composed, counts, listed, row
from tests.unit.record.test_readers import ANA, joined


def planned(store: Store, day: str) -> dict[str, int]:
    composed(store, day)
    store.ledger.plan(day, now=NOW)
    return counts(store, day)


def begun(store: Store, day: str) -> None:
    planned(store, day)
    store.issues.mark_sending(day)


@pytest.fixture(autouse=True)
def readers(store: Store) -> None:
    listed(store, [row(1), row(2, rhythm="monthly"), row(3)])


def test_a_month_begins_with_its_first_issue(store: Store) -> None:
    assert planned(store, "2026-11-06") == {"owed": 3}
    begun(store, "2026-11-06")
    assert planned(store, "2026-11-13") == {"owed": 2, "left_out": 1}
    assert store.ledger.words("2026-11-13", LetterState.LEFT_OUT) == {MONTHLY: 1}
    assert planned(store, "2026-12-04") == {"owed": 3}


def test_an_issue_that_has_not_gone_out_is_no_first_one(store: Store) -> None:
    planned(store, "2026-11-06")
    assert planned(store, "2026-11-13") == {"owed": 3}


def test_a_later_issue_takes_nothing_from_an_earlier_one(store: Store) -> None:
    begun(store, "2026-11-20")
    assert planned(store, "2026-11-13") == {"owed": 3}


def test_who_signs_up_for_it_is_one_and_whoever_is_suppressed_counts_once(store: Store) -> None:
    begun(store, "2026-11-06")
    joined(store, choice=Choice(rhythm=Rhythm.MONTHLY))
    store.suppressions.add(row(2).address, "asked", now=NOW)
    assert planned(store, "2026-11-13") == {"owed": 2, "left_out": 2}
    assert store.ledger.words("2026-11-13", LetterState.LEFT_OUT) == {MONTHLY: 1, "suppressed": 1}
    assert store.readers.find(ANA) is not None
