"""A shift: whether the lanes may go on."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from digest.dispatch.shift import Shift, seconds_up


class Up:
    """A machine's uptime that a test moves."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def up() -> Up:
    return Up()


@pytest.fixture
def shift(up: Up) -> Shift:
    return Shift(lease=timedelta(seconds=60), up=up)


def test_it_goes_on_until_it_is_stopped_and_the_first_reason_counts(shift: Shift) -> None:
    assert not shift.over
    shift.stop()
    shift.stop("login refused")
    shift.stop("another reason")
    assert (shift.over, shift.ended, shift.stopped, shift.error) == (True, True, "login refused", None)


def test_the_first_error_counts(shift: Shift) -> None:
    first = RuntimeError("one")
    shift.fail(first)
    shift.fail(RuntimeError("two"))
    assert (shift.over, shift.error) == (True, first)


def test_nothing_starts_when_the_lease_is_about_to_end(shift: Shift, up: Up) -> None:
    up.seconds += 54.9
    assert not shift.over
    up.seconds += 0.2
    assert (shift.over, shift.ended) == (True, False)


def test_a_lease_counts_from_before_the_question(shift: Shift, up: Up) -> None:
    shift.renewed(asked=140.0)
    up.seconds = 194.9
    assert not shift.over
    up.seconds = 195.1
    assert shift.over
    shift.renewed(asked=150.0)
    assert not shift.over


def test_an_older_answer_takes_nothing_from_a_newer_one(shift: Shift, up: Up) -> None:
    shift.renewed(asked=140.0)
    shift.renewed(asked=120.0)
    up.seconds = 194.0
    assert not shift.over


def test_without_a_limit_all_may_be_claimed(shift: Shift) -> None:
    assert [shift.take(1000) for _ in range(3)] == [1000] * 3
    assert not shift.spent


def test_a_limit_is_shared_out_and_taken_back() -> None:
    shift = Shift(lease=timedelta(seconds=60), limit=10)
    assert [shift.take(7), shift.take(7), shift.take(7)] == [7, 3, 0]
    assert shift.spent
    shift.give_back(2)
    assert not shift.spent
    assert [shift.take(7), shift.take(7)] == [2, 0]


def test_a_sleep_ends_with_the_shift(shift: Shift) -> None:
    assert shift.sleep(0)
    assert shift.sleep(0.001)
    threading.Timer(0.01, shift.stop).start()
    assert not shift.sleep(600)
    assert not shift.sleep(0)


def test_who_waits_for_news_hears_of_them_and_of_the_end(shift: Shift) -> None:
    heard = threading.Event()

    def tell() -> None:
        while not heard.wait(0.005):
            shift.tell()

    teller = threading.Thread(target=tell)
    teller.start()
    shift.wait_for_news(600)
    heard.set()
    teller.join()
    shift.stop()
    shift.wait_for_news(600)


def test_the_uptime_only_grows() -> None:
    assert 0 < seconds_up() <= seconds_up()
