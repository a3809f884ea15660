"""Waiting for what has to come, without a guess how long that takes."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.crash.newsroom import PATIENCE
from tests.crash.processes import Process
from tests.crash.sinks import Sink


def await_letters(sink: Sink, count: int, sender: Process) -> None:
    """Until the sink has so many letters from a sender that is still at work."""
    until(lambda: sink.received().total() >= count or sender.code is not None, every=0.02)
    assert sender.code is None, f"it ended too early: exit {sender.code}"


def until(condition: Callable[[], bool], *, every: float = 0.1) -> None:
    """Waits for something that has to come."""
    for _ in range(int(PATIENCE / every)):
        if condition():
            return
        time.sleep(every)
    raise AssertionError("what was waited for does not come")
