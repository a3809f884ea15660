"""How fast letters may leave: as a table, and over runs of claims at any instants."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.deliver.pacing import allow, raised, rate_in_force, slowed
from digest.model import Allowance, Usage
from digest.settings import Limits

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def allowed(limits: Limits, usage: Usage | None = None, wanted: int = 1000, now: datetime = NOON) -> Allowance:
    return allow(limits, usage or Usage(), wanted, now=now, timezone=NEW_YORK)


def test_without_limits_all_that_is_wanted_may_leave_at_once() -> None:
    assert allowed(Limits()) == Allowance(letters=1000)
    assert allowed(Limits(), wanted=0).letters == 0


@pytest.mark.parametrize(
    ("limits", "usage", "letters", "why"),
    [
        (Limits(per_hour=500), Usage(), 500, ""),
        (Limits(per_hour=500), Usage(last_hour=499), 1, ""),
        (Limits(per_hour=500), Usage(last_hour=500), 0, "delivery.per_hour = 500 is used up"),
        (Limits(per_hour=500), Usage(last_hour=9000), 0, "delivery.per_hour = 500 is used up"),
        (Limits(per_hour=500), Usage(last_hour=-3), 500, ""),
        (Limits(per_day=700), Usage(last_hour=9, last_day=100), 600, ""),
        (Limits(per_day=700), Usage(last_day=700), 0, "delivery.per_day = 700 is used up"),
        (Limits(per_hour=500, per_day=700), Usage(last_hour=100, last_day=600), 100, ""),
        (Limits(per_hour=50, per_day=70), Usage(last_hour=50, last_day=70), 0, "delivery.per_day = 70 is used up"),
        (Limits(per_hour=50, per_day=70), Usage(last_hour=50, last_day=60), 0, "delivery.per_hour = 50 is used up"),
        (Limits(warm_up=(50, 100)), Usage(), 50, ""),
        (
            Limits(warm_up=(50, 100)),
            Usage(last_day=50, began=NOON),
            0,
            "the 50 letters of day 1 in delivery.warm_up are used up",
        ),
        (Limits(warm_up=(50, 100)), Usage(last_day=50, began=NOON - DAY), 50, ""),
        (
            Limits(warm_up=(50, 100)),
            Usage(last_day=100, began=NOON - DAY),
            0,
            "the 100 letters of day 2 in delivery.warm_up are used up",
        ),
        (Limits(warm_up=(50, 100)), Usage(last_day=100, began=NOON - 2 * DAY), 1000, ""),
        (Limits(warm_up=(50, 100), per_day=30), Usage(last_day=10, began=NOON), 20, ""),
        (Limits(warm_up=(50, 100)), Usage(last_day=10, began=NOON + DAY), 40, ""),
    ],
)
def test_quotas(limits: Limits, usage: Usage, letters: int, why: str) -> None:
    answer = allowed(limits, usage)
    assert (answer.letters, answer.why) == (letters, why)
    assert answer.wait == (timedelta() if letters else MINUTE)


def test_a_day_of_the_warm_up_ends_at_midnight_of_the_publication() -> None:
    began = datetime(2026, 11, 20, 4, 30, tzinfo=UTC)  # 23:30 on the 19th in New York
    usage = Usage(began=began)
    assert allowed(Limits(warm_up=(5, 7)), usage, now=datetime(2026, 11, 20, 4, 59, tzinfo=UTC)).letters == 5
    assert allowed(Limits(warm_up=(5, 7)), usage, now=datetime(2026, 11, 20, 5, 0, tzinfo=UTC)).letters == 7
    assert allowed(Limits(warm_up=(5, 7)), usage, now=datetime(2026, 11, 21, 5, 0, tzinfo=UTC)).letters == 1000


def test_limits_of_domains_are_told_and_do_not_keep_others_back() -> None:
    limits = Limits(domains={"big.example": 100, "small.example": 10})
    answer = allowed(limits, Usage(domains={"big.example": 60, "small.example": 12, "other.example": 5}))
    assert answer.letters == 1000
    assert answer.domains == {"big.example": 40, "small.example": 0}


@pytest.mark.parametrize(
    ("rate", "pushed", "ahead", "letters", "starts_in", "wait"),
    [
        (20, 0, None, 20, 0, 0),
        (20, 0, -5, 20, 0, 0),
        (20, 0, 0.4, 20, 0.4, 0),
        (20, 0, 1, 20, 1, 0),
        (20, 0, 1.5, 0, 0, 0.5),
        (20, 0, 1.001, 0, 0, 0.01),
        (20, 5, None, 5, 0, 0),
        (5, 20, None, 5, 0, 0),
        (0, 5, None, 5, 0, 0),
        (2.5, 0, None, 2, 0, 0),
        (0.5, 0, None, 1, 0, 0),
        (0.5, 0, 2, 1, 2, 0),
        (0.5, 0, 3, 0, 0, 1),
        (0.01, 0, 190, 0, 0, 60),
        (20, 0, 9.5, 0, 0, 8.5),
        (20, 0, 10.5, 20, 1, 0),
        (20, 0, 3600, 20, 1, 0),
        (0.01, 0, 7200, 1, 100, 0),
    ],
)
def test_rates(rate: float, pushed: float, ahead: float | None, letters: int, starts_in: float, wait: float) -> None:
    free_at = None if ahead is None else NOON + timedelta(seconds=ahead)
    answer = allowed(Limits(per_second=rate), Usage(rate=pushed, free_at=free_at))
    assert (answer.letters, answer.starts_in.total_seconds(), answer.wait.total_seconds()) == (letters, starts_in, wait)
    assert answer.rate == min(each for each in (rate, pushed) if each)
    assert bool(answer.why) is not bool(letters)


def test_whoever_waits_for_a_rate_is_told_which() -> None:
    usage = Usage(free_at=NOON + 3 * SECOND)
    assert allowed(Limits(per_second=20), usage).why == "delivery.pace = 20 is in full use"
    words = "the provider asked us to slow down, to 2.5 letters a second for now"
    assert allowed(Limits(per_second=20), replace(usage, rate=2.5)).why == words
    assert allowed(Limits(), replace(usage, rate=2.5)).why == words


def test_after_a_claim_the_next_slot_is_where_the_last_letter_ends() -> None:
    answer = Allowance(letters=20, starts_in=SECOND, rate=20.0)
    assert answer.free_after(10, NOON) == NOON + 1.5 * SECOND
    assert answer.free_after(0, NOON) == NOON + SECOND
    assert Allowance(letters=20).free_after(20, NOON) == NOON


def test_a_clock_set_back_by_an_hour_does_not_stop_the_letters() -> None:
    """Claims go on, in turn and at the rate, though the store says that the way is not free for another hour."""
    limits, usage, now, claimed = Limits(per_second=10), Usage(free_at=NOON + HOUR), NOON, 0
    for _ in range(20):
        answer = allowed(limits, usage, now=now)
        claimed += answer.letters
        usage = replace(usage, free_at=answer.free_after(answer.letters, now)) if answer.letters else usage
        now += max(answer.wait, SECOND)
    assert 100 <= claimed <= 10 * ((now - NOON).total_seconds() + 2)


@dataclass
class Newsroom:
    """What the store would know, and when every letter left."""

    limits: Limits
    usage: Usage = field(default_factory=Usage)
    claims: list[tuple[datetime, int]] = field(default_factory=list)
    left: list[datetime] = field(default_factory=list)

    def claim(self, wanted: int, now: datetime) -> Allowance:
        usage = replace(self.usage, last_hour=self.claimed(now, HOUR), last_day=self.claimed(now, DAY))
        answer = allow(self.limits, usage, wanted, now=now, timezone=UTC)
        if answer.letters:
            self.claims.append((now, answer.letters))
            free_at = answer.free_after(answer.letters, now)
            self.usage = replace(self.usage, free_at=free_at, began=self.usage.began or now)
            self.left += [_leaves(answer, at, now) for at in range(answer.letters)]
        return answer

    def claimed(self, now: datetime, over: timedelta) -> int:
        return sum(letters for at, letters in self.claims if now - over < at <= now)


def _leaves(answer: Allowance, at: int, now: datetime) -> datetime:
    return now + answer.starts_in + (timedelta(seconds=at / answer.rate) if answer.rate else timedelta())


waits = st.lists(st.tuples(st.floats(min_value=0, max_value=900), st.integers(1, 300)), max_size=60)


@given(
    waits, st.integers(1, 200), st.integers(1, 500), st.lists(st.integers(1, 300), max_size=3), st.integers(0, 10**9)
)
def test_no_quota_is_ever_passed(
    run: list[tuple[float, int]], per_hour: int, per_day: int, warm_up: list[int], start: int
) -> None:
    """Senders come at any instants, and a restart is a sender that comes. Only what the store knows is remembered."""
    room = Newsroom(Limits(per_hour=per_hour, per_day=per_day, warm_up=tuple(warm_up)))
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(milliseconds=start)
    for wait, wanted in run:
        now += timedelta(seconds=wait)
        room.claim(wanted, now)
    for at, _ in room.claims:
        assert room.claimed(at, HOUR) <= per_hour
        assert room.claimed(at, DAY) <= per_day
        day = (at.date() - room.claims[0][0].date()).days
        assert day >= len(warm_up) or room.claimed(at, DAY) <= warm_up[day]


@given(
    st.lists(st.tuples(st.floats(min_value=0, max_value=4), st.integers(1, 300)), min_size=1, max_size=60),
    st.one_of(st.floats(0.05, 0.95), st.floats(1, 500)),
)
def test_no_rate_is_ever_passed(run: list[tuple[float, int]], rate: float) -> None:
    """Over any stretch from one letter to a later one there are no more letters than the rate makes of it, and one."""
    room, now = Newsroom(Limits(per_second=rate)), NOON
    for wait, wanted in run:
        now += timedelta(seconds=wait)
        room.claim(wanted, now)
    times = sorted((at - NOON).total_seconds() for at in room.left)
    slot = 1 / rate
    assert all(later - earlier >= slot - 1e-5 for earlier, later in pairwise(times))


@settings(max_examples=30)
@given(st.floats(0.3, 200), st.integers(1, 16))
def test_a_rate_is_used_to_the_full(rate: float, lines: int) -> None:
    """Lines that come back when they are told to get, all together, what the rate makes of a minute."""
    room = Newsroom(Limits(per_second=rate))
    due = dict.fromkeys(range(lines), NOON)
    while (now := min(due.values())) < NOON + MINUTE:
        line = min(due, key=lambda each: due[each])
        answer = room.claim(1000, now)
        due[line] = answer.free_after(answer.letters, now) if answer.letters else now + answer.wait
    gone = sum(at < NOON + MINUTE for at in room.left)
    assert 60 * rate * 0.95 - 2 <= gone <= 60 * rate + 1


@pytest.mark.parametrize(
    ("per_second", "rate", "recent", "expected"),
    [
        (0, 0, 0, 1),
        (20, 0, 0, 10),
        (20, 0, 8, 4),
        (20, 0, 300, 10),
        (20, 5, 8, 2.5),
        (0, 0, 1500, 750),
        (0, 0.3, 0, 0.2),
        (0, 0.2, 0.2, 0.2),
        (0.1, 0, 0.1, 0.1),
    ],
)
def test_push_back_halves_the_rate(per_second: float, rate: float, recent: float, expected: float) -> None:
    usage = Usage(rate=rate, rate_since=NOON - MINUTE if rate else None)
    assert slowed(Limits(per_second=per_second), usage, recent, now=NOON) == expected


def test_push_back_on_many_lines_at_once_counts_once() -> None:
    usage = Usage(rate=8.0, rate_since=NOON)
    assert slowed(Limits(), usage, 8.0, now=NOON + 9 * SECOND) == 8
    assert slowed(Limits(), usage, 8.0, now=NOON + 10 * SECOND) == 4
    assert slowed(Limits(), usage, 8.0, now=NOON - HOUR) == 4


@pytest.mark.parametrize(
    ("per_second", "rate", "quiet", "expected"),
    [
        (20, 0, 10 * HOUR, 0),
        (20, 8, 59 * SECOND, 8),
        (20, 8, MINUTE, 10),
        (20, 8, 2 * MINUTE, 12.5),
        (20, 16, MINUTE, 0),
        (20, 8, 5 * MINUTE, 0),
        (0, 8, 5 * MINUTE, 8 * 1.25**5),
        (0, 8000, 0 * MINUTE, 8000),
        (0, 8000, MINUTE, 0),
        (0, 0.2, 400 * DAY, 0),
        (20, 8, -HOUR, 10),
        (20, 8, -SECOND, 8),
    ],
)
def test_without_push_back_the_rate_comes_back(
    per_second: float, rate: float, quiet: timedelta, expected: float
) -> None:
    usage = Usage(rate=rate, rate_since=NOON - quiet)
    assert raised(Limits(per_second=per_second), usage, now=NOON) == pytest.approx(expected)


@given(st.one_of(st.just(0.0), st.floats(0.05, 5000)), st.floats(0, 5000), st.integers(1, 40))
def test_a_lowered_rate_comes_back_within_the_hour(per_second: float, recent: float, push_backs: int) -> None:
    limits, usage, now = Limits(per_second=per_second), Usage(), NOON
    for _ in range(push_backs):
        now += 11 * SECOND
        before = rate_in_force(limits, usage)
        usage = replace(usage, rate=slowed(limits, usage, recent, now=now), rate_since=now)
        assert usage.rate <= before or not before or before <= 0.2
    minutes = 0
    while usage.rate:
        now, minutes = now + MINUTE, minutes + 1
        rate = raised(limits, usage, now=now)
        assert rate == 0 or rate > usage.rate
        usage = replace(usage, rate=rate, rate_since=now)
    assert minutes <= 60
    assert rate_in_force(limits, usage) == per_second
