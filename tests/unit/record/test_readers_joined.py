"""Who joined beside the file is on the list like everybody in it: planned, claimed, withdrawn, looked at, counted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from digest.model import LetterState
from digest.model.readers import OPERATOR, Act, Choice, Ground
from digest.model.roster import DISABLED, SUPPRESSED, RosterRow
from digest.record.store import Store
from tests.unit.record.newsroom import ISSUE, NOW, claim, composed, counts, listed, row, sender
from tests.unit.record.test_readers import ANA, COURTS, acts, joined

HERS = row(1, address=ANA, name="From the file", domain="reader.example")
SAYS_NO = HERS._replace(reason=DISABLED, detail="status says no")


def owed(store: Store) -> list[str]:
    """The addresses that a campaign of this moment would write to."""
    composed(store)
    store.ledger.plan(ISSUE, now=NOW)
    return claimed(store)


def claimed(store: Store) -> list[str]:
    return [letter.address for letter in claim(store, sender(store)).letters]


def test_without_any_file_who_signed_up_gets_the_letter(store: Store) -> None:
    joined(store)
    assert owed(store) == [ANA]


def test_who_is_on_both_lists_gets_one(store: Store) -> None:
    listed(store, [HERS, row(2)])
    joined(store)
    assert owed(store) == [ANA, row(2).address]


def test_who_joined_stays_when_the_file_does_not_know_them(store: Store) -> None:
    joined(store)
    composed(store)
    store.ledger.plan(ISSUE, now=NOW)
    listed(store, [row(2)])
    assert store.ledger.withdraw(ISSUE, now=NOW) == 0
    assert claimed(store) == [ANA]


def test_who_only_asked_gets_nothing(store: Store) -> None:
    listed(store, [row(2)])
    store.readers.ask(ANA, COURTS, OPERATOR, now=NOW)
    assert owed(store) == [row(2).address]


def test_who_leaves_between_plan_and_claim_is_left_out(store: Store) -> None:
    reader = joined(store)
    composed(store)
    store.ledger.plan(ISSUE, now=NOW)
    store.readers.leave(reader.number, OPERATOR, now=NOW)
    assert claimed(store) == []
    assert counts(store) == {"left_out": 1}
    assert store.ledger.words(ISSUE, LetterState.LEFT_OUT) == {SUPPRESSED: 1}


def test_a_file_that_newly_says_no_takes_them_off(store: Store) -> None:
    joined(store)
    listed(store, [SAYS_NO])
    assert owed(store) == []
    assert acts(store)[-1] is Act.REFUSED
    assert store.subscribers.report().joined == 0


def test_a_no_that_the_file_had_said_before_they_signed_up_does_not(store: Store) -> None:
    listed(store, [SAYS_NO])
    joined(store)
    listed(store, [SAYS_NO, row(2)])
    assert owed(store) == [ANA, row(2).address]


def test_a_no_that_was_taken_out_of_the_file_and_comes_again_is_new(store: Store) -> None:
    listed(store, [SAYS_NO])
    listed(store, [row(2)])
    joined(store)
    listed(store, [SAYS_NO, row(2)])
    assert owed(store) == [row(2).address]


@pytest.mark.parametrize("hers", [HERS, HERS._replace(categories="Books", timezone="Pacific/Honolulu", language="haw")])
def test_the_file_does_not_undo_their_own_choice(store: Store, hers: RosterRow) -> None:
    own = Choice(sections=("Courts",), language="es", timezone="Europe/Madrid", name="Ana")
    joined(store, choice=own)
    listed(store, [hers])
    assert [reader.choice for reader in store.readers.iterate()] == [own]
    assert store.subscribers.choices() == (("Courts",),)
    assert store.subscribers.timezones() == ("Europe/Madrid",)
    assert [reader.name for reader in store.subscribers.sample(2)] == ["Ana"]


def test_the_report_counts_them_beside_the_file(store: Store) -> None:
    listed(store, [HERS, row(2)])
    joined(store)
    joined(store, "ben@reader.example")
    report = store.subscribers.report()
    assert (report.readers, report.joined) == (3, 1)
    store.suppressions.add("ben@reader.example", "asked", now=NOW)
    assert store.suppressions.on_the_list() == (0, 1)


def test_nobody_who_was_forgotten_comes_back_with_the_file(store: Store) -> None:
    joined(store)
    store.readers.forget(ANA, now=NOW)
    listed(store, [replace_case(HERS), row(2)])
    assert owed(store) == [row(2).address]
    report = store.subscribers.report()
    assert report.left_out == {SUPPRESSED: 1}
    assert [(fault.line, fault.address) for fault in report.faults] == [(2, "")]


def test_who_was_forgotten_can_sign_up_anew(store: Store) -> None:
    joined(store)
    store.readers.forget(ANA, now=NOW)
    listed(store, [HERS])
    joined(store)
    assert owed(store) == [ANA]


def test_a_complaint_outlives_a_new_sign_up(store: Store) -> None:
    joined(store)
    store.readers.suppress(ANA, Ground.COMPLAINED, "spam", replace(OPERATOR, how="provider"), at=NOW, now=NOW)
    joined(store)
    assert owed(store) == []


def replace_case(row: RosterRow) -> RosterRow:
    return row._replace(address=row.address.swapcase())
