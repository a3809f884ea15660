"""What was used of the limits: over restarts, shared by all senders."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from digest.model import Allowance, LetterState, Usage
from digest.record.store import Store
from tests.unit.record.newsroom import DAY, ISSUE, NOW, claim, planned, sender, settle, settlements, wish

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def used(store: Store, *, domains: frozenset[str] = frozenset(), later: timedelta = timedelta()) -> Usage:
    """What a claim would be told."""
    told: list[Usage] = []

    def listen(usage: Usage, wanted: int) -> Allowance:
        told.append(usage)
        return Allowance(letters=0)

    claim(store, sender(store, uuid4().hex), allow=listen, domains=domains, now=NOW + later)
    return told[0]


def test_nothing_is_used_at_first_but_the_beginning_is_known(store: Store) -> None:
    planned(store, 9)
    assert used(store) == Usage(began=NOW)


def test_letters_count_for_an_hour_and_for_a_day(store: Store) -> None:
    planned(store, 9)
    claim(store, sender(store), 5)
    assert [used(store, later=later).last_hour for later in (59 * MINUTE, 62 * MINUTE)] == [5, 0]
    assert [used(store, later=later).last_day for later in (23 * HOUR, 25 * HOUR)] == [5, 0]


def test_an_hour_is_never_counted_short(store: Store) -> None:
    planned(store, 9)
    claim(store, sender(store), 5, now=NOW + timedelta(seconds=59))
    assert used(store, later=HOUR + timedelta(seconds=58)).last_hour == 5


def test_it_outlives_the_process(url: str) -> None:
    with Store.open(url) as store:
        planned(store, 9)
        claim(store, sender(store), 5)
    with Store.open(url) as store:
        assert used(store).last_day == 5


def test_all_issues_count_together(store: Store) -> None:
    planned(store, 9)
    planned(store, 9, day="2026-11-27")
    claim(store, sender(store), 5)
    told: list[int] = []

    def listen(usage: Usage, wanted: int) -> Allowance:
        told.append(usage.last_hour)
        return Allowance(letters=0)

    store.ledger.claim("2026-11-27", wish(sender(store, "second"), allow=listen), now=NOW)
    assert told == [5]


def test_domains_are_counted_where_they_have_a_limit(store: Store) -> None:
    planned(store, 9)
    limited = frozenset({"reader.example"})
    claim(
        store, sender(store), 5, domains=limited, allow=lambda u, w: Allowance(letters=w, domains={"reader.example": 4})
    )
    assert used(store, domains=limited).domains == {"reader.example": 4}
    assert used(store).domains == {}


def test_letters_that_did_not_leave_count_for_nothing(store: Store) -> None:
    planned(store, 9)
    me = sender(store)
    got = claim(store, me, 5)
    answers = settlements(got, LetterState.OWED, due=NOW, tried=False)
    answers[0].state = LetterState.ACCEPTED
    for _ in range(2):  # told twice, they count once
        store.ledger.settle(ISSUE, got.number, answers, now=NOW + 5 * MINUTE)
        assert used(store, later=6 * MINUTE).last_hour == 1


def test_an_attempt_counts_whatever_came_of_it(store: Store) -> None:
    planned(store, 9)
    settle(store, claim(store, sender(store), 5), LetterState.OWED, due=NOW)
    assert used(store).last_hour == 5


@pytest.mark.parametrize("rate", [0.5, 20.0, 0.0])
def test_a_lowered_rate_is_remembered_with_its_instant(url: str, rate: float) -> None:
    with Store.open(url) as store:
        planned(store, 9)
        sender(store)
        assert store.ledger.change_rate(lambda usage: 7.0, now=NOW) == 7.0
        assert store.ledger.change_rate(lambda usage: rate, now=NOW + MINUTE) == rate
    with Store.open(url) as store:
        usage = used(store, later=HOUR)
        assert (usage.rate, usage.rate_since) == (rate, NOW + MINUTE)


def test_a_rate_that_stays_keeps_its_instant(store: Store) -> None:
    planned(store, 9)
    sender(store)
    store.ledger.change_rate(lambda usage: 7.0, now=NOW)
    store.ledger.change_rate(lambda usage: usage.rate, now=NOW + MINUTE)
    assert used(store, later=HOUR).rate_since == NOW


def test_the_beginning_is_that_of_the_first_sender_ever(store: Store) -> None:
    planned(store, 9)
    sender(store)
    assert used(store, later=40 * DAY).began == NOW


def test_what_no_limit_looks_at_any_more_is_forgotten(store: Store) -> None:
    planned(store, 9)
    claim(store, sender(store), 5)
    sender(store, "second", now=NOW + 3 * DAY)
    with store._database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM used").scalar_one() == 0
