"""The words of pacing: what has been used of the limits, and what may leave now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """How many letters have left, as the store knows it, over all senders and restarts.

    `domains` counts, over the last hour, those domains that have a limit. `rate` is the number a second to which the
    provider's push-back has lowered us (0: it has not), since `rate_since`. `free_at` is the instant at which what was
    given out so far will have left, at the rate then in force. `began` is when the publication sent its first letter.
    """

    last_hour: int = 0
    last_day: int = 0
    domains: Mapping[str, int] = field(default_factory=dict)
    rate: float = 0.0
    rate_since: datetime | None = None
    free_at: datetime | None = None
    began: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What may be claimed now.

    `letters` at most, the first of them `starts_in` from now and the others at `rate` a second (0: as fast as they go).
    `domains` says how many of those may go to a domain that has a limit. With 0 letters, `wait` is how long to wait
    before asking again, and `why` names the limit in words.
    """

    letters: int
    starts_in: timedelta = timedelta()
    rate: float = 0.0
    domains: Mapping[str, int] = field(default_factory=dict)
    wait: timedelta = timedelta()
    why: str = ""

    def free_after(self, letters: int, now: datetime) -> datetime:
        """When so many letters, claimed now under this allowance, will have left."""
        spread = letters / self.rate if self.rate else 0.0
        return now + self.starts_in + timedelta(seconds=spread)
