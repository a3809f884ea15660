"""What became of the letters, and the hands on a campaign."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from digest.deliver.letters import letter_key, write_letter
from digest.deliver.seam import Abilities
from digest.dispatch.recalls import CalledBack
from digest.errors import ConfigurationError, RecordError
from digest.model import Answer, IssueState, LetterState, Subscriber
from digest.model.ledger import PAUSED
from digest.model.roster import DISABLED
from digest.office import accounts
from digest.office.accounts import Accounts
from digest.record.location import url_of
from digest.record.seal import NotTheStore
from digest.record.store import Store
from tests.unit.dispatch.office import SECRET, Office, Told
from tests.unit.record.newsroom import ISSUE, NOW, composed, counts, in_the_rows, listed, planned, reader, row

OTHER = "2026-11-27"
HOLDS = Abilities(readers_per_call=4, holds=True)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Store.open(url_of(tmp_path / "digest.db")) as store:
        planned(store, 8)
        office = Office(store)
        office.settings = replace(office.settings, secrets=(SECRET,))
        yield office


@pytest.fixture
def books(office: Office) -> Accounts:
    return Accounts(office.settings, office.store, office.clock)


def event(office: Office, number: int, kind: str, **fields: Any) -> dict[str, Any]:
    letter = write_letter(Subscriber(address=reader(number).address), issue=ISSUE, addressing=office.addressing)
    named = {"issue": ISSUE, "letter": letter_key(letter.message_id)}
    return {"event": kind, "timestamp": NOW.timestamp(), **named, **fields}


def in_doubt(office: Office, *numbers: int) -> None:
    office.send(Told(lambda letter, before: Answer.UNHEARD if letter.key in numbers else Answer.TAKEN))


# --- looking


def test_how_an_issue_stands(office: Office, books: Accounts) -> None:
    office.store.suppressions.add(reader(8).address, "asked", now=NOW)
    answers = {1: Answer.NOT_TAKEN, 2: Answer.NOT_NOW, 3: Answer.UNHEARD}
    office.send(Told(lambda letter, before: answers.get(letter.key, Answer.TAKEN)), patient=False)
    status = books.issue(ISSUE)
    assert status.record.letters == office.store.ledger.counts(ISSUE)
    assert (status.refused, status.left_out) == ({"not taken": 1}, {"suppressed": 1})
    assert status.next_due == NOW + timedelta(minutes=5)
    assert (status.senders, status.held_batches, status.held_letters) == (0, 0, 0)


def test_what_a_provider_holds_is_counted(office: Office, books: Accounts) -> None:
    office.send(Told(lambda letter, before: Answer.NOT_TAKEN if letter.key == 1 else Answer.TAKEN, abilities=HOLDS))
    status = books.issue(ISSUE)
    assert (status.held_batches, status.held_letters) == (2, 7)
    office.clock.move(hours=1)
    assert books.issue(ISSUE).held_batches == 0


def test_a_hold_that_is_over_is_none(office: Office, books: Accounts) -> None:
    office.store.issues.hold(ISSUE, "the provider fails", until=NOW + timedelta(minutes=1))
    assert books.issue(ISSUE).hold == "the provider fails"
    office.clock.move(minutes=1)
    assert books.issue(ISSUE).hold == ""
    books.pause(ISSUE)
    office.clock.move(hours=99)
    assert books.issue(ISSUE).hold == PAUSED


def test_letters_are_listed_by_state(office: Office, books: Accounts) -> None:
    in_doubt(office, 2, 5)
    with books.letters(ISSUE, LetterState.UNKNOWN) as letters:
        assert [letter.key for letter in letters] == [2, 5]
    with books.letters(ISSUE, None) as letters:
        assert len(list(letters)) == 8


def test_why_somebody_got_a_letter_or_none(office: Office, books: Accounts) -> None:
    office.send(Told())
    office.store.suppressions.add(reader(2).address, "by phone", now=NOW)
    why = books.why(f" {reader(2).address.upper()} ")
    assert (why.address, why.listed, why.reason) == (reader(2).address, True, "")
    assert why.suppression
    assert why.suppression.reason == "by phone"
    assert [letter.state for letter in why.letters] == [LetterState.ACCEPTED]
    listed(office.store, [row(1), row(3, reason=DISABLED)])
    refused = books.why(reader(3).address)
    assert (refused.listed, refused.reason) == (False, DISABLED)
    nobody = books.why("nobody@reader.example", ISSUE)
    assert (nobody.listed, nobody.reason, nobody.suppression, nobody.letters) == (False, "", None, ())


def test_what_is_no_address_or_no_issue_is_told(books: Accounts, tmp_path: Path) -> None:
    events = tmp_path / "events.json"
    events.write_text("[]")
    with pytest.raises(ConfigurationError, match="is no address"):
        books.why("nonsense")
    for look in (
        lambda: books.issue(OTHER),
        lambda: books.why("a@reader.example", OTHER),
        lambda: books.settle(OTHER, LetterState.ACCEPTED),
        lambda: books.letters(OTHER, None).__enter__(),
        lambda: books.settle_by_events(OTHER, events),
        lambda: books.pause(OTHER),
        lambda: books.resume(OTHER),
        lambda: books.stop(OTHER),
    ):
        with pytest.raises(RecordError, match=OTHER) as refused:
            look()
        assert refused.value.hint


# --- settling doubts


def test_events_of_letters_that_are_known_or_of_another_issue_settle_nothing(
    office: Office, books: Accounts, tmp_path: Path
) -> None:
    in_doubt(office, 2, 5)
    events = tmp_path / "events.json"
    events.write_text(
        json.dumps([event(office, 2, "delivered"), event(office, 3, "dropped"), event(office, 5, "open", issue=OTHER)])
    )
    assert books.settle_by_events(ISSUE, events) == {LetterState.ACCEPTED: 1, LetterState.REFUSED: 0}
    with books.letters(ISSUE, LetterState.UNKNOWN) as letters:
        assert [letter.key for letter in letters] == [5]
    assert counts(office.store) == in_the_rows(office.store) == {"accepted": 7, "unknown": 1}


def test_what_the_provider_told_settles_them(office: Office, books: Accounts, tmp_path: Path) -> None:
    in_doubt(office, 2, 3, 4, 5)
    events = tmp_path / "events.json"
    dropped = event(office, 3, "dropped", reason="Bounced Address")
    told = [
        dropped,
        event(office, 2, "processed"),
        event(office, 2, "delivered"),
        event(office, 4, "dropped"),
        event(office, 4, "delivered"),
    ]
    events.write_text(json.dumps(told))
    assert books.settle_by_events(ISSUE, events) == {LetterState.ACCEPTED: 2, LetterState.REFUSED: 1}
    assert counts(office.store) == in_the_rows(office.store) == {"accepted": 6, "refused": 1, "unknown": 1}
    assert list(books.issue(ISSUE).refused) == ["dropped: Bounced Address"]
    assert books.settle_by_events(ISSUE, events) == {LetterState.ACCEPTED: 0, LetterState.REFUSED: 0}


def test_by_hand_all_or_those_to_some_addresses(office: Office, books: Accounts) -> None:
    in_doubt(office, 2, 3, 4)
    assert books.settle(ISSUE, LetterState.OWED, [reader(3).address, "nobody@reader.example"]) == 1
    assert counts(office.store) == {"accepted": 5, "unknown": 2, "owed": 1}
    assert books.settle(ISSUE, LetterState.ACCEPTED, ["nobody@reader.example"]) == 0
    assert books.settle(ISSUE, LetterState.ACCEPTED) == 2
    again = Told()
    office.send(again)
    assert again.got() == [3]
    assert counts(office.store) == {"accepted": 8}


# --- hands


def test_a_pause_keeps_all_back_until_it_is_taken_back(office: Office, books: Accounts) -> None:
    books.pause(ISSUE)
    provider = Told()
    assert office.send(provider, patient=False) == "paused by hand"
    books.resume(ISSUE)
    assert office.send(provider, patient=False) == ""
    assert counts(office.store) == {"accepted": 8}


def test_stopping_leaves_out_what_is_owed(office: Office, books: Accounts) -> None:
    office.send(Told(), limit=3)
    stopped = books.stop(ISSUE)
    assert (stopped.left_out, stopped.held) == (5, CalledBack())
    assert counts(office.store) == in_the_rows(office.store) == {"accepted": 3, "left_out": 5}
    assert books.issue(ISSUE).record.state is IssueState.STOPPED
    assert books.stop(ISSUE).left_out == 0


def test_stopping_calls_back_what_is_held(office: Office, books: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = Told(abilities=HOLDS)
    monkeypatch.setattr(accounts, "open_provider", lambda settings: provider)
    office.send(provider, limit=6)
    stopped = books.stop(ISSUE)
    assert (stopped.left_out, stopped.held) == (2, CalledBack(letters=6))
    assert counts(office.store) == in_the_rows(office.store) == {"left_out": 8}


def test_a_copy_that_is_adopted_holds_what_was_under_way(office: Office, books: Accounts) -> None:
    office.send(Told(), limit=3)
    composed(office.store, OTHER)
    office.store.seal.path.unlink()
    with pytest.raises(NotTheStore):
        office.send(Told())
    assert books.adopt() == (ISSUE, OTHER)
    assert office.send(Told()).startswith("taken over from a copy")
    books.resume(ISSUE)
    assert office.send(Told()) == ""
    assert counts(office.store) == {"accepted": 8}


def test_what_was_sent_is_not_held(office: Office, books: Accounts) -> None:
    office.send(Told())
    assert books.adopt() == ()
