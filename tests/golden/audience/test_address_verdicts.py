"""Addresses with known verdicts: Dominic Sayers' is_email tests and those of the email-validator library.

What we say of each kind, and why, stands in docs/addresses.md; these tests hold that page and the code together.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from digest.audience.addresses import BadAddress, normalise

REPOSITORY = Path(__file__).resolve().parents[3]
ADDRESSES = REPOSITORY.parent / "shared" / "corpora" / "addresses"
if not ADDRESSES.is_dir():
    pytest.skip("the corpora are not beside the repository", allow_module_level=True)

PAGE = (REPOSITORY / "docs" / "addresses.md").read_text(encoding="utf-8")
VERDICTS = dict(re.findall(r"^\| `(ISEMAIL_\w+)…?` \| ([^|]+) \|", PAGE, re.MULTILINE))
_HEAD, *REFUSED_ALL_THE_SAME = re.findall(r"^\| ([^|`]+) \| .+ \|$", PAGE.partition("## Refused all")[2], re.MULTILINE)


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


def verdict(diagnosis: str) -> str:
    """What the page says of a kind."""
    return next(said for kind, said in VERDICTS.items() if diagnosis == kind or (kind[-1] == "_" and kind in diagnosis))


def is_refused_all_the_same(why: str) -> bool:
    return any(words in why for words in REFUSED_ALL_THE_SAME)


@pytest.mark.parametrize("case", IS_EMAIL, ids=lambda case: ascii(case["address"]))
def test_every_address_gets_the_verdict_that_the_page_gives_its_kind(case: dict[str, Any]) -> None:
    address, why = case["address"], reason(case["address"])
    match verdict(case["diagnosis"]):
        case "take it":
            assert not why or is_refused_all_the_same(why), why
        case "refuse it":
            assert why
        case "take what spaces stand around":
            assert bool(why) == (re.fullmatch(r"[ \t]*[^\s()\"]+[ \t]*", address) is None), why
        case other:
            pytest.fail(f"the page says {other!r}")


@pytest.mark.parametrize("case", IS_EMAIL, ids=lambda case: ascii(case["address"]))
def test_no_address_is_mended_into_another(case: dict[str, Any]) -> None:
    if not reason(case["address"]):
        assert normalise(case["address"]) == case["address"].strip(" \t").lower()


@pytest.mark.parametrize("case", LIBRARY, ids=lambda case: ascii(case["input"])[:60])
def test_the_library_is_followed(case: dict[str, Any]) -> None:
    if case["expect"] in ("valid", "needs-smtputf8"):
        why = reason(case["input"])
        assert not why or is_refused_all_the_same(why), why
    elif case["expect"] == "unsafe-character":
        unsafe = case["input"]
        assert reason(f"{unsafe}ana@example.com")
        assert reason(f"ana@{unsafe}example.com")
    else:
        assert reason(case["input"])


VALID = [one for one in LIBRARY if one["expect"] == "valid" and isinstance(one["detail"], dict)]


@pytest.mark.parametrize("case", VALID, ids=lambda one: ascii(one["input"])[:60])
def test_what_is_taken_has_the_spelling_that_the_library_gives(case: dict[str, Any]) -> None:
    if not reason(case["input"]):
        detail = case["detail"]
        assert normalise(case["input"]) == f"{detail['local_part'].lower()}@{detail['ascii_domain'].lower()}"


def test_every_row_of_the_page_is_about_some_address() -> None:
    """But for what only asking a name server could tell, and longer parts."""
    found = {case["diagnosis"] for case in IS_EMAIL}
    unmet = {
        kind for kind in VERDICTS if not any(verdict in (kind, f"{kind}…") or kind in verdict for verdict in found)
    }
    assert unmet <= {"ISEMAIL_DNSWARN_NO_MX_RECORD"}
    refusals = {reason(case["address"]) for case in IS_EMAIL} | {reason(case["input"]) for case in LIBRARY}
    assert all(any(words in why for why in refusals) for words in REFUSED_ALL_THE_SAME)
