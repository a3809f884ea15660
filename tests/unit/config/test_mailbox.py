"""A sender's mailbox, as mail wants it written."""

from __future__ import annotations

from email import policy
from email.parser import Parser
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.config.mailbox import BadMailbox, bare_address, canonical_mailbox


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("letters@docket.example", "letters@docket.example"),
        ("<letters@docket.example>", "letters@docket.example"),
        ("The  Docket <letters@Docket.example>", "The Docket <letters@docket.example>"),
        ("The Docket, Inc. <letters@docket.example>", '"The Docket, Inc." <letters@docket.example>'),
        ('"The Docket, Inc." <letters@docket.example>', '"The Docket, Inc." <letters@docket.example>'),
        ("Ka ʻOhina <letters@docket.example>", "Ka ʻOhina <letters@docket.example>"),
        ("Bücher <info@bücher.example>", "Bücher <info@xn--bcher-kva.example>"),
    ],
)
def test_a_mailbox_is_written_as_mail_wants_it(written: str, kept: str) -> None:
    assert canonical_mailbox(written) == kept
    assert bare_address(kept) == parseaddr(kept)[1]


@pytest.mark.parametrize(
    "written",
    [
        "",
        "The Docket",
        "The Docket <>",
        "The Docket <letters>",
        "The Docket letters@docket.example",
        "a@docket.example, b@docket.example",
        "A <a@docket.example>, B <b@docket.example>",
        "a@docket.example B <b@docket.example>",
        'The "Docket <letters@docket.example>',
        "A <a@docket.example>\nBcc: b@docket.example",
        "юзер@docket.example",
        "letters@test",
    ],
)
def test_what_is_not_one_mailbox_is_refused(written: str) -> None:
    with pytest.raises(BadMailbox):
        canonical_mailbox(written)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters='<>@"\\'), min_size=1))
def test_a_mail_reader_finds_the_same_name_and_address(name: str) -> None:
    kept = canonical_mailbox(f"{name} <letters@docket.example>")
    header = Parser(policy=policy.default).parsestr(f"From: {kept}\n\n")["From"]
    (address,) = header.addresses
    assert address.addr_spec == "letters@docket.example"
    assert address.display_name.split() == name.split()
    assert canonical_mailbox(kept) == kept
