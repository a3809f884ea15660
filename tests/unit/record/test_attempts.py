from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from digest.record.store import Store
from tests.unit.record.newsroom import NOW

HOUR = NOW.replace(minute=0)


def test_a_full_bucket_turns_away_and_uses_nothing_up(store: Store) -> None:
    network, everybody = ("network", HOUR, 2), ("all", HOUR, 3)
    assert [store.attempts.take([network, everybody], hour=HOUR) for _ in range(4)] == [None, None, 0, 0]
    assert [store.attempts.take([("other", HOUR, 2), everybody], hour=HOUR) for _ in range(2)] == [None, 1]
    assert store.attempts.turned_away(since=HOUR) == (3, HOUR)
    assert store.attempts.turned_away(since=HOUR + timedelta(hours=1)) == (0, None)


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
    assert store.attempts.turned_away(since=HOUR) == (180, HOUR)
