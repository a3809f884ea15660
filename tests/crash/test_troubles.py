"""Everything else that goes wrong in the middle of a send: nobody is lost, nobody gets two letters."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.crash import troubles
from tests.crash.campaigns import Account

READERS = 400
CASES = [
    troubles.in_two_breaths,
    troubles.two_at_once,
    troubles.one_of_two_is_killed,
    troubles.paused_and_resumed,
    troubles.stopped,
    pytest.param(troubles.put_off(0.05), id="put off, one in twenty"),
    pytest.param(troubles.put_off(1 / 3), id="put off, a third"),
    troubles.closes_before_its_reply,
    troubles.answers_are_lost,
    troubles.clock_jumps,
    troubles.store_is_locked,
    troubles.store_stays_locked,
    troubles.store_is_copied,
    troubles.store_is_restored,
]


@pytest.mark.parametrize("case", CASES)
def test_trouble(case: Callable[[Path, int], Account], tmp_path: Path) -> None:
    account = case(tmp_path / "newsroom", READERS)
    account.check()


def test_the_disk_is_full(tmp_path: Path) -> None:
    try:
        account = troubles.disk_is_full(tmp_path / "newsroom", READERS)
    except troubles.NoMount as why:
        pytest.skip(f"no small disk can be mounted here: {why}")
    account.check()
    assert account.unknown == 0
