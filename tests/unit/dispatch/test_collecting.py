"""The collector is left as it was found."""

from __future__ import annotations

import gc

import pytest

from digest.dispatch.collecting import seldom_collecting


def test_it_looks_seldom_and_then_as_before() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    with seldom_collecting():
        assert gc.get_threshold()[0] > before[0]
        assert gc.get_freeze_count() > frozen
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


def test_it_is_left_as_it_was_after_an_error_too() -> None:
    before = gc.get_threshold()
    with pytest.raises(RuntimeError), seldom_collecting():
        raise RuntimeError
    assert gc.get_threshold() == before


def test_two_that_end_in_the_order_of_their_start_leave_it_as_it_was() -> None:
    before = gc.get_threshold()
    first, second = seldom_collecting(), seldom_collecting()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert gc.get_threshold()[0] > before[0]
    second.__exit__(None, None, None)
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


def test_what_holds_on_to_itself_is_still_found() -> None:
    with seldom_collecting():
        circle: list[object] = []
        circle.append(circle)
        del circle
        assert gc.collect() >= 1
