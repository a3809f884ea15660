"""A process that is killed at its Nth step on the disk: after each in turn, another one stands as it was left."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from itertools import count
from typing import Any

STEPS = ("fsync", "rename", "replace", "rmdir", "mkdir", "unlink")


def at_every_step(prepare: Callable[[int], Callable[[], object]]) -> None:
    """Does what `prepare` gives for each number in a process that is killed after so many steps, until one is not."""
    for number in count():
        act = prepare(number)
        child = os.fork()
        if child == 0:
            _die_after(number)
            act()
            os._exit(0)
        if os.waitpid(child, 0)[1] == 0:
            return


def _die_after(steps: int) -> None:
    left = iter(range(steps))

    def dying(act: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            if next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
            return act(*args, **kwargs)

        return counted

    for name in STEPS:
        setattr(os, name, dying(getattr(os, name)))
