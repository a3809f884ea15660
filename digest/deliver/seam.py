"""The seam between the sender and a provider: what a provider can do, and how it is asked.

A sender opens as many lines as the provider allows, claims a batch for each, notes its reference, and hands it over.
How one is added is told in docs/adding-a-provider.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from digest.model import Batch, Campaign, Delivery, Letter, Recall, Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What a provider can do. The sender asks before the first letter, and refuses what cannot be had.

    `readers_per_call` is how many letters a batch holds at most, `calls_at_once` how many batches may be under way
    together, each on a line of its own.
    """

    readers_per_call: int
    calls_at_once: int = 1
    letter_by_letter: bool = False
    """It asks the gate before each letter and says what became of it at once. Others answer for a whole batch."""
    holds: bool = False
    """It keeps letters until `send_at`, and can be asked to forget a batch by its reference."""
    repeatable: bool = False
    """A batch that is sent twice under the same reference counts once."""


class Gate(Protocol):
    """Stands before each letter of a provider that sends letter by letter."""

    def start(self, letter: Letter) -> bool:
        """Notes that the letter is about to leave. False: it must not, and none after it; they are UNSENT."""

    def done(self, receipt: Receipt) -> None:
        """Notes what became of a letter that had started, as soon as that is known."""


class CannotReserve(Exception):
    """No reference is to be had. `stopped` says that a person has to do something first; else it may pass by itself."""

    def __init__(self, words: str, *, stopped: bool = False) -> None:
        super().__init__(words)
        self.stopped = stopped


class Line(Protocol):
    """One way to the provider, with a connection of its own where there is one. One thread at a time."""

    def reserve(self) -> str:
        """A new reference for a batch, empty where the provider knows none. Raises CannotReserve."""

    def send(self, campaign: Campaign, batch: Batch, gate: Gate) -> Delivery:
        """Sends a batch and answers for every letter of it, in its order. Raises for none: trouble is a receipt."""

    def close(self) -> None:
        """Ends the connection."""


class Provider(Protocol):
    """Takes letters to their readers."""

    name: str
    abilities: Abilities

    def check(self, campaign: Campaign) -> None:
        """Raises ConfigurationError for a campaign that it cannot express. Opens no connection."""

    def line(self) -> Line:
        """A new line; lines work side by side, in threads."""

    def recall(self, reference: str) -> tuple[Recall, str]:
        """Asks to give a held batch back, if `holds`; and the words for what came of it."""

    def forget(self, reference: str) -> bool:
        """Frees what a batch that was called back still occupies once its time has passed. False: ask again later."""


class HoldsNothing:
    """What there is to say of recalling for a provider that sends at once."""

    def recall(self, reference: str) -> tuple[Recall, str]:
        """What was sent cannot be given back."""
        return Recall.TOO_LATE, "this provider sends at once"

    def forget(self, reference: str) -> bool:
        """Nothing is occupied."""
        return True


class OpenGate:
    """Lets everything through and notes nothing: for a test copy, which is no letter of the ledger."""

    def start(self, letter: Letter) -> bool:
        return True

    def done(self, receipt: Receipt) -> None:
        """Nothing to note."""
