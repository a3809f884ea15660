"""The rules of who outlives whom, as tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from digest.model import consent
from digest.model.readers import Ground

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BEFORE, AFTER = NOON - HOUR, NOON + HOUR


@pytest.mark.parametrize(
    ("ground", "at", "yes_at", "allowed_at", "holds"),
    [
        (Ground.UNSUBSCRIBED, NOON, None, None, True),
        (Ground.UNSUBSCRIBED, NOON, AFTER, None, False),
        (Ground.UNSUBSCRIBED, NOON, BEFORE, None, True),
        (Ground.UNSUBSCRIBED, NOON, NOON, None, True),  # in doubt a no is a no
        (Ground.BOUNCED, NOON, AFTER, None, False),
        (Ground.BOUNCED, NOON, AFTER, AFTER, False),
        (Ground.COMPLAINED, NOON, AFTER, None, True),
        (Ground.COMPLAINED, NOON, AFTER, AFTER, False),
        (Ground.COMPLAINED, NOON, AFTER, BEFORE, True),
        (Ground.BY_HAND, NOON, AFTER, None, True),
        (Ground.BY_HAND, NOON, AFTER, AFTER, False),
    ],
)
def test_a_no_holds_until_a_yes_that_can_lift_it(
    ground: Ground, at: datetime, yes_at: datetime | None, allowed_at: datetime | None, *, holds: bool
) -> None:
    assert consent.counts(ground, at, yes_at=yes_at, allowed_at=allowed_at) is holds


def test_what_is_harder_to_take_back_takes_the_place_of_the_weaker() -> None:
    order = [
        Ground.SOFT, Ground.BOUNCED, Ground.UNSUBSCRIBED, Ground.FORGOTTEN, Ground.BY_HAND, Ground.COMPLAINED,
    ]  # fmt: skip
    for place, ground in enumerate(order):
        assert consent.is_stronger(ground, None)
        assert not any(consent.is_stronger(ground, stronger) for stronger in order[place:])
        assert all(consent.is_stronger(ground, weaker) for weaker in order[:place])


def test_only_the_operator_takes_back_what_the_operator_said_or_a_complaint() -> None:
    kept = {ground for ground in Ground if not consent.is_lifted_by_reader(ground)}
    assert kept == {Ground.BY_HAND, Ground.COMPLAINED}
    assert {consent.after_forgetting(ground) for ground in Ground} == kept | {Ground.FORGOTTEN}
    assert consent.after_forgetting(None) is Ground.FORGOTTEN


def test_every_ground_has_its_word_in_the_record() -> None:
    assert set(consent.ACT_OF) == set(Ground)
