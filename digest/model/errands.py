"""Errands: letters to single readers, which somebody asked for a moment ago."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class ErrandKind(StrEnum):
    """What the letter is."""

    CONFIRM = "confirm"
    """Asks whether a sign-up was meant."""
    ALREADY = "already"
    """Says to somebody on the list who signed up again that they are on it."""
    DATA = "data"
    """Has the link to what we know of a reader."""


LASTS: Mapping[ErrandKind, timedelta] = {
    ErrandKind.CONFIRM: timedelta(days=3),
    ErrandKind.ALREADY: timedelta(days=1),
    ErrandKind.DATA: timedelta(hours=1),
}
"""For how long after it was asked for the link in the letter is good. Later the letter is of no use to anybody."""


class Averted(StrEnum):
    """What strangers asked for and what was not done, because it was over the limits."""

    SIGN_UP = "sign-up turned away"
    DATA_REQUEST = "request for data turned away"
    LETTER = "letter withdrawn"
    """One that a sign-up was to get, and that still waited when a flood was seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AvertedCount:
    """How many of a kind there were, and the first hour that had any."""

    count: int = 0
    since: datetime | None = None


class ErrandState(StrEnum):
    """Where an errand stands."""

    WAITING = "waiting"
    SENDING = "sending"
    """Somebody has claimed it, and it may leave at any moment."""
    LEFT = "left"
    UNKNOWN = "unknown"
    """It may have left. It is not sent again by itself."""
    GIVEN_UP = "given up"
    """Nobody took it while its link was good, or nobody ever will."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """What keeps a letter back for a while: so long that a flood from the network that asked is seen before it leaves.
    `network` names it by a keyed hash; a letter whose network is empty is asked for by nobody who floods."""

    network: str = ""
    lasts: timedelta = timedelta(0)


NO_HOLD = Hold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A letter to one reader. `payload` is what its kind needs beside the address; it always has a `language`."""

    key: int
    kind: ErrandKind
    address: str
    asked_at: datetime
    payload: Mapping[str, str] = field(default_factory=dict)
    attempts: int = 0
    """How often it was claimed, this time included."""
