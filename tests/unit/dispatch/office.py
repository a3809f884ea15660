"""An office to send from: a real store, a provider that does what a test says, and a clock that the test moves."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from digest.config.load import load
from digest.deliver.campaign import campaign_of
from digest.deliver.letters import Addressing
from digest.deliver.seam import Abilities, Gate
from digest.dispatch.campaigns import Campaigns
from digest.dispatch.sender import Orders, Sender
from digest.model import (
    ISSUE_SLOTS,
    Answer,
    Batch,
    Campaign,
    Delivery,
    IssueState,
    Letter,
    Recall,
    Receipt,
    RenderedIssue,
)
from digest.office.addressing import addressing_of
from digest.record.journal import Journal
from digest.record.store import Store
from digest.settings import DeliverySettings, Settings
from tests.unit.record.newsroom import ISSUE, NOW, wish

REPOSITORY = Path(__file__).resolve().parents[3]
SECRET = "a secret"
ADDRESSING = Addressing(web="https://letters.docket.example/", secret=SECRET, domain="docket.example")
FOUR_A_CALL = Abilities(readers_per_call=4)
RENDERED = RenderedIssue(
    issue=ISSUE,
    subject="S",
    preheader="",
    html="<p>x</p>",
    text="x",
    slots={slot: f"digest-{slot.value}-0" for slot in ISSUE_SLOTS},
    fingerprint="fingerprint",
)


class MovingClock:
    """Stands still until a test moves it."""

    def __init__(self, start: datetime = NOW) -> None:
        self.at = start

    def __call__(self) -> datetime:
        return self.at

    def move(self, **time: float) -> None:
        self.at += timedelta(**time)


@dataclass
class Told:
    """A provider that answers each letter as `answer` says, from the letter and how often it came before.

    `makes` may change the delivery of a call, the first of which is 1. `reserves` gives references or raises.
    """

    answer: Callable[[Letter, int], Answer] = lambda letter, before: Answer.TAKEN
    makes: Callable[[Delivery, int], Delivery] = lambda delivery, call: delivery
    reserves: Callable[[int], str] = lambda number: f"ref-{number}"
    recalls: Callable[[str], Recall] = lambda reference: Recall.CALLED_BACK
    forgets: Callable[[str], bool] = lambda reference: True
    checks: Callable[[Campaign], None] = lambda campaign: None
    abilities: Abilities = FOUR_A_CALL
    name: str = "told"
    words: str = ""
    calls: list[Batch] = field(default_factory=list)
    recalled: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    reserved: int = 0
    open_lines: int = 0
    times: Counter[int] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self, campaign: Campaign) -> None:
        self.checks(campaign)

    def line(self) -> ToldLine:
        with self.lock:
            self.open_lines += 1
        return ToldLine(self)

    def recall(self, reference: str) -> tuple[Recall, str]:
        self.recalled.append(reference)
        return self.recalls(reference), "said so"

    def forget(self, reference: str) -> bool:
        self.forgotten.append(reference)
        return self.forgets(reference)

    def got(self) -> list[int]:
        """The letters that it got, in the order in which they came."""
        return [letter.key for batch in self.calls for letter in batch.letters]

    def references(self) -> list[str]:
        return [batch.reference for batch in self.calls]


class ToldLine:
    def __init__(self, provider: Told) -> None:
        self._told = provider

    def reserve(self) -> str:
        with self._told.lock:
            self._told.reserved += 1
            number = self._told.reserved
        return self._told.reserves(number)

    def send(self, campaign: Campaign, batch: Batch, gate: Gate) -> Delivery:
        with self._told.lock:
            self._told.calls.append(batch)
            call = len(self._told.calls)
        return self._told.makes(Delivery(receipts=tuple(self._one(letter, gate) for letter in batch.letters)), call)

    def _one(self, letter: Letter, gate: Gate) -> Receipt:
        one_by_one = self._told.abilities.letter_by_letter
        if one_by_one and not gate.start(letter):
            return Receipt(key=letter.key, answer=Answer.UNSENT)
        with self._told.lock:
            before = self._told.times[letter.key]
            self._told.times[letter.key] += 1
        receipt = Receipt(key=letter.key, answer=self._told.answer(letter, before), words=self._told.words)
        if one_by_one and receipt.answer is not Answer.UNHEARD:
            gate.done(receipt)
        return receipt

    def close(self) -> None:
        with self._told.lock:
            self._told.open_lines -= 1


@dataclass
class Office:
    """A store with an issue, the settings, and a clock."""

    store: Store
    clock: MovingClock = field(default_factory=MovingClock)
    settings: Settings = field(default_factory=lambda: load(REPOSITORY / "digest.toml", {}))

    def __post_init__(self) -> None:
        self.set(outbox=Path("outbox"), provider="told")

    def set(self, **fields: Any) -> None:
        """Changes the settings of delivery; the others are the ones that it comes with."""
        self.settings = replace(self.settings, delivery=DeliverySettings(**{"outbox": Path("outbox"), **fields}))

    @property
    def addressing(self) -> Addressing:
        """With the keys of the store and of the settings."""
        return addressing_of(self.settings, self.store)

    def state(self) -> IssueState:
        record = self.store.issues.record(ISSUE)
        assert record
        return record.state

    def is_empty(self) -> bool:
        """Whether nobody is at work, and nobody left a journal behind."""
        return self.store.senders.living(ISSUE, now=NOW) == 0 and not list(self.store.senders.folder.iterdir())

    def campaign(self) -> Campaign:
        return campaign_of(RENDERED, self.settings, date=NOW)

    def sender(self, provider: Told, **orders: Any) -> Sender:
        campaigns = Campaigns(self.campaign(), lambda variant: replace(RENDERED, html=f"{RENDERED.html}{variant}"))
        return Sender(self.store, self.settings, provider, campaigns, ADDRESSING, Orders(**orders), clock=self.clock)

    def send(self, provider: Told, **orders: Any) -> str:
        """One sender's whole go; why it stopped."""
        return self.sender(provider, **orders).run()

    def dies(
        self, letters: int = 4, *, noted: Callable[[Journal, int], None] = lambda journal, batch: None, **fields: Any
    ) -> int:
        """A sender claims a batch, notes something, and is gone. Gives the batch's number."""
        name = f"dead-{self.clock.at.timestamp()}-{letters}-{len(list(self.store.senders.folder.glob('*')))}"
        journal = Journal(self.store.senders.folder, name)
        key = self.store.senders.enter(ISSUE, name, now=self.clock())
        values = {"journal": name, "provider": "told", **fields}
        claim = self.store.ledger.claim(ISSUE, wish(key, letters, **values), now=self.clock())
        noted(journal, claim.number)
        journal.close(keep=True)
        return claim.number
