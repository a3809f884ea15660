"""For what a row of a list says no."""

from __future__ import annotations

import pytest

from digest.audience import words
from digest.audience.export import STATUS_OF
from digest.audience.refusals import ground_of
from digest.model.readers import Ground


@pytest.mark.parametrize(
    ("column", "said", "ground"),
    [
        ("Status", "unsubscribed", Ground.UNSUBSCRIBED),
        ("Status", "Cleaned", Ground.BOUNCED),
        ("Member Status", "hard-bounced", Ground.BOUNCED),
        ("status", "complained", Ground.COMPLAINED),
        ("status", "Spam complaint", Ground.COMPLAINED),
        ("status", "blocklisted", Ground.BY_HAND),
        ("status", "archived", Ground.UNSUBSCRIBED),
        ("Unsubscribed At", "2024-05-01 12:00", Ground.UNSUBSCRIBED),
        ("bounced", "yes", Ground.BOUNCED),
        ("Marked as spam", "1", Ground.COMPLAINED),
        ("email_disabled", "true", Ground.UNSUBSCRIBED),
        ("accepts_marketing", "no", Ground.UNSUBSCRIBED),
    ],
)
def test_a_no_has_its_ground(column: str, said: str, ground: Ground) -> None:
    assert ground_of(column, said) == ground


@pytest.mark.parametrize("said", ["pending", "Unconfirmed", "non-subscribed", "not subscribed", "transactional"])
def test_who_never_confirmed_has_said_neither(said: str) -> None:
    assert ground_of("status", said) == ""


@pytest.mark.parametrize("ground", [one for one in Ground if one is not Ground.FORGOTTEN])
def test_what_an_export_says_is_understood_again(ground: Ground) -> None:
    assert words.plain(STATUS_OF[ground]) in words.REFUSING_STATUS
    assert ground_of("status", STATUS_OF[ground]) == ground
