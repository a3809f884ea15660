"""Keeps what is made once a campaign, for all the threads that send it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from digest.model import Campaign

T = TypeVar("T")

_KEPT = 32
"""A campaign for each body of an issue. Letters of one body go out together, so no more are under way than lines."""


class OncePerCampaign(Generic[T]):
    """Makes something of a campaign at its first batch and keeps it, for the last campaigns that came.

    Threads that ask at once wait for the one that makes it; where making it raises, so does it for each of them.
    """

    def __init__(self, make: Callable[[Campaign], T]) -> None:
        self._make = make
        self._lock = Lock()
        self._made: OrderedDict[int, tuple[Campaign, T]] = OrderedDict()

    def of(self, campaign: Campaign) -> T:
        """What was made of this very campaign. Raises what making it raises."""
        key = id(campaign)  # which cannot be another's while the campaign is kept here
        with self._lock:
            if key not in self._made:
                self._made[key] = (campaign, self._make(campaign))
                if len(self._made) > _KEPT:
                    self._made.popitem(last=False)
            self._made.move_to_end(key)
            return self._made[key][1]
