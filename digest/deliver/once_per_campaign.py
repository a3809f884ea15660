"""Keeps what is made once a campaign."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from digest.model import Campaign

T = TypeVar("T")


class OncePerCampaign(Generic[T]):
    """Makes something of a campaign at its first batch and keeps it until another campaign comes."""

    def __init__(self, make: Callable[[Campaign], T]) -> None:
        self._make = make
        self._made: tuple[Campaign, T] | None = None

    def of(self, campaign: Campaign) -> T:
        if self._made is None or self._made[0] is not campaign:
            self._made = (campaign, self._make(campaign))
        return self._made[1]
