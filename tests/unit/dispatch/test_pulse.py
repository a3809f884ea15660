"""How a send is going."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from digest.dispatch.pulse import Pulse
from digest.model import IssueRecord, IssueState, LetterState, Progress
from tests.unit.record.newsroom import ISSUE, NOW, WEEK


class Beats:
    """A pulse on a clock that the test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.pulse = Pulse(lambda: self.seconds)

    def after(
        self, seconds: float, *, accepted: int, owed: int, claimed: int = 0, last_due: datetime | None = None
    ) -> Progress:
        self.seconds += seconds
        letters = {LetterState.ACCEPTED: accepted, LetterState.OWED: owed, LetterState.CLAIMED: claimed}
        record = IssueRecord(
            issue=ISSUE, number=1, state=IssueState.SENDING, window=WEEK, fingerprint="", letters=letters,
            hold="paused by hand", held_until=NOW + timedelta(seconds=5),
        )  # fmt: skip
        return self.pulse.beat(record, now=NOW + timedelta(seconds=self.seconds), last_due=last_due)


@pytest.fixture
def beats() -> Beats:
    return Beats()


def test_at_first_nothing_is_known(beats: Beats) -> None:
    first = beats.after(0, accepted=0, owed=100)
    assert (first.rate, first.ends, first.hold, first.held_until) == (
        0.0,
        None,
        "paused by hand",
        NOW + timedelta(seconds=5),
    )
    over = beats.after(5, accepted=0, owed=100)
    assert (over.hold, over.held_until) == ("", None)


def test_the_rate_tells_the_end(beats: Beats) -> None:
    beats.after(0, accepted=0, owed=100)
    going = beats.after(10, accepted=20, owed=70, claimed=10)
    assert (going.rate, going.ends) == (2.0, NOW + timedelta(seconds=10 + 40))


def test_only_the_last_half_minute_counts(beats: Beats) -> None:
    beats.after(0, accepted=0, owed=100)
    beats.after(10, accepted=50, owed=50)
    assert beats.after(29, accepted=50, owed=50).rate == 0.0
    assert beats.after(30, accepted=80, owed=20).rate == 1.0


def test_what_stands_still_has_no_end(beats: Beats) -> None:
    beats.after(0, accepted=10, owed=90)
    assert beats.after(20, accepted=10, owed=90).ends is None


def test_what_is_done_is_done(beats: Beats) -> None:
    assert beats.after(5, accepted=10, owed=0).ends == NOW + timedelta(seconds=5)


def test_letters_that_are_due_later_make_it_later(beats: Beats) -> None:
    beats.after(0, accepted=0, owed=100)
    late = NOW + timedelta(hours=5)
    assert beats.after(10, accepted=20, owed=80, last_due=late).ends == late


def test_letters_given_back_make_no_negative_rate_an_end(beats: Beats) -> None:
    beats.after(0, accepted=10, owed=90)
    assert beats.after(10, accepted=5, owed=95).ends is None
