"""The headers of letters: who sends, to whom, what a provider wants there, and what is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from digest.deliver.mailbox import BadAddress
from digest.deliver.message import MessageTemplate
from digest.errors import ConfigurationError
from tests.unit.deliver.correspondence import campaign, letter, rendered


def read(wire: bytes) -> EmailMessage:
    return message_from_bytes(wire, policy=policy.SMTP)


def test_the_headers_of_a_bulk_letter() -> None:
    one = letter()
    wire = MessageTemplate.of(campaign()).message(one)
    head = wire.split(b"\r\n\r\n", 1)[0].decode("ascii").split("\r\n")
    assert head == [
        "To: Ana Silva <ana@example.com>",
        f"Message-ID: {one.message_id}",
        f"List-Unsubscribe: <{one.one_click}>, <mailto:unsubscribe@docket.example?subject=unsubscribe>",
        "From: Closing Arguments <letters@docket.example>",
        "Reply-To: The Docket <editor@docket.example>",
        "Subject: =?utf-8?q?Closing_Arguments=3A_the_court=E2=80=99s_week?=",
        "Date: Fri, 20 Nov 2026 14:00:00 +0000",
        "MIME-Version: 1.0",
        "List-Id: Closing Arguments <closing-arguments.docket.example>",
        "List-Archive: <https://docket.example/issues/>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "Precedence: bulk",
        "Auto-Submitted: auto-generated",
        head[-1],
    ]
    assert head[-1].startswith('Content-Type: multipart/alternative; boundary="=_')


def test_a_test_copy_says_so_and_reply_to_may_be_missing() -> None:
    got = read(MessageTemplate.of(campaign(test=True, reply_to="", unsubscribe_mail="")).message(letter()))
    assert str(got["Subject"]) == "[Test] Closing Arguments: the court’s week"
    assert got["Reply-To"] is None
    assert got["List-Unsubscribe"] == f"<{letter().one_click}>"


def test_a_subject_cannot_add_a_header() -> None:
    whole = campaign(issue=rendered(subject="Week\r\nBcc: eve@example.com\r\n\r\nbody"))
    got = read(MessageTemplate.of(whole).message(letter()))
    assert got["Bcc"] is None
    assert str(got["Subject"]) == "Week Bcc: eve@example.com body"


def test_the_date_is_in_utc() -> None:
    pacific = datetime(2026, 11, 20, 6, 0, tzinfo=timezone(timedelta(hours=-8)))
    wire = MessageTemplate.of(campaign(date=pacific)).message(letter())
    assert b"\r\nDate: Fri, 20 Nov 2026 14:00:00 +0000\r\n" in wire


def test_an_international_domain_is_ascii_in_the_header() -> None:
    wire = MessageTemplate.of(campaign()).message(letter("ana@straße.example", ""))
    assert wire.startswith(b"To: ana@xn--strae-oqa.example\r\n")
    assert wire.isascii()


def test_an_international_local_part_makes_an_internationalised_header() -> None:
    wire = MessageTemplate.of(campaign()).message(letter("josé@example.com", "José"))
    assert wire.startswith("To: =?utf-8?b?Sm9zw6k=?= <josé@example.com>\r\n".encode())


def test_an_address_that_cannot_be_written_is_refused() -> None:
    template = MessageTemplate.of(campaign())
    with pytest.raises(BadAddress):
        template.message(replace(letter(), address="ana@example.com\r\nBcc: eve@example.com"))


def test_a_list_id_with_letters_that_are_not_ascii_is_encoded_and_not_folded() -> None:
    wire = MessageTemplate.of(campaign(list_id=f"Café {'Plaidoyer ' * 12}<cafe.docket.example>")).message(letter())
    line = next(line for line in wire.split(b"\r\n") if line.startswith(b"List-Id:"))
    assert line.endswith(b" <cafe.docket.example>")
    assert str(read(wire)["List-Id"]).startswith("Café Plaidoyer")


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"from_": "Closing Arguments"}, "publication.from"),
        ({"from_": "Closing Arguments <josé@docket.example>"}, "publication.from"),
        ({"reply_to": "<a b@docket.example>"}, "publication.reply_to"),
        ({"list_id": "x <docket.example\r\nBcc: eve@example.com>"}, "List-Id"),
        ({"list_id": f"<{'x' * 1000}.docket.example>"}, "List-Id"),
        ({"unsubscribe_mail": "nowhere"}, "unsubscribes"),
    ],
)
def test_a_campaign_that_cannot_be_written_is_refused(changes: dict[str, Any], key: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(key)):
        MessageTemplate.of(campaign(**changes))
