"""How often Python looks for garbage that holds on to itself.

A sender makes some ten objects a letter and drops them by the thousand, none of them in a circle. By its usual rule
Python walks over all that is alive every few letters to make sure of that: a quarter of a campaign's time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_OBJECTS = 50_000
"""A look for so many objects more: that is some megabytes."""


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """While it lasts the collector looks seldom, and never at what was there before."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
