"""Names and addresses on the wire."""

from __future__ import annotations

import json
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.headerregistry import AddressHeader
from pathlib import Path
from typing import cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from digest.deliver.letters import clean_name
from digest.deliver.mailbox import BadAddress, mailbox_line, split_mailbox, wire_address

ADDRESSES = Path(__file__).resolve().parents[4] / "shared" / "corpora" / "addresses" / "email-validator.json"


def parsed(line: str) -> tuple[str, str]:
    """Name and address as the standard library reads them.

    Its reader of addresses puts spaces between encoded words, against RFC 2047, section 6.2; its older reader does not.
    """
    message = message_from_bytes(f"{line}\r\n\r\n".encode(), policy=policy.SMTP)
    header = cast("AddressHeader", message["To"])
    assert len(header.addresses) == 1
    name, address = header.addresses[0].display_name, header.addresses[0].addr_spec
    if "=?" not in line:
        return name, address
    words = " ".join(line.removeprefix("To: ").replace("\r\n ", " ").rsplit(" <", 1)[:1])
    whole = str(make_header(decode_header(words)))
    assert whole.replace(" ", "") == name.replace(" ", "")
    return whole, address


@given(st.text(max_size=120).map(clean_name))
@example('Jane "JJ" O’Neill, Esq. (ret.)')
@example("=?utf-8?q?somebody_else?=")
@example('a\\b"c')
@example("日本語" * 33)
@example("👩‍👩‍👧‍👦" * 14)
@example("x" * 100)
@example("very " * 20)
@example("a@b.example, eve@example.com")
def test_a_name_survives_the_wire(name: str) -> None:
    line = mailbox_line("To", name, "ana@example.com")
    assert line.isascii()
    assert all(len(part) <= 998 for part in line.split("\r\n"))
    assert "\n" not in line.replace("\r\n ", "")
    got, address = parsed(line)
    assert address == "ana@example.com"
    assert got == name


def test_encoded_words_are_short_enough() -> None:
    line = mailbox_line("To", "Ünïcödé " * 12, "ana@example.com")
    assert all(len(part) <= 76 for part in line.split("\r\n"))


def test_a_plain_name_is_left_plain() -> None:
    assert mailbox_line("To", "Ana Silva", "ana@example.com") == "To: Ana Silva <ana@example.com>"
    assert mailbox_line("To", "", "ana@example.com") == "To: ana@example.com"


@pytest.mark.parametrize(
    ("mailbox", "expected"),
    [
        ("Closing Arguments <letters@docket.example>", ("Closing Arguments", "letters@docket.example")),
        ('"The Docket, Inc." <letters@docket.example>', ("The Docket, Inc.", "letters@docket.example")),
        ("The Docket, Inc. <letters@docket.example>", ("The Docket, Inc.", "letters@docket.example")),
        ("<letters@docket.example>", ("", "letters@docket.example")),
        (" letters@docket.example ", ("", "letters@docket.example")),
        ("Café “Droit” <letters@docket.example>", ("Café “Droit”", "letters@docket.example")),
    ],
)
def test_split_mailbox(mailbox: str, expected: tuple[str, str]) -> None:
    assert split_mailbox(mailbox) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("ana@example.com", "ana@example.com"),
        ("ana@straße.example", "ana@xn--strae-oqa.example"),
        ("ana@臺網中心.tw", "ana@xn--fiqq24b10vi0d.tw"),
        ("josé@example.com", "josé@example.com"),
        ('"a b"@example.com', '"a b"@example.com'),
    ],
)
def test_wire_address(address: str, expected: str) -> None:
    assert wire_address(address) == expected


@pytest.mark.parametrize(
    "address",
    ["", "ana", "@example.com", "ana@", "ana\r\n@example.com", "ana@example.com\n", "a b@example.com", "a>@example.com",
     "ana@exa mple.com", "ana@example.com>", "ana@ex\u0000ample.com", "ana@\ud800.example", "a" * 250 + "@example.com",
     "ana@-ü-.example"],
)  # fmt: skip
def test_an_address_that_cannot_be_written_is_refused(address: str) -> None:
    with pytest.raises(BadAddress):
        wire_address(address)


@pytest.mark.skipif(not ADDRESSES.exists(), reason="the shared corpora are not beside this repository")
def test_valid_addresses_of_the_corpus_go_out_as_their_ascii_form() -> None:
    cases = [case["detail"] for case in json.loads(ADDRESSES.read_text()) if case["group"] == "valid"]
    assert cases
    for case in cases:
        expected = case.get("ascii_email") or f"{case['local_part']}@{case['ascii_domain']}"
        assert wire_address(case["normalized"]) == expected
