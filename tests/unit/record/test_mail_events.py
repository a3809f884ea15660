"""What came back of letters, kept once and applied to the ledger and the suppressions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from digest.model.feedback import Figures
from digest.model.ledger import BY_HAND
from digest.model.letters import LetterState
from digest.model.readers import Act, Choice, EventKind, Ground, Origin
from digest.record.location import url_of
from digest.record.store import Store
from tests.unit.record.newsroom import ISSUE, NOW, claim, counts, in_the_rows, listed, planned, reader, sender, settle
from tests.unit.record.returns import (
    DAY,
    FIRST,
    LATER,
    PROVIDER,
    RULES,
    TRACKED,
    confirmed,
    event,
    issue,
    keep,
    look,
    sent,
)

HARD, SOFT, DELIVERED = EventKind.HARD_BOUNCE, EventKind.SOFT_BOUNCE, EventKind.DELIVERED
READERS = range(1, 9)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(url_of(tmp_path / "digest.db")) as store:
        listed(store, 8)
        yield store


def ground(store: Store, number: int) -> Ground | None:
    return store.readers.ground_of(reader(number).address)


# --- kept once


def test_each_is_kept_once(store: Store) -> None:
    sent(store, 0, READERS)
    first = keep(store, event(1, DELIVERED), event(2, SOFT), event(1, DELIVERED))
    assert (first.new, first.known) == (2, 1)
    again = keep(store, *(event(2, SOFT) for _ in range(46)), event(3, DELIVERED))
    assert (again.new, again.known) == (1, 46)
    assert [each.kind for each in store.mail_events.of_reader(2)] == [SOFT]
    assert store.mail_events.of_reader(2)[0] == replace(event(2, SOFT), address="", number=2, letter="")


def test_what_only_passes_is_not_kept_nor_opens_unless_they_are_wanted(store: Store) -> None:
    sent(store, 0, READERS)
    told = [event(1, kind) for kind in (EventKind.PROCESSED, EventKind.DEFERRED, EventKind.OPEN, EventKind.CLICK)]
    keep(store, *told)
    assert store.mail_events.of_reader(1) == ()
    keep(store, *told, rules=TRACKED)
    assert {each.kind for each in store.mail_events.of_reader(1)} == {EventKind.OPEN, EventKind.CLICK}


def test_a_reader_is_found_by_number_or_address_and_an_issue_must_be_ours(store: Store) -> None:
    sent(store, 0, READERS)
    keep(store, event(1, HARD, number=5), event(2, HARD, number=99), event(3, HARD, issue="summer", letter="x"))
    assert [ground(store, number) for number in (1, 5, 2, 3)] == [None, *[Ground.BOUNCED] * 3]
    assert [each.issue for each in store.mail_events.of_reader(3)] == [""]


def test_of_a_outsider_only_a_no_counts_and_nothing_is_kept(store: Store) -> None:
    kept = keep(store, event(0, DELIVERED), event(0, EventKind.COMPLAINT), event(0, HARD, address=""))
    assert (kept.new, kept.outsiders, kept.suppressed) == (3, 3, 1)
    assert store.readers.ground_of("outsider@elsewhere.example") is Ground.COMPLAINED
    assert look(store, "SELECT * FROM mail_event") == []
    assert store.readers.find("outsider@elsewhere.example") is None
    assert keep(store, event(0, EventKind.COMPLAINT)).suppressed == 0


def test_who_was_forgotten_stays_so(store: Store) -> None:
    sent(store, 0, READERS)
    keep(store, event(1, SOFT))
    store.readers.forget(reader(1).address, now=LATER)
    keep(store, event(1, SOFT), event(1, HARD, number=1), event(1, EventKind.COMPLAINT), event(1, DELIVERED))
    assert look(store, "SELECT * FROM mail_event") == []
    assert ground(store, 1) is Ground.COMPLAINED
    assert [row for row in look(store, "SELECT address, reason FROM suppression") if "@" in "".join(row)] == []


# --- the suppressions


def test_a_no_is_laid_with_its_instant_and_a_line_in_the_record_of_consent(store: Store) -> None:
    sent(store, 0, READERS)
    told = event(1, HARD, words="550 5.1.1 no such user")
    assert keep(store, told).suppressed == 1
    found = store.readers.find(reader(1).address)
    assert found
    assert (found.ground, found.suppressed_since) == (Ground.BOUNCED, told.at)
    (line,) = store.readers.record_of(reader(1).address)
    assert (line.act, line.at, line.origin.how) == (Act.BOUNCED, told.at, "provider")
    assert line.origin.words == "bounced: 550 5.1.1 no such user"
    assert keep(store, event(1, HARD, 0, words="later", at=told.at + DAY)).suppressed == 0


def test_a_stronger_ground_of_another_stays(store: Store) -> None:
    sent(store, 0, READERS)
    address = reader(1).address
    store.readers.suppress(address, Ground.BY_HAND, "", Origin(how="operator"), at=FIRST, now=FIRST)
    assert keep(store, event(1, EventKind.UNSUBSCRIBE)).suppressed == 0
    assert ground(store, 1) is Ground.BY_HAND
    assert keep(store, event(1, EventKind.COMPLAINT)).suppressed == 1
    assert ground(store, 1) is Ground.COMPLAINED


def test_a_word_of_the_provider_from_before_the_last_yes_does_not_count(store: Store) -> None:
    sent(store, 0, READERS)
    confirmed(store, 1, FIRST + DAY)
    assert keep(store, event(1, HARD), event(1, EventKind.DROPPED_UNSUBSCRIBED, at=LATER)).suppressed == 0
    assert keep(store, event(1, HARD, at=FIRST + 2 * DAY)).suppressed == 1


def test_a_complaint_drops_a_sign_up_that_waits_and_a_bounce_does_not(store: Store) -> None:
    sent(store, 0, READERS)
    for number in (1, 2):
        store.readers.ask(reader(number).address, Choice(), Origin(how="page"), now=FIRST)
    keep(store, event(1, EventKind.COMPLAINT), event(2, HARD))
    assert look(store, "SELECT address FROM sign_up") == [(reader(2).address,)]


def test_who_is_reached_again_gets_letters_again(store: Store) -> None:
    for week in range(6):
        sent(store, week, READERS)
    keep(store, *(event(1, SOFT, week) for week in range(6)))
    assert ground(store, 1) is Ground.SOFT
    assert keep(store, event(1, DELIVERED, 2)).lifted == 1
    assert ground(store, 1) is None
    assert [line.act for line in store.readers.record_of(reader(1).address)] == [Act.BOUNCED, Act.REACHED]


def test_what_the_operator_laid_is_not_lifted(store: Store) -> None:
    sent(store, 0, READERS)
    store.readers.suppress(reader(1).address, Ground.SOFT, "", Origin(how="file"), at=FIRST, now=FIRST)
    assert keep(store, event(1, DELIVERED)).lifted == 0
    assert ground(store, 1) is Ground.SOFT


def test_after_the_operators_allow_only_new_words_count(store: Store) -> None:
    sent(store, 0, READERS)
    sent(store, 1, READERS)
    keep(store, event(1, EventKind.COMPLAINT), event(2, HARD))
    for number in (1, 2):
        store.readers.allow(reader(number).address, Origin(how="operator"), now=FIRST + DAY)
    keep(store, *(event(number, kind) for number in (1, 2) for kind in (SOFT, DELIVERED, HARD)))
    assert [ground(store, number) for number in (1, 2)] == [None, None]
    keep(store, event(1, EventKind.COMPLAINT, 1))
    assert ground(store, 1) is Ground.COMPLAINED


# --- a server that refuses everybody


def test_when_most_bounce_nobody_is_suppressed_until_the_operator_says_so(store: Store) -> None:
    listed(store, 30)
    sent(store, 0, range(1, 31))
    told = [event(number, HARD) for number in range(1, 17)]
    assert keep(store, *told[:15]).suppressed == 15
    assert keep(store, *told[15:]).lifted == 15
    assert {ground(store, number) for number in range(1, 31)} == {None}
    assert store.mail_events.figures(issue(0)).doubted
    believed = store.mail_events.believe(issue(0), RULES, PROVIDER, now=LATER)
    assert believed.suppressed == 16
    assert not store.mail_events.figures(issue(0)).doubted
    assert keep(store, event(20, HARD)).suppressed == 1


def test_a_doubt_ends_when_more_letters_are_taken(store: Store) -> None:
    listed(store, 60)
    sent(store, 0, range(1, 31))
    keep(store, *(event(number, HARD) for number in range(1, 21)))
    assert ground(store, 1) is None
    with store.mail_events._database.writing() as connection:
        connection.exec_driver_sql("UPDATE issue SET accepted = 60")
    assert keep(store, event(1, EventKind.COMPLAINT)).suppressed == 20
    assert not store.mail_events.figures(issue(0)).doubted


# --- the ledger


@pytest.mark.parametrize(
    ("state", "told", "becomes"),
    [
        ("unknown", [EventKind.PROCESSED], "accepted"),
        ("unknown", [HARD], "accepted"),
        ("unknown", [EventKind.DROPPED], "refused"),
        ("unknown", [EventKind.DROPPED, DELIVERED], "accepted"),
        ("owed", [DELIVERED], "accepted"),
        ("owed", [EventKind.DROPPED], "owed"),
        ("accepted", [EventKind.DROPPED], "accepted"),
        ("refused", [DELIVERED], "refused"),
        ("left_out", [DELIVERED], "left_out"),
    ],
)
def test_letters_in_doubt_are_settled(store: Store, state: str, told: list[EventKind], becomes: str) -> None:
    sent(store, 0, READERS, state)
    settled = keep(store, *(event(3, kind) for kind in told)).settled
    changed = {state: 7, becomes: 1} if state != becomes else {state: 8}
    assert counts(store, issue(0)) == in_the_rows(store, issue(0)) == changed
    assert settled == ({(issue(0), LetterState(becomes)): 1} if state != becomes else {})


def test_a_drop_is_taken_back_by_what_shows_that_it_was_none(store: Store) -> None:
    sent(store, 0, READERS, "unknown")
    keep(store, event(3, EventKind.DROPPED, words="dropped: Bounced Address"))
    assert counts(store, issue(0)) == {"unknown": 7, "refused": 1}
    keep(store, event(3, EventKind.PROCESSED))
    assert counts(store, issue(0)) == in_the_rows(store, issue(0)) == {"unknown": 7, "accepted": 1}


def test_an_event_of_another_letter_to_the_same_reader_settles_nothing(store: Store) -> None:
    sent(store, 0, READERS, "unknown")
    assert keep(store, event(3, DELIVERED, letter="a test copy's")).settled == {}
    assert keep(store, event(3, HARD, letter="")).settled == {(issue(0), LetterState.ACCEPTED): 1}


def test_a_letter_that_was_never_tried_or_is_to_be_sent_again_is_not_settled_by_old_news(store: Store) -> None:
    sent(store, 0, READERS, "owed", attempts=0)
    sent(store, 1, READERS, "owed", words=BY_HAND)
    assert keep(store, event(3, DELIVERED), event(3, EventKind.PROCESSED, 1)).settled == {}
    assert keep(store, event(3, DELIVERED, 1)).settled == {(issue(1), LetterState.ACCEPTED): 1}


def test_the_last_doubt_that_is_settled_makes_the_issue_sent(store: Store) -> None:
    sent(store, 0, [1, 2], "unknown")
    keep(store, event(1, DELIVERED))
    assert look(store, "SELECT state FROM issue") == [("sending",)]
    keep(store, event(2, EventKind.DROPPED))
    assert look(store, "SELECT state FROM issue") == [("sent",)]


@pytest.mark.parametrize(("kind", "state"), [(DELIVERED, "accepted"), (EventKind.DROPPED, "refused")])
def test_a_letter_of_which_was_told_before_it_became_unknown(store: Store, kind: EventKind, state: str) -> None:
    planned(store, 8)
    taken = claim(store, sender(store))
    keep(store, event(3, kind, issue=ISSUE, at=NOW), event(4, DELIVERED, issue=ISSUE, at=NOW - DAY))
    settle(store, taken, LetterState.UNKNOWN)
    assert counts(store) == in_the_rows(store) == {"unknown": 7, state: 1}


# --- figures


def test_what_came_back_of_an_issue_is_counted_by_readers(store: Store) -> None:
    sent(store, 0, READERS)
    sent(store, 1, READERS)
    opened = [event(5, EventKind.OPEN, is_machine=machine) for machine in (True, False)]
    clicks = [event(number, EventKind.CLICK, url=url) for number, url in ((1, "a"), (2, "a"), (2, "b"))]
    keep(
        store,
        *(event(number, DELIVERED) for number in range(1, 7)),
        event(7, HARD),
        event(7, SOFT),
        event(8, SOFT),
        event(8, EventKind.DROPPED),
        event(1, EventKind.COMPLAINT),
        event(1, EventKind.COMPLAINT, at=LATER - DAY),
        event(2, EventKind.UNSUBSCRIBE),
        event(2, EventKind.COMPLAINT, 1),
        *opened,
        event(6, EventKind.OPEN, is_machine=True),
        *clicks,
        rules=TRACKED,
    )
    assert store.mail_events.figures(issue(0)) == Figures(
        issue=issue(0),
        letters=8,
        delivered=6,
        bounced=2,
        gone=1,
        dropped=1,
        complaints=1,
        unsubscribed=1,
        opens=1,
        machine_opens=1,
        clicks={"a": 2, "b": 1},
    )
    assert list(store.mail_events.figures(issue(0)).clicks) == ["a", "b"]
    assert store.mail_events.figures("2020-01-01") == Figures(issue="2020-01-01")
