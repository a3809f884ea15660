"""Which refusals keep an address from ever being written to again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.audience.bounces import mass_refusal, suppression_reason


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
