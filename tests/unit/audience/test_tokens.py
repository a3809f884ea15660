"""Signed tokens: for one purpose, for so long, under any key that is still believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.audience.tokens import BadToken, ExpiredToken, Purpose, Tokens

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
THREE_DAYS = timedelta(days=3)
TOKENS = Tokens(["new key", "old key"])
PAYLOADS = st.dictionaries(st.text(max_size=20), st.integers() | st.text(max_size=50), max_size=5)


@given(payload=PAYLOADS)
def test_what_was_made_is_read(payload: dict[str, object]) -> None:
    token = TOKENS.make(Purpose.CONFIRM, payload, now=NOW)
    assert TOKENS.read(Purpose.CONFIRM, token, lasts=THREE_DAYS, now=NOW + THREE_DAYS) == payload


def test_another_purpose_reads_nothing() -> None:
    token = TOKENS.make(Purpose.CONFIRM, {"key": 1}, now=NOW)
    with pytest.raises(BadToken):
        TOKENS.read(Purpose.DATA, token, lasts=THREE_DAYS, now=NOW)


def test_a_token_ends() -> None:
    token = TOKENS.make(Purpose.CONFIRM, {"key": 1}, now=NOW)
    with pytest.raises(ExpiredToken):
        TOKENS.read(Purpose.CONFIRM, token, lasts=THREE_DAYS, now=NOW + THREE_DAYS + timedelta(seconds=1))


def test_a_token_of_an_old_key_is_believed_until_the_key_goes() -> None:
    token = Tokens(["old key"]).make(Purpose.CONFIRM, {"key": 1}, now=NOW)
    assert TOKENS.read(Purpose.CONFIRM, token, lasts=THREE_DAYS, now=NOW) == {"key": 1}
    with pytest.raises(BadToken):
        Tokens(["new key"]).read(Purpose.CONFIRM, token, lasts=THREE_DAYS, now=NOW)


def test_the_newest_key_signs() -> None:
    token = TOKENS.make(Purpose.CONFIRM, {"key": 1}, now=NOW)
    assert Tokens(["new key"]).read(Purpose.CONFIRM, token, lasts=THREE_DAYS, now=NOW) == {"key": 1}


@given(at=st.integers(min_value=0), letter=st.sampled_from("abcXYZ019-_."))
def test_an_altered_token_does_nothing(at: int, letter: str) -> None:
    token = TOKENS.make(Purpose.CONFIRM, {"key": 1}, now=NOW)
    at %= len(token)
    altered = token[:at] + letter + token[at + 1 :]
    if altered != token and at != len(token) - 1:  # the last letter has bits to spare
        with pytest.raises(BadToken):
            TOKENS.read(Purpose.CONFIRM, altered, lasts=THREE_DAYS, now=NOW)
    with pytest.raises(BadToken):
        TOKENS.read(Purpose.CONFIRM, token[: at or 1], lasts=THREE_DAYS, now=NOW)


@pytest.mark.parametrize("junk", ["", ".", "..", "a.b.c", "\x00", "é" * 100, "e30.AAAA.BBBB"])
def test_junk_does_nothing(junk: str) -> None:
    with pytest.raises(BadToken):
        TOKENS.read(Purpose.CONFIRM, junk, lasts=THREE_DAYS, now=NOW)


def test_the_last_letter_has_one_spelling() -> None:
    token = TOKENS.make(Purpose.CONFIRM, {"key": 1}, now=NOW)
    for letter in set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") - {token[-1]}:
        with pytest.raises(BadToken):
            TOKENS.read(Purpose.CONFIRM, token[:-1] + letter, lasts=THREE_DAYS, now=NOW)
