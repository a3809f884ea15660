"""Several words to the store as one transaction."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.model.readers import Choice, Origin
from digest.record.store import Store

NOW = datetime(2026, 11, 20, 14, tzinfo=UTC)
HOUR = [("network", NOW, 5)]
ORIGIN = Origin(how="page")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'digest.db'}", patience=0.2) as opened:
        yield opened


def test_all_of_it_is_kept_and_seen_meanwhile(store: Store) -> None:
    with store.as_one():
        assert store.attempts.take(HOUR, hour=NOW) is None
        asked = store.readers.ask("ana@example.com", Choice(), ORIGIN, now=NOW)
        assert store.readers.pending(asked.key) == asked
    assert store.attempts.seen("network", NOW) == 1
    assert store.readers.pending(asked.key) == asked


def test_nothing_of_it_is_kept_where_a_part_fails(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.as_one():
        store.attempts.take(HOUR, hour=NOW)
        asked = store.readers.ask("ana@example.com", Choice(), ORIGIN, now=NOW)
        raise ZeroDivisionError
    assert store.attempts.seen("network", NOW) == 0
    assert store.readers.pending(asked.key) is None


def test_the_next_transaction_is_one_by_itself_again(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.as_one():
        raise ZeroDivisionError
    store.attempts.take(HOUR, hour=NOW)
    assert store.attempts.seen("network", NOW) == 1


def test_another_thread_does_not_see_it_before_its_end(store: Store) -> None:
    seen: list[int] = []
    with store.as_one():
        store.attempts.take(HOUR, hour=NOW)
        look = threading.Thread(target=lambda: seen.append(store.attempts.seen("network", NOW)))
        look.start()
        look.join()
    assert seen == [0]


def test_one_within_another_ends_with_the_outer(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.as_one():
        with store.as_one():
            store.attempts.take(HOUR, hour=NOW)
        store.attempts.take(HOUR, hour=NOW)
        raise ZeroDivisionError
    assert store.attempts.seen("network", NOW) == 0


def test_a_look_at_one_moment_sees_nothing_of_what_is_said_meanwhile(store: Store) -> None:
    with store.at_one_moment():
        assert store.attempts.seen("network", NOW) == 0
        store.attempts.take(HOUR, hour=NOW)
        assert store.attempts.seen("network", NOW) == 0
    assert store.attempts.seen("network", NOW) == 1


def test_looks_within_a_look_end_with_the_first(store: Store) -> None:
    with store.at_one_moment():
        with store.at_one_moment():
            assert store.attempts.seen("network", NOW) == 0
        store.attempts.take(HOUR, hour=NOW)
        assert store.attempts.seen("network", NOW) == 0
    assert store.attempts.seen("network", NOW) == 1


def test_what_is_done_as_one_within_a_look_sees_what_it_does(store: Store) -> None:
    with store.at_one_moment():
        assert store.attempts.seen("network", NOW) == 0
        with store.as_one():
            store.attempts.take(HOUR, hour=NOW)
            assert store.attempts.seen("network", NOW) == 1
        assert store.attempts.seen("network", NOW) == 0
