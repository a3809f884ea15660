"""Addresses with known verdicts: Dominic Sayers' is_email tests and those of the email-validator library."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from digest.audience.addresses import BadAddress, normalise

ADDRESSES = Path(__file__).resolve().parents[3].parent / "shared" / "corpora" / "addresses"
if not ADDRESSES.is_dir():
    pytest.skip("the corpora are not beside the repository", allow_module_level=True)

USABLE = {"ISEMAIL_VALID_CATEGORY", "ISEMAIL_DNSWARN"}
REFUSED_THOUGH_LEGAL = (
    "should have a period",  # a top-level domain takes no mail: ICANN forbids it
    "not within a valid top-level domain",  # none ends in a digit
    "not valid IDNA",  # looks like Punycode and decodes to nothing
    "Quoting the part before",  # no provider of mailboxes gives such an address out
    "display name",  # belongs to the list, which takes the name and the address apart
    "Internationalized characters before",  # needs SMTPUTF8, which not every provider has
)


def load(name: str) -> list[dict[str, Any]]:
    return list(json.loads((ADDRESSES / name).read_text(encoding="utf-8")))


IS_EMAIL = load("isemail.json") + load("isemail-original.json")
LIBRARY = load("email-validator.json")


def reason(address: str) -> str:
    """Why an address is refused; empty when it is taken."""
    try:
        normalise(address)
    except BadAddress as bad:
        return str(bad)
    return ""


@pytest.mark.parametrize("case", IS_EMAIL, ids=lambda case: ascii(case["address"]))
def test_what_is_never_an_address_is_never_taken(case: dict[str, Any]) -> None:
    if case["category"] == "ISEMAIL_ERR":
        assert reason(case["address"])
    if case["category"] in USABLE:
        why = reason(case["address"])
        assert not why or any(words in why for words in REFUSED_THOUGH_LEGAL), why


@pytest.mark.parametrize("case", LIBRARY, ids=lambda case: ascii(case["input"])[:60])
def test_the_library_is_followed(case: dict[str, Any]) -> None:
    if case["expect"] == "valid":
        why = reason(case["input"])
        assert not why or any(words in why for words in REFUSED_THOUGH_LEGAL), why
    elif case["expect"] == "unsafe-character":
        unsafe = case["input"]
        assert reason(f"{unsafe}ana@example.com")
        assert reason(f"ana@{unsafe}example.com")
    else:
        assert reason(case["input"])


@pytest.mark.parametrize("case", [one for one in LIBRARY if one["expect"] == "valid"], ids=lambda one: one["input"])
def test_what_is_taken_has_the_spelling_that_the_library_gives(case: dict[str, Any]) -> None:
    if not reason(case["input"]):
        assert normalise(case["input"]) == case["detail"]["ascii_email"].lower()
