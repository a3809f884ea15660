"""Errands in a real store: one row each, claimed once, and none sent twice knowingly."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digest.model.errands import LASTS, ErrandKind, ErrandState
from digest.record.errands import LEASE
from digest.record.store import Store

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ANA = "ana@reader.example"


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """The same store, open in two places."""
    url = f"sqlite:///{tmp_path / 'digest.db'}"
    with Store.open(url) as one, Store.open(url) as other:
        yield one, other


def _queue(store: Store, kind: ErrandKind = ErrandKind.CONFIRM, address: str = ANA) -> None:
    store.errands.queue(kind, address, {"language": "ar", "key": "7"}, now=NOW)


def test_an_errand_is_claimed_by_one_alone(two: tuple[Store, Store]) -> None:
    one, other = two
    _queue(one)
    claimed = other.errands.claim(now=NOW)
    assert claimed
    assert (claimed.kind, claimed.address, claimed.payload, claimed.attempts) == (
        ErrandKind.CONFIRM,
        ANA,
        {"language": "ar", "key": "7"},
        1,
    )
    assert one.errands.claim(now=NOW + MINUTE) is None


def test_many_who_send_at_once_share_the_errands(two: tuple[Store, Store]) -> None:
    for number in range(30):
        _queue(two[0], address=f"reader{number}@reader.example")

    def work(store: Store) -> list[str]:
        return [found.address for found in iter(lambda: store.errands.claim(now=NOW), None)]

    with ThreadPoolExecutor(4) as threads:
        claimed = [address for part in threads.map(work, two * 2) for address in part]
    assert sorted(claimed) == sorted(f"reader{number}@reader.example" for number in range(30))


def test_what_left_is_gone(two: tuple[Store, Store]) -> None:
    one, other = two
    _queue(one)
    claimed = one.errands.claim(now=NOW)
    assert claimed
    assert other.errands.waiting() == 1
    one.errands.left(claimed)
    assert other.errands.waiting() == 0
    assert not other.errands.not_sent()


def test_what_was_put_back_comes_again_when_it_is_due(two: tuple[Store, Store]) -> None:
    one, other = two
    _queue(one)
    claimed = one.errands.claim(now=NOW)
    assert claimed
    one.errands.put_back(claimed, "greylisted", due=NOW + 5 * MINUTE)
    assert other.errands.claim(now=NOW + 4 * MINUTE) is None
    again = other.errands.claim(now=NOW + 5 * MINUTE)
    assert again
    assert again.attempts == 2


def test_who_dies_with_a_claim_leaves_an_unknown_that_nobody_sends_again(two: tuple[Store, Store]) -> None:
    one, other = two
    _queue(one)
    assert one.errands.claim(now=NOW)
    other.errands.sweep(now=NOW + LEASE - MINUTE)
    assert not other.errands.not_sent()
    other.errands.sweep(now=NOW + LEASE)
    assert [state for state, _ in other.errands.not_sent()] == [ErrandState.UNKNOWN]
    assert other.errands.claim(now=NOW + LEASE) is None


@pytest.mark.parametrize("kind", ErrandKind)
def test_a_letter_whose_link_is_no_good_any_more_is_given_up(two: tuple[Store, Store], kind: ErrandKind) -> None:
    _queue(two[0], kind)
    claimed = two[0].errands.claim(now=NOW)
    assert claimed
    two[0].errands.put_back(claimed, "the server is down", due=NOW + MINUTE)
    two[0].errands.sweep(now=NOW + LASTS[kind] - MINUTE)
    assert two[1].errands.waiting() == 1
    two[0].errands.sweep(now=NOW + LASTS[kind])
    assert two[1].errands.claim(now=NOW + LASTS[kind]) is None
    assert two[1].errands.not_sent() == {(ErrandState.GIVEN_UP, "the server is down"): 1}


def test_nobody_is_told_for_longer_than_a_week(two: tuple[Store, Store]) -> None:
    _queue(two[0])
    two[0].errands.sweep(now=NOW + timedelta(days=3))
    assert two[0].errands.not_sent()
    two[0].errands.sweep(now=NOW + timedelta(days=7))
    assert not two[0].errands.not_sent()


def test_that_one_is_on_the_list_already_is_known_for_a_day(two: tuple[Store, Store]) -> None:
    one, other = two
    since = NOW - timedelta(days=1)
    for _ in range(2):
        _queue(one, ErrandKind.ALREADY)
    first, second = one.errands.claim(now=NOW), other.errands.claim(now=NOW)
    assert first
    assert second
    assert not one.errands.is_told_already(first, since=since)
    assert other.errands.is_told_already(second, since=since)
    one.errands.left(first)
    assert other.errands.is_told_already(second, since=since)
    other.errands.sweep(now=NOW + timedelta(days=1))
    other.errands.drop(first)
    assert not other.errands.is_told_already(second, since=NOW + MINUTE)


def test_who_is_forgotten_has_no_errand(two: tuple[Store, Store]) -> None:
    _queue(two[0])
    two[0].readers.forget(ANA, now=NOW)
    assert two[1].errands.waiting() == 0
