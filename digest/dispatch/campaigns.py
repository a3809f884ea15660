"""The campaigns of one issue: a body for each set of sections that readers chose, made when its first letter leaves."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from threading import Lock

from digest.model import Campaign, RenderedIssue

_KEPT = 32
"""Letters of one body go out together, so no more are under way than lanes."""


class Campaigns:
    """Threads may share it. `body` makes the issue with the sections of a variant; 0 is the whole one."""

    def __init__(self, whole: Campaign, body: Callable[[int], RenderedIssue]) -> None:
        self._whole = whole
        self._body = body
        self._lock = Lock()
        self._made: OrderedDict[int, Campaign] = OrderedDict()

    def of(self, variant: int) -> Campaign:
        """The campaign of a variant: the same one each time, for as long as it is in use."""
        if not variant:
            return self._whole
        with self._lock:
            if variant not in self._made:
                self._made[variant] = replace(self._whole, rendered=self._body(variant))
                if len(self._made) > _KEPT:
                    self._made.popitem(last=False)
            self._made.move_to_end(variant)
            return self._made[variant]
