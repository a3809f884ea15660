from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from digest.model.errands import Averted, AvertedCount
from digest.record.store import Store
from tests.unit.record.newsroom import NOW

HOUR = NOW.replace(minute=0)


def test_a_full_bucket_turns_away_and_uses_nothing_up(store: Store) -> None:
    network, everybody = ("network", HOUR, 2), ("all", HOUR, 3)
    assert [store.attempts.take([network, everybody], hour=HOUR) for _ in range(4)] == [None, None, 0, 0]
    assert [store.attempts.take([("other", HOUR, 2), everybody], hour=HOUR) for _ in range(2)] == [None, 1]
    assert store.attempts.averted(since=HOUR)[Averted.SIGN_UP] == AvertedCount(count=3, since=HOUR)
    assert store.attempts.averted(since=HOUR + timedelta(hours=1)) == dict.fromkeys(Averted, AvertedCount())


def test_what_is_averted_is_counted_by_its_kind(store: Store) -> None:
    full, later = [("network", HOUR, 0)], HOUR + timedelta(hours=1)
    assert store.attempts.take(full, hour=HOUR, turned_away=Averted.DATA_REQUEST) == 0
    assert [store.attempts.take(full, hour=hour) for hour in (later, later)] == [0, 0]
    store.attempts.note_averted(Averted.LETTER, 5, hour=HOUR)
    store.attempts.note_averted(Averted.LETTER, 7, hour=later)
    assert store.attempts.averted(since=HOUR) == {
        Averted.SIGN_UP: AvertedCount(count=2, since=later),
        Averted.DATA_REQUEST: AvertedCount(count=1, since=HOUR),
        Averted.LETTER: AvertedCount(count=12, since=HOUR),
    }


def test_another_stretch_of_time_is_empty_again(store: Store) -> None:
    assert store.attempts.take([("network", HOUR, 1)], hour=HOUR) is None
    later = HOUR + timedelta(hours=1)
    assert store.attempts.take([("network", later, 1)], hour=later) is None
    assert store.attempts.expire(before=later) == 1
    assert store.attempts.take([("network", later, 1)], hour=later) == 0


@pytest.mark.parametrize("threads", [4])
def test_many_at_once_get_no_further_than_the_limit(store: Store, threads: int) -> None:
    def taken(_: int) -> bool:
        return store.attempts.take([("network", HOUR, 20)], hour=HOUR) is None

    with ThreadPoolExecutor(threads) as pool:
        assert sum(pool.map(taken, range(200))) == 20
    assert store.attempts.averted(since=HOUR)[Averted.SIGN_UP].count == 180
