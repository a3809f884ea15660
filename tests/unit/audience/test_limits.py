from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from digest.audience.limits import Limit, counters, held_for, is_flood, network_of, until_next_hour
from digest.reader_settings import SignUpSettings

NOW = datetime(2026, 11, 25, 9, 41, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.250", True),
        ("203.0.113.7", "203.0.112.7", False),
        ("::ffff:203.0.113.7", "203.0.113.8", True),
        ("2001:db8:1:2:3::4", "2001:db8:1:2:ffff::1", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("testclient", "", True),
    ],
)
def test_neighbours_are_one_network(one: str, other: str, same: bool) -> None:
    assert (network_of(one) == network_of(other)) is same


def buckets(address: str = "ana@reader.example", visitor: str = "203.0.113.7", key: str = "k") -> dict[Limit, str]:
    found = counters(SignUpSettings(), address, visitor, key=key, is_foreign=True, now=NOW)
    return {counter.limit: counter.bucket for counter in found}


def test_each_limit_counts_apart_and_names_nobody() -> None:
    mine, again = buckets(), buckets("ANA@reader.example", "203.0.113.9")
    assert mine == again
    assert len(set(mine.values())) == len(Limit)
    assert all(re.fullmatch("[0-9a-f]{32}", bucket) for bucket in mine.values())
    assert set(buckets(key="another").values()).isdisjoint(mine.values())
    assert {limit for limit in Limit if buckets("ben@reader.example")[limit] != mine[limit]} == {Limit.ADDRESS}


def test_a_form_without_a_token_is_taken_less_often() -> None:
    settings = SignUpSettings(per_network=20)
    ours = counters(settings, "ana@reader.example", "203.0.113.7", key="k", is_foreign=False, now=NOW)
    foreign = counters(settings, "ana@reader.example", "203.0.113.7", key="k", is_foreign=True, now=NOW)
    assert Limit.FOREIGN_FORM not in {counter.limit for counter in ours}
    assert next(counter.most for counter in foreign if counter.limit is Limit.FOREIGN_FORM) == 5


def test_hours_and_days_open_where_they_begin() -> None:
    opened = {
        c.limit: c.opens for c in counters(SignUpSettings(), "a@b.example", "", key="k", is_foreign=False, now=NOW)
    }
    assert opened[Limit.NETWORK] == NOW.replace(minute=0, second=0)
    assert opened[Limit.ADDRESS] == opened[Limit.DAY] == NOW.replace(hour=0, minute=0, second=0)
    later = counters(SignUpSettings(), "a@b.example", "", key="k", is_foreign=False, now=NOW + timedelta(minutes=19))
    assert next(c.opens for c in later if c.limit is Limit.HOUR) == NOW.replace(hour=10, minute=0, second=0)


def test_letters_wait_longer_the_more_a_network_asks_for() -> None:
    waits = [held_for(attempts) for attempts in range(1, 21)]
    assert waits == sorted(set(waits))
    assert timedelta(0) < waits[0] < timedelta(seconds=5)
    assert waits[-1] <= timedelta(minutes=1)


def test_a_few_too_many_are_no_flood() -> None:
    assert not is_flood(SignUpSettings(per_network=20), 39)
    assert is_flood(SignUpSettings(per_network=20), 40)


def test_the_next_hour_is_never_now() -> None:
    assert until_next_hour(NOW) == timedelta(minutes=18, seconds=53)
    assert until_next_hour(NOW.replace(minute=0, second=0)) == timedelta(hours=1)
