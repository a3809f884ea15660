"""Keeps what is made once a campaign, for all the threads that send it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from digest.model import Campaign

T = TypeVar("T")


class OncePerCampaign(Generic[T]):
    """Makes something of a campaign at its first batch and keeps it until another campaign comes.

    Threads that ask at once wait for the one that makes it; where making it raises, so does it for each of them.
    """

    def __init__(self, make: Callable[[Campaign], T]) -> None:
        self._make = make
        self._lock = Lock()
        self._made: tuple[Campaign, T] | None = None

    def of(self, campaign: Campaign) -> T:
        """What was made of this very campaign. Raises what making it raises."""
        with self._lock:
            if self._made is None or self._made[0] is not campaign:
                self._made = (campaign, self._make(campaign))
            return self._made[1]
