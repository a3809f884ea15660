"""Links of letters: whose they are can be told again, and nobody else can make one."""

from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.deliver.links import PREFERENCES, UNSUBSCRIBE, LinkKeys, key_of, number_in, token_of

WORDS = st.text(min_size=1, max_size=200, alphabet=st.characters(blacklist_categories=["Cs"]))
NUMBERS = st.integers(min_value=1, max_value=2**40 - 1)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def keyed(secret: str, size: int, person: bytes, words: bytes) -> bytes:
    """Keyed BLAKE2b (RFC 7693, section 2.9), written out."""
    key = hashlib.blake2b(secret.encode(), digest_size=32, person=b"digest secret").digest()
    return hashlib.blake2b(words, key=key, digest_size=size, person=person).digest()


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


@given(WORDS, NUMBERS, st.emails())
def test_a_token_is_the_number_and_half_of_a_keyed_hash(secret: str, number: int, address: str) -> None:
    who = number.to_bytes(5, "big")
    digest = keyed(secret, 22, b"numbered links", who + address.lower().encode())
    pair = key_of(secret).pair(number, address)
    assert pair == (base64url(who + digest[:11]), base64url(who + digest[11:]))
    assert all(len(token) == 22 and number_in(token) == number for token in pair)


@given(WORDS, st.emails())
def test_tokens_of_earlier_versions_are_made_as_they_were(secret: str, address: str) -> None:
    digest = keyed(secret, 32, b"reader links", address.encode())
    assert key_of(secret).old_pair(address) == (base64url(digest[:16]), base64url(digest[16:]))


@given(NUMBERS, st.emails(), st.integers(0, 21), st.sampled_from(ALPHABET))
def test_an_altered_token_is_not_believed(number: int, address: str, place: int, letter: str) -> None:
    keys = LinkKeys(["newest", "older"])
    token = key_of("older").pair(number, address)[0]
    altered = token[:place] + letter + token[place + 1 :]
    assert keys.believe(token, UNSUBSCRIBE, number, address)
    claimed = number_in(altered)
    believed = claimed is not None and keys.believe(altered, UNSUBSCRIBE, claimed, address)
    assert believed == (altered == token)


@pytest.mark.parametrize(
    ("purpose", "number", "address", "believed"),
    [
        (UNSUBSCRIBE, 7, "ana@example.com", True),
        (UNSUBSCRIBE, 7, "Ana@Example.com", True),
        (PREFERENCES, 7, "ana@example.com", False),
        (UNSUBSCRIBE, 8, "ana@example.com", False),
        (UNSUBSCRIBE, 7, "eve@example.com", False),
    ],
)
def test_a_token_is_good_for_one_purpose_and_one_reader(
    purpose: str, number: int, address: str, believed: bool
) -> None:
    token = key_of("a key").pair(7, "ana@example.com")[0]
    assert LinkKeys(["a key"]).believe(token, purpose, number, address) is believed


def test_a_dropped_key_is_not_believed() -> None:
    token, old = key_of("dropped").pair(7, "ana@example.com")[0], key_of("dropped").old_pair("ana@example.com")[0]
    for keys, believed in ((LinkKeys(["new", "dropped"]), True), (LinkKeys(["new"]), False)):
        assert keys.believe(token, UNSUBSCRIBE, 7, "ana@example.com") is believed
        assert keys.believe_old(old, UNSUBSCRIBE, "ana@example.com") is believed


@given(st.text(max_size=40))
def test_what_is_no_token_claims_nobody(text: str) -> None:
    number = number_in(text)
    assert number is None or len(text) == 22


def test_a_last_character_with_bits_that_nobody_reads_is_refused() -> None:
    assert number_in("A" * 22) == 0
    assert number_in("A" * 21 + "B") is None


@pytest.mark.parametrize("behind", ["", "/", "?language=es", "#top", "/?a=b/c"])
def test_the_token_is_found_in_a_link(behind: str) -> None:
    assert token_of(f"https://docket.example/letters/u/abc{behind}") == "abc"
