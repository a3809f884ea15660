"""Who must not be written to any more, by what came back of their letters."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.audience.bounces import mass_refusal, ruling, suppression_reason
from digest.model.feedback import History, Ruling
from digest.model.readers import EventKind, Ground, MailEvent

AT = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
DAY = timedelta(days=1)
WEEK = 7 * DAY
HARD, SOFT, DELIVERED = EventKind.HARD_BOUNCE, EventKind.SOFT_BOUNCE, EventKind.DELIVERED


def issue(week: int) -> str:
    return f"{AT.date() + week * WEEK}"


def event(kind: EventKind, week: int = 0, **fields: Any) -> MailEvent:
    at = AT + week * WEEK
    return MailEvent(**{"kind": kind, "at": at, "identity": b"", "issue": issue(week), **fields})


def history(*events: MailEvent, **fields: Any) -> History:
    issues = sorted({each.issue for each in events if each.issue})
    return History(events=events, **{"issues": tuple(issues), **fields})


def ground(*events: MailEvent, **fields: Any) -> Ground | None:
    found = ruling(history(*events, **fields))
    return found.ground if found else None


# --- at once


@pytest.mark.parametrize(
    ("kind", "laid"),
    [
        (HARD, Ground.BOUNCED),
        (EventKind.COMPLAINT, Ground.COMPLAINED),
        (EventKind.UNSUBSCRIBE, Ground.UNSUBSCRIBED),
        (EventKind.DROPPED_UNSUBSCRIBED, Ground.UNSUBSCRIBED),
        (EventKind.DROPPED_COMPLAINED, Ground.COMPLAINED),
        (SOFT, None),
        (DELIVERED, None),
        (EventKind.DEFERRED, None),
        (EventKind.DROPPED, None),
        (EventKind.PROCESSED, None),
        (EventKind.OPEN, None),
        (EventKind.CLICK, None),
    ],
)
def test_the_table(kind: EventKind, laid: Ground | None) -> None:
    assert ground(event(kind)) is laid
    assert ground(event(kind, issue="")) is laid


def test_the_strongest_counts_and_of_equal_ones_the_first() -> None:
    told = (event(HARD, 0), event(HARD, 1, words="again"), event(EventKind.COMPLAINT, 3), event(EventKind.COMPLAINT, 2))
    assert ruling(history(*told)) == Ruling(ground=Ground.COMPLAINED, at=AT + 2 * WEEK, reason="complained")
    assert ruling(history(*told[:2])) == Ruling(ground=Ground.BOUNCED, at=AT, reason="bounced")


def test_a_yes_takes_older_noes_back_but_no_complaint() -> None:
    for kind in (HARD, EventKind.UNSUBSCRIBE):
        assert ground(event(kind), yes_at=AT + DAY) is None
        assert ground(event(kind), event(kind, 1), yes_at=AT + DAY) is not None
        assert ground(event(kind, 1), yes_at=AT + DAY) is not None
    assert ground(event(EventKind.COMPLAINT), yes_at=AT + DAY) is Ground.COMPLAINED
    assert ground(event(EventKind.COMPLAINT), yes_at=AT + DAY, allowed_at=AT + DAY) is None


def test_what_the_provider_was_told_before_counts_unless_a_yes_came_since() -> None:
    dropped = event(EventKind.DROPPED_UNSUBSCRIBED, 9)
    assert ruling(history(dropped)) == Ruling(ground=Ground.UNSUBSCRIBED, at=AT + 9 * WEEK, reason="unsubscribed")
    assert ground(dropped, yes_at=AT) is None


def test_hard_bounces_of_an_issue_in_doubt_say_nothing_of_readers() -> None:
    doubted = frozenset({issue(0)})
    assert ground(event(HARD), doubted=doubted) is None
    assert ground(event(HARD), event(HARD, 1), doubted=doubted) is Ground.BOUNCED
    assert ground(event(EventKind.COMPLAINT), doubted=doubted) is Ground.COMPLAINED


# --- out of reach


def test_five_issues_in_a_row_over_thirty_days() -> None:
    five, six = ([event(SOFT, week) for week in range(number)] for number in (5, 6))
    assert ground(*five) is None
    found = ruling(history(*six[:-1], replace(six[-1], words="552 5.2.2 full")))
    assert found == Ruling(ground=Ground.SOFT, at=AT + 5 * WEEK, reason="could not be reached: 552 5.2.2 full")
    monthly = [event(SOFT, 4 * month) for month in range(5)]
    assert ground(*monthly[:4]) is None
    assert ground(*monthly) is Ground.SOFT
    slow = [event(SOFT, week, at=AT + week * WEEK + (2 * DAY if week else 0 * DAY)) for week in range(5)]
    assert ground(*slow) is Ground.SOFT


@pytest.mark.parametrize("week", range(7))
def test_a_letter_that_got_through_ends_the_row(week: int) -> None:
    told = [event(SOFT, each) for each in range(6)]
    assert ground(*told) is Ground.SOFT
    assert ground(*told, event(DELIVERED, week)) is None


def test_a_row_may_begin_after_a_letter_that_got_through() -> None:
    assert ground(event(DELIVERED, 0), *(event(SOFT, week) for week in range(1, 7))) is Ground.SOFT


def test_a_letter_of_which_nothing_is_known_got_through() -> None:
    told = [event(SOFT, week) for week in (0, 1, 2, 4, 5, 6)]
    assert ground(*told) is Ground.SOFT
    assert ground(*told, issues=tuple(map(issue, range(7)))) is None


def test_a_letter_that_the_provider_dropped_is_left_aside() -> None:
    told = [event(SOFT, week) for week in (0, 1, 2, 4, 5)]
    assert ground(*told, event(EventKind.DROPPED, 3)) is Ground.SOFT
    assert ground(*told, event(HARD, 3), doubted=frozenset({issue(3)})) is Ground.SOFT


def test_two_bounces_of_one_letter_are_one_and_letters_count_from_the_last_yes() -> None:
    twice = [event(SOFT, week, at=AT + week * WEEK + late * DAY) for week in range(4) for late in (0, 3)]
    assert ground(*twice) is None
    seven = [event(SOFT, week) for week in range(7)]
    assert ground(*seven, yes_at=AT) is Ground.SOFT
    assert ground(*seven, yes_at=AT + 1 * WEEK + DAY) is None


def test_bounces_without_an_issue_are_in_no_row() -> None:
    assert ground(*(event(SOFT, week, issue="") for week in range(9))) is None


@given(st.data())
def test_the_order_of_events_does_not_matter(data: st.DataObject) -> None:
    kinds = st.sampled_from([HARD, SOFT, SOFT, SOFT, DELIVERED, EventKind.COMPLAINT, EventKind.UNSUBSCRIBE])
    told = data.draw(st.lists(st.builds(event, kinds, st.integers(0, 8)), max_size=12))
    other = data.draw(st.permutations(told))
    assert ruling(history(*told)) == ruling(history(*other, *other))


# --- words, and servers


@pytest.mark.parametrize(
    ("no_mailbox", "words", "reason"),
    [
        (True, "550 5.1.1 no such user", "bounced: 550 5.1.1 no such user"),
        (True, "two\r\n lines\tand\x1b[2J more", "bounced: two lines and [2J more"),
        (True, "", "bounced"),
        (True, " \n", "bounced"),
        (False, "550 5.7.1 looks like spam", None),
        (False, "550 5.1.1 no such user", None),
    ],
)
def test_only_a_missing_mailbox_is_a_bounce(no_mailbox: bool, words: str, reason: str | None) -> None:
    assert suppression_reason(no_mailbox, words) == reason


@given(st.text())
def test_the_words_are_cut_to_one_short_line(words: str) -> None:
    reason = suppression_reason(True, words)
    assert reason is not None
    assert reason.isprintable()
    assert len(reason) <= len("bounced: ") + 200


@pytest.mark.parametrize(
    ("accepted", "refused", "broken"),
    [
        (0, 0, False),
        (0, 19, False),
        (0, 20, True),
        (10, 10, False),
        (9, 11, True),
        (8, 11, False),
        (1000, 999, False),
        (1000, 1001, True),
    ],
)
def test_when_most_are_refused_the_server_is_broken(accepted: int, refused: int, broken: bool) -> None:
    assert mass_refusal(accepted, refused) is broken
