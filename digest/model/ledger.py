"""The words of the ledger's traffic with a sender: what it claims, what it settles, what it takes over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from digest.model.delivery import Receipt
from digest.model.letters import LetterState
from digest.model.pacing import Allowance, Usage

PAUSED = "paused by hand"
STOPPED = "stopped by hand"
"""The reason of a hold, and of letters that are left out, when somebody said so."""
NOT_IN_SEGMENT = "not in this segment"
"""The reason of letters to readers whom `--only` did not mean."""
BY_HAND = "settled by hand"
TOLD = "told by the provider"
"""By what a doubt was settled."""


class ClaimedLetter(NamedTuple):
    """A letter as a sender gets it: the subscriber's key, address and name, and what was tried before.

    `tried_at` is the instant of the first attempt in microseconds since 1970, None before it. `variant` says which body
    it has.
    """

    key: int
    address: str
    name: str
    attempts: int = 0
    tried_at: int | None = None
    variant: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a sender asks the ledger for.

    `letters` at most, claimed for the sender of that key and its `provider`, under a `reference` that the provider gave
    before. `allow` decides, from what was used of the limits, how many of them may leave; `domains` are those that have
    a limit of their own. `first_slice` letters go first; `judge_slice` says, from the counts of accepted and refused,
    why the rest is kept back, or nothing.
    """

    letters: int
    sender: int
    journal: str
    provider: str
    allow: Callable[[Usage, int], Allowance]
    domains: frozenset[str] = frozenset()
    reference: str = ""
    send_at: datetime | None = None
    first_slice: int = 0
    judge_slice: Callable[[int, int], str] = lambda accepted, refused: ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the issue stands for a sender that got nothing.

    `owed` letters are to be sent, the first of them from `due` on; `claimed` are with some sender. `wait` is how long a
    limit keeps the next one back, and `why` which; `hold` why nobody may send, until `held_until` if that is known.
    """

    owed: int = 0
    claimed: int = 0
    due: datetime | None = None
    wait: timedelta = timedelta()
    why: str = ""
    hold: str = ""
    held_until: datetime | None = None
    stopped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a sender got: a batch of letters (none: `standing` says why), and how fast they may leave."""

    number: int = 0
    letters: tuple[ClaimedLetter, ...] = ()
    reference: str = ""
    send_at: datetime | None = None
    starts_in: timedelta = timedelta()
    rate: float = 0.0
    standing: Standing = Standing()


@dataclass(slots=True, kw_only=True)
class Settlement:
    """What a receipt comes to in the ledger. `due` counts for letters that are owed again; `tried` says whether it was
    an attempt; `suppress` is the reason under which the address is never to be written to again, if it is."""

    key: int
    state: LetterState
    due: datetime | None = None
    words: str = ""
    provider_id: str = ""
    tried: bool = True
    suppress: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What settling came to: how many batches in a row have failed, and for how many letters it was too late."""

    failures: int = 0
    missed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBatch:
    """A batch that the provider has accepted and keeps until `send_at`; it can be called back by its `reference`."""

    number: int
    letters: int
    reference: str
    send_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphan:
    """A batch whose sender is dead, and what that sender's journal tells.

    `started` are the keys of letters that had begun to leave, `receipts` what had been answered. `whole` says whether
    the journal tells all: then a letter that is in neither never left the house.
    """

    number: int
    provider: str
    reference: str
    send_at: datetime | None
    claimed_at: datetime
    letters: tuple[ClaimedLetter, ...]
    started: frozenset[int] = frozenset()
    receipts: Mapping[int, Receipt] = field(default_factory=dict)
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a send stands: letters by state, letters a second over the last half minute, and when it will be done.

    `ends` is None while nothing has left yet, or nothing moves. `hold` is why nothing may leave at the moment, and
    `held_until` when that ends by itself.
    """

    letters: Mapping[LetterState, int]
    rate: float = 0.0
    ends: datetime | None = None
    hold: str = ""
    held_until: datetime | None = None
