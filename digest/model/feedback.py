"""The words of what comes back of letters: a reader's history, what follows from it, and an issue's figures."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from digest.model.letters import LetterState
from digest.model.readers import EventKind, Ground, MailEvent

NOES = frozenset(
    {
        EventKind.HARD_BOUNCE,
        EventKind.COMPLAINT,
        EventKind.UNSUBSCRIBE,
        EventKind.DROPPED_UNSUBSCRIBED,
        EventKind.DROPPED_COMPLAINED,
    }
)
"""What may end letters to somebody at once."""

DROPS = frozenset({EventKind.DROPPED, EventKind.DROPPED_UNSUBSCRIBED, EventKind.DROPPED_COMPLAINED})
BOUNCES = frozenset({EventKind.HARD_BOUNCE, EventKind.SOFT_BOUNCE})
TRACKING = frozenset({EventKind.OPEN, EventKind.CLICK})
ARRIVED = frozenset({EventKind.DELIVERED, EventKind.OPEN, EventKind.CLICK, EventKind.COMPLAINT, EventKind.UNSUBSCRIBE})
"""What shows that a letter reached its mailbox."""

PASSING = frozenset({EventKind.PROCESSED, EventKind.DEFERRED})
"""What settles a doubt and says nothing that is worth keeping: a letter is under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What is kept of one reader: all events, in any order, and the issues (oldest first) whose letter to them the
    provider took. `doubted` are issues whose hard bounces say nothing of readers. `yes_at` is when reader or operator
    last said yes, `allowed_at` when the operator did; None where nobody has."""

    events: tuple[MailEvent, ...]
    issues: tuple[str, ...] = ()
    doubted: frozenset[str] = frozenset()
    yes_at: datetime | None = None
    allowed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """Why somebody is not to be written to, said at an instant, with words for the operator."""

    ground: Ground
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the record room has to be told to apply events.

    `judge` is the table of rules. `is_server` says of an issue, from how many letters got through and how many bounced
    hard, whether a server is the likely cause. `keys_of` gives the keys that the letter of an issue to an address can
    have. Events of `passed_over` kinds settle doubts and are not kept.
    """

    judge: Callable[[History], Ruling | None]
    is_server: Callable[[int, int], bool]
    keys_of: Callable[[str, str], Collection[str]]
    passed_over: frozenset[EventKind] = PASSING | TRACKING


@dataclass(slots=True, kw_only=True)
class Kept:
    """What a bundle of events came to: `new` ones and those `known` before, of which so many `outsiders` to the store;
    letters settled, by issue and state; addresses `suppressed`, and those that may be written to again (`lifted`)."""

    new: int = 0
    known: int = 0
    outsiders: int = 0
    settled: dict[tuple[str, LetterState], int] = field(default_factory=dict)
    suppressed: int = 0
    lifted: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What came back of an issue, each reader counted once. `letters` are those that the provider took.

    `bounced` had a bounce of either kind, `gone` a hard one; `doubted` says that so many had one that a server is the
    likely cause. Opens are a guess: `machine_opens` counts readers for whom only machines did. `clicks` counts readers
    by link, the most frequent first.
    """

    issue: str = ""
    letters: int = 0
    delivered: int = 0
    bounced: int = 0
    gone: int = 0
    dropped: int = 0
    complaints: int = 0
    unsubscribed: int = 0
    doubted: bool = False
    opens: int = 0
    machine_opens: int = 0
    clicks: Mapping[str, int] = field(default_factory=dict)


class Level(StrEnum):
    """How much of an issue came back: nothing to say, to be watched, or the next issue is held."""

    FINE = "fine"
    WATCH = "watch"
    HOLD = "hold"


ENOUGH = 3
"""So few say nothing: of a list of fifty, one reader is two per cent."""


def level(count: int, letters: int, *, watch: float, hold: float) -> Level:
    """How grave it is that `count` of so many letters came back, by two shares of them."""
    if count < ENOUGH or not letters:
        return Level.FINE
    return Level.HOLD if count >= hold * letters else Level.WATCH if count >= watch * letters else Level.FINE


def share(count: int, letters: int) -> str:
    """`0.30 %`"""
    return f"{count / letters:.2%}".replace("%", " %") if letters else "0 %"
