"""The sending line with a real store and providers that do what a test says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from digest import pipeline
from digest.config.load import load
from digest.deliver.letters import Addressing
from digest.model import (
    Audience,
    Campaign,
    Delivery,
    Fate,
    Issue,
    IssueState,
    Letter,
    LetterState,
    Note,
    Receipt,
    RenderedIssue,
    Slot,
    Subscriber,
    Window,
)
from digest.record.store import Store
from digest.settings import Settings

NOW = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
ISSUE = "2026-11-20"
READERS = tuple(Subscriber(address=f"reader{number}@example.com") for number in range(10))
ADDRESSING = Addressing(web="https://letters.docket.example/", secret="a secret", domain="docket.example")
REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass
class Told:
    """A provider that settles each letter as `fate` says, and stops when `stops` says so."""

    fate: Callable[[Letter], Fate] = lambda letter: Fate.ACCEPTED
    stops: Callable[[int], str] = lambda call: ""
    name: str = "told"
    readers_per_call: int = 4
    calls: list[list[str]] = field(default_factory=list)

    def send(self, campaign: Campaign, letters: Sequence[Letter]) -> Delivery:
        self.calls.append([letter.address for letter in letters])
        receipts = tuple(Receipt(address=letter.address, fate=self.fate(letter)) for letter in letters)
        return Delivery(receipts=receipts, stopped=self.stops(len(self.calls)))

    def close(self) -> None:
        """Nothing is held open."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'digest.db'}") as opened:
        yield opened


@pytest.fixture
def settings() -> Settings:
    return load(REPOSITORY / "digest.toml", {})


@pytest.fixture
def plan(store: Store) -> pipeline.Plan:
    window = Window(opens=NOW - timedelta(days=7), closes=NOW)
    issue = Issue(date=date(2026, 11, 20), number=1, window=window, lead=None, sections=(), note=Note(paragraphs=()))
    store.issues.keep_composed(issue, "f", stories=[], cuts=[], now=NOW)
    audience = Audience(readers=READERS)
    store.ledger.plan(ISSUE, audience, now=NOW)
    rendered = RenderedIssue(
        issue=ISSUE,
        subject="S",
        preheader="",
        html="<p>x</p>",
        text="x",
        slots={slot: f"digest-{slot.value}-0" for slot in Slot},
        fingerprint="f",
    )
    return pipeline.Plan(rendered=rendered, audience=audience, letters=store.ledger.counts(ISSUE))


class Sender:
    def __init__(self, plan: pipeline.Plan, settings: Settings, store: Store) -> None:
        self.plan, self.settings, self.store = plan, settings, store
        self.slept: list[float] = []

    def send(
        self, provider: Told, run: str = "first", interrupted: Callable[[], bool] = lambda: False
    ) -> pipeline.SendReport:
        return pipeline.send(
            self.plan,
            self.settings,
            self.store,
            provider,
            ADDRESSING,
            run=run,
            clock=lambda: NOW,
            sleep=self.slept.append,
            interrupted=interrupted,
        )


@pytest.fixture
def sender(plan: pipeline.Plan, settings: Settings, store: Store) -> Sender:
    return Sender(plan, settings, store)


def counts(report: pipeline.SendReport) -> tuple[int, ...]:
    states = (LetterState.OWED, LetterState.ACCEPTED, LetterState.REFUSED, LetterState.UNKNOWN)
    return tuple(report.letters.get(state, 0) for state in states)


def state(store: Store) -> IssueState:
    record = store.issues.record(ISSUE)
    assert record
    return record.state


def test_batch_by_batch_until_nothing_is_owed(sender: Sender, store: Store) -> None:
    provider = Told()
    report = sender.send(provider)
    assert counts(report) == (0, 10, 0, 0)
    assert [len(call) for call in provider.calls] == [4, 4, 2]
    assert [address for call in provider.calls for address in call] == [reader.address for reader in READERS]
    assert state(store) is IssueState.SENT


def test_a_letter_put_off_is_tried_once_a_run(sender: Sender, store: Store) -> None:
    provider = Told(fate=lambda letter: Fate.DEFERRED if letter.address.startswith("reader3") else Fate.ACCEPTED)
    assert counts(sender.send(provider)) == (1, 9, 0, 0)
    assert sum("reader3@example.com" in call for call in provider.calls) == 1
    assert state(store) is IssueState.SENDING
    assert counts(sender.send(Told(), run="second")) == (0, 10, 0, 0)
    assert state(store) is IssueState.SENT


def test_an_unknown_letter_is_never_tried_again(sender: Sender, store: Store) -> None:
    provider = Told(fate=lambda letter: Fate.UNKNOWN if letter.address.startswith("reader3") else Fate.ACCEPTED)
    assert counts(sender.send(provider)) == (0, 9, 0, 1)
    again = Told()
    assert counts(sender.send(again, run="second")) == (0, 9, 0, 1)
    assert again.calls == []
    assert state(store) is IssueState.SENDING


def test_a_provider_that_cannot_go_on_ends_the_run(sender: Sender) -> None:
    def fate(letter: Letter) -> Fate:
        return Fate.ACCEPTED if letter.address < "reader4" else Fate.UNSENT

    report = sender.send(Told(fate=fate, stops=lambda call: "down" if call == 2 else ""))
    assert report.stopped == "down"
    assert counts(report) == (6, 4, 0, 0)


def test_a_provider_that_sends_nothing_and_says_nothing_does_not_turn_for_ever(sender: Sender) -> None:
    provider = Told(fate=lambda letter: Fate.UNSENT)
    report = sender.send(provider)
    assert "did not say why" in report.stopped
    assert len(provider.calls) == 1
    assert counts(report) == (10, 0, 0, 0)


def test_a_provider_that_breaks_its_promise_leaves_its_batch_unknown(sender: Sender, store: Store) -> None:
    def broken(letter: Letter) -> Fate:
        raise RuntimeError("a fault of the program")

    with pytest.raises(RuntimeError):
        sender.send(Told(fate=broken))
    found = store.ledger.counts(ISSUE)
    assert (found[LetterState.UNKNOWN], found[LetterState.OWED]) == (4, 6)


def test_an_interruption_ends_it_between_two_batches(sender: Sender) -> None:
    provider = Told()
    report = sender.send(provider, interrupted=lambda: len(provider.calls) == 2)
    assert counts(report) == (2, 8, 0, 0)
    assert report.stopped == ""


def test_the_pace_limits_batches_and_waits_between_them(sender: Sender) -> None:
    sender.settings = replace(sender.settings, delivery=replace(sender.settings.delivery, pace=2.0))
    provider = Told()
    sender.send(provider)
    assert [len(call) for call in provider.calls] == [2, 2, 2, 2, 2]
    assert sender.slept == [1.0] * 5


def test_who_is_suppressed_between_plan_and_claim_gets_nothing(sender: Sender, store: Store) -> None:
    store.suppressions.add("reader5@example.com", "by phone", now=NOW)
    provider = Told()
    report = sender.send(provider)
    assert "reader5@example.com" not in {address for call in provider.calls for address in call}
    assert report.letters[LetterState.LEFT_OUT] == 1
    assert state(store) is IssueState.SENT
