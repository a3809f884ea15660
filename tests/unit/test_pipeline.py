"""The sending line with a real store, a real list and archive, and a provider that does what a test says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from digest import pipeline
from digest.config.load import load
from digest.dispatch.sender import Orders
from digest.errors import AlreadySent, ConfigurationError, RecordError
from digest.model import ISSUE_SLOTS, Answer, Issue, IssueState, LetterState, Note, RenderedIssue, Window
from digest.record.archive import Archive
from digest.record.location import url_of
from digest.record.store import Store
from digest.settings import Settings
from tests.unit.dispatch.office import ADDRESSING, MovingClock, Told

NOW = datetime(2026, 11, 20, 14, 30, tzinfo=ZoneInfo("UTC"))
ISSUE = "2026-11-20"
REPOSITORY = Path(__file__).resolve().parents[2]
READERS = [f"reader{number}@example.com" for number in range(10)]


class Office:
    """A publication with an issue made up and a list of ten."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.store = store
        self.clock = MovingClock(NOW)
        self.archive = Archive(folder / "issues")
        self.list = folder / "subscribers.csv"
        base = load(REPOSITORY / "digest.toml", {})
        self.settings: Settings = replace(base, subscribers=self.list, archive=self.archive.folder)
        self.write(READERS)
        self.compose()

    def compose(self, html: str = "<p>x</p>", fingerprint: str = "f") -> None:
        window = Window(opens=NOW - timedelta(days=7), closes=NOW)
        issue = Issue(
            date=date.fromisoformat(ISSUE), number=1, window=window, lead=None, sections=(), note=Note(paragraphs=())
        )
        slots = {slot: f"digest-{slot.value}-0" for slot in ISSUE_SLOTS}
        rendered = RenderedIssue(
            issue=ISSUE, subject="S", preheader="", html=html, text="x", slots=slots, fingerprint=fingerprint
        )
        self.store.issues.keep_composed(issue, fingerprint, stories=[], cuts=[], now=NOW)
        self.archive.keep(issue, rendered)

    def write(self, addresses: list[str], zones: dict[str, str] | None = None) -> None:
        lines = ["email,timezone", *(f"{one},{(zones or {}).get(one, '')}" for one in addresses)]
        self.list.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def delivery(self, **fields: Any) -> None:
        self.settings = replace(self.settings, delivery=replace(self.settings.delivery, **fields))

    def plan(self) -> pipeline.Plan:
        return pipeline.plan(ISSUE, self.settings, self.store, self.archive, now=self.clock())

    def send(self, provider: Told, plan: pipeline.Plan | None = None, **orders: Any) -> pipeline.SendReport:
        given = Orders(**{"patient": False, **orders})
        return pipeline.send(
            plan or self.plan(), self.settings, self.store, provider, ADDRESSING, given, clock=self.clock
        )

    def state(self) -> IssueState:
        record = self.store.issues.record(ISSUE)
        assert record
        return record.state


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Store.open(url_of(tmp_path / "digest.db")) as store:
        yield Office(tmp_path, store)


def addresses(provider: Told) -> list[str]:
    return [letter.address for batch in provider.calls for letter in batch.letters]


def counts(report: pipeline.SendReport | pipeline.Plan) -> dict[str, int]:
    return {state.value: number for state, number in report.letters.items() if number}


# --- plan


def test_a_plan_says_who_gets_it_and_who_does_not(office: Office) -> None:
    office.write([*READERS, "nonsense", "reader0@example.com"])
    office.store.suppressions.add(READERS[3], "asked", now=NOW)
    plan = office.plan()
    assert plan.rendered.issue == ISSUE
    assert plan.roster.readers == 9
    assert counts(plan) == {"owed": 9, "left_out": 1}
    assert plan.left_out == {"bad address": 1, "duplicate": 1, "suppressed": 1}


def test_until_it_is_sent_the_list_decides_anew(office: Office) -> None:
    office.plan()
    office.write(READERS[:4])
    assert counts(office.plan()) == {"owed": 4}
    assert office.state() is IssueState.COMPOSED


def test_once_it_is_being_sent_who_left_is_taken_out_and_nobody_is_added(office: Office) -> None:
    office.send(Told(), limit=2)
    office.write([*READERS[:5], "new@example.com"])
    assert counts(office.plan()) == {"accepted": 2, "owed": 3, "left_out": 5}


def test_an_empty_list_takes_nobody_out_and_sends_nothing(office: Office) -> None:
    office.send(Told(), limit=2)
    office.write([])
    provider = Told()
    with pytest.raises(ConfigurationError, match="has no readers"):
        office.send(provider)
    assert provider.calls == []
    assert counts(office.plan()) == {"accepted": 2, "owed": 8}


def test_the_readers_hour_is_planned_by_time_zone(office: Office) -> None:
    office.delivery(local_hour=time(18, 0))
    office.write(READERS, {READERS[0]: "Asia/Tokyo"})
    office.plan()
    with office.store.ledger.letters(ISSUE) as letters:
        due = {letter.address: letter.due for letter in letters}
    assert due[READERS[0]] == datetime(2026, 11, 20, 18, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert due[READERS[1]] == datetime(2026, 11, 20, 18, tzinfo=office.settings.publication.timezone)


def test_an_archive_and_a_store_that_differ_are_refused(office: Office) -> None:
    office.store.issues.keep_composed(
        office.archive.load(ISSUE)[0], "another fingerprint", stories=[], cuts=[], now=NOW
    )
    with pytest.raises(RecordError, match="different issues"):
        office.plan()


# --- send


def test_batch_by_batch_until_nothing_is_owed(office: Office) -> None:
    provider = Told()
    report = office.send(provider)
    assert (counts(report), report.stopped, report.issue) == ({"accepted": 10}, "", ISSUE)
    assert addresses(provider) == READERS
    assert office.state() is IssueState.SENT


def test_sending_again_sends_nothing(office: Office) -> None:
    office.send(Told())
    again = Told()
    assert counts(office.send(again)) == {"accepted": 10}
    assert again.calls == []


def test_an_older_plan_sends_what_is_owed_now(office: Office) -> None:
    plan = office.plan()
    office.store.suppressions.add(READERS[5], "by phone", now=NOW)
    office.send(Told(), limit=3)
    provider = Told()
    report = office.send(provider, plan)
    assert READERS[5] not in addresses(provider)
    assert counts(report) == {"accepted": 9, "left_out": 1}
    assert office.state() is IssueState.SENT


def test_a_letter_put_off_leaves_the_issue_under_way(office: Office) -> None:
    provider = Told(lambda letter, before: Answer.NOT_NOW if letter.key == 3 and not before else Answer.TAKEN)
    assert counts(office.send(provider)) == {"accepted": 9, "owed": 1}
    assert office.state() is IssueState.SENDING
    office.clock.move(hours=1)
    assert counts(office.send(provider)) == {"accepted": 10}
    assert office.state() is IssueState.SENT


def test_an_unknown_letter_is_never_tried_again(office: Office) -> None:
    provider = Told(lambda letter, before: Answer.UNHEARD if letter.key == 3 else Answer.TAKEN)
    assert counts(office.send(provider)) == {"accepted": 9, "unknown": 1}
    again = Told()
    assert counts(office.send(again)) == {"accepted": 9, "unknown": 1}
    assert again.calls == []
    assert office.state() is IssueState.SENDING


def test_why_it_stopped_is_in_the_report(office: Office) -> None:
    report = office.send(Told(makes=lambda delivery, call: replace(delivery, stopped="down")))
    assert (report.stopped, counts(report)) == ("down", {"accepted": 4, "owed": 6})


def test_what_the_provider_cannot_express_can_be_mended(office: Office) -> None:
    def refuse(campaign: object) -> None:
        raise ConfigurationError("no")

    with pytest.raises(ConfigurationError):
        office.send(Told(checks=refuse))
    assert office.state() is IssueState.COMPOSED
    office.compose(fingerprint="mended")


def test_when_all_have_said_no_nothing_begins(office: Office) -> None:
    for address in READERS:
        office.store.suppressions.add(address, "asked", now=NOW)
    provider = Told()
    with pytest.raises(ConfigurationError, match="has no readers"):
        office.send(provider)
    assert provider.calls == []
    assert office.state() is IssueState.COMPOSED


def test_an_issue_that_is_being_sent_cannot_be_made_up_again(office: Office) -> None:
    office.send(Told(), limit=1)
    with pytest.raises(AlreadySent, match="has gone out"):
        office.compose(fingerprint="g")
    assert office.store.ledger.counts(ISSUE)[LetterState.OWED] == 9
