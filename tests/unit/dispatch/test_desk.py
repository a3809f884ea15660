"""The desk: what a lane asks for, and what follows from what it brings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from digest.deliver.seam import Abilities
from digest.dispatch.desk import Desk, Post
from digest.dispatch.shift import Shift
from digest.model import Answer, Claim, Delivery, Receipt
from digest.model.ledger import PAUSED
from digest.record.journal import Journal
from digest.record.senders import LEASE
from tests.unit.dispatch.office import Office
from tests.unit.record.newsroom import ISSUE, NOW, counts, keys, planned

MINUTE = timedelta(minutes=1)


class At:
    """A sender's desk, with what a test looks at."""

    def __init__(self, office: Office, abilities: Abilities, *, patient: bool = True, limit: int | None = None) -> None:
        self.journal = Journal(office.store.senders.folder, f"at the desk {patient} {limit} {abilities.holds}")
        self.shift = Shift(lease=LEASE, limit=limit)
        key = office.store.senders.enter(ISSUE, self.journal.name, now=office.clock())
        post = Post(issue=ISSUE, sender=key, journal=self.journal, provider="told", abilities=abilities)
        self.desk = Desk(office.store, office.settings, post, self.shift, office.clock, patient=patient)


@pytest.fixture
def full(office: Office) -> Office:
    planned(office.store, 40)
    return office


@pytest.fixture
def at(full: Office) -> Iterator[At]:
    one = At(full, Abilities(readers_per_call=4))
    yield one
    one.journal.close(keep=False)


def delivery(claim: Claim, answer: Answer = Answer.TAKEN, **fields: str) -> Delivery:
    return Delivery(receipts=tuple(Receipt(key=letter.key, answer=answer) for letter in claim.letters), **fields)


def hold_of(office: Office) -> tuple[str, timedelta | None]:
    record = office.store.issues.record(ISSUE)
    assert record
    return record.hold, None if record.held_until is None else record.held_until - office.clock()


def test_a_claim_is_as_large_as_a_call_takes(at: At) -> None:
    assert keys(at.desk.claim()) == [1, 2, 3, 4]


def test_the_limit_counts_what_was_claimed(full: Office) -> None:
    one = At(full, Abilities(readers_per_call=100), limit=50)
    assert len(one.desk.claim().letters) == 40
    assert one.shift.take(100) == 10


def test_it_is_clear_once_all_is_settled(at: At) -> None:
    assert at.desk.clear
    claim = at.desk.claim()
    at.desk.took_over(1)
    assert not at.desk.clear
    at.desk.settle(claim, delivery(claim))
    assert not at.desk.clear
    at.desk.settle_as(at.desk.claim().number, [])
    assert not at.desk.clear


@pytest.mark.parametrize(
    ("reference", "holds", "send_at"), [("a", True, 20 * MINUTE), ("a", False, None), ("", True, None)]
)
def test_a_batch_is_held_where_the_provider_can_and_has_a_reference(
    full: Office, reference: str, holds: bool, send_at: timedelta | None
) -> None:
    claim = At(full, Abilities(readers_per_call=4, holds=holds)).desk.claim(reference)
    assert claim.send_at == (None if send_at is None else NOW + send_at)


def test_the_third_failure_in_a_row_opens_the_circuit_for_longer_and_longer(full: Office, at: At) -> None:
    pauses = []
    for _ in range(5):
        claim = at.desk.claim()
        at.desk.settle(claim, delivery(claim, Answer.UNSENT, trouble="down"))
        pauses.append(hold_of(full))
        full.clock.move(hours=1)
    assert pauses == [("", None)] * 2 + [("the provider fails: down", number * MINUTE) for number in (1, 2, 4)]


def test_one_that_gets_through_closes_it(full: Office, at: At) -> None:
    for answer, trouble in (
        (Answer.UNSENT, "down"),
        (Answer.UNSENT, "down"),
        (Answer.TAKEN, ""),
        (Answer.UNSENT, "down"),
    ):
        claim = at.desk.claim()
        at.desk.settle(claim, delivery(claim, answer, trouble=trouble))
    assert hold_of(full) == ("", None)


def test_the_circuit_does_not_lift_a_pause(full: Office, at: At) -> None:
    claims = [at.desk.claim() for _ in range(4)]
    full.store.issues.hold(ISSUE, PAUSED)
    for claim in claims:
        at.desk.settle(claim, delivery(claim, Answer.UNSENT, trouble="down"))
    assert hold_of(full) == (PAUSED, None)


def test_without_patience_the_first_failure_ends_it(full: Office) -> None:
    one = At(full, Abilities(readers_per_call=4), patient=False)
    claim = one.desk.claim()
    one.desk.settle(claim, delivery(claim, Answer.UNSENT, trouble="down"))
    assert (one.shift.stopped, hold_of(full)) == ("down", ("", None))


def test_what_a_person_has_to_do_ends_it(at: At) -> None:
    claim = at.desk.claim()
    at.desk.settle(claim, delivery(claim, stopped="login refused"))
    assert at.shift.stopped == "login refused"


@pytest.mark.parametrize("in_doubt", [True, False])
def test_so_it_does_for_a_batch_in_doubt(full: Office, at: At, in_doubt: bool) -> None:
    claim = at.desk.claim()
    given = delivery(claim, Answer.UNHEARD, stopped="account closed")
    if in_doubt:
        at.desk.doubted(given)
        assert counts(full.store)["claimed"] == 4
    else:
        at.desk.settle(claim, given)
        assert counts(full.store)["unknown"] == 4
    assert at.shift.stopped == "account closed"


def test_settling_renews_no_lease(full: Office, at: At) -> None:
    """The store does not either: a sender that believed so would go on after it was taken for dead."""
    claim = at.desk.claim()
    fence = at.shift._fence
    at.desk.settle(claim, delivery(claim))
    assert at.shift._fence == fence
    at.desk.claim()
    assert at.shift._fence > fence


def test_whether_an_issue_may_be_sent_at_this_moment(full: Office, at: At) -> None:
    assert at.desk.may_send()
    full.store.issues.hold(ISSUE, "down", until=NOW + MINUTE)
    assert not at.desk.may_send()
    full.clock.move(minutes=1)
    assert at.desk.may_send()
    full.store.issues.hold(ISSUE, PAUSED)
    assert not at.desk.may_send()
    full.store.issues.release(ISSUE)
    assert not at.desk.is_stopped()
    full.store.issues.stop(ISSUE, "stopped by hand", now=NOW)
    assert at.desk.is_stopped()
    assert not at.desk.may_send()
