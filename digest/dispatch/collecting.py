"""How often Python looks for garbage that holds on to itself.

A sender makes some ten objects a letter and drops them by the thousand, none of them in a circle. By its usual rule
Python walks over all that is alive every few letters to make sure of that: a quarter of a campaign's time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_OBJECTS = 50_000
"""A look for so many objects more: that is some megabytes."""

_lock = Lock()
_before: list[tuple[int, int, int]] = []
"""What held before each of the campaigns that now run in this process, which may end in any order."""


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """While it lasts the collector looks seldom, and never at what was there before the first that asked."""
    _begin()
    try:
        yield
    finally:
        _end()


def _begin() -> None:
    with _lock:
        before = gc.get_threshold()
        if not _before:
            gc.freeze()
            gc.set_threshold(_OBJECTS, *before[1:])
        _before.append(before)


def _end() -> None:
    with _lock:
        if len(_before) == 1:
            gc.set_threshold(*_before[0])
            gc.unfreeze()
        _before.pop()
