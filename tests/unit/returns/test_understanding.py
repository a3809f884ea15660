"""What a mail that came back says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.model.readers import EventKind
from digest.model.returns import ReturnKind
from digest.returns.understanding import understand

_PARTS = st.sampled_from(
    [
        b"From: MAILER-DAEMON@mail.example\r\n",
        b"Subject: =?utf-8?q?Undelivered?=\r\n",
        b"Content-Type: multipart/report; boundary=b\r\n",
        b"Content-Type: message/delivery-status\r\n\r\n",
        b"Content-Type: text/plain; charset=punycode\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"\r\n--b\r\n",
        b"Final-Recipient: rfc822; ana@reader.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n",
        b"<ana@reader.example>: 550 no such user\r\n",
        b"Content-Type: message/rfc822\r\n\r\n",
    ]
)


@settings(max_examples=50)
@given(st.lists(_PARTS | st.binary(max_size=80), max_size=30))
def test_no_mail_is_too_broken_to_be_read(parts: list[bytes]) -> None:
    content = b"".join(parts)
    assert understand(content) == understand(content)


def test_a_mail_of_many_layers_is_read_as_far_as_it_makes_sense() -> None:
    layers = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2000))
    assert understand(layers).kind is ReturnKind.OTHER


@pytest.mark.parametrize(
    ("status", "words", "kind"),
    [
        ("5.1.1", "550 5.1.1 no such user here", EventKind.HARD_BOUNCE),
        ("5.1.2", "unknown host", EventKind.HARD_BOUNCE),
        ("5.2.2", "552 5.2.2 mailbox full", EventKind.SOFT_BOUNCE),
        ("5.7.1", "554 5.7.1 blocked: poor reputation", EventKind.SOFT_BOUNCE),
        ("4.4.1", "connection timed out", EventKind.SOFT_BOUNCE),
    ],
)
def test_a_report_is_hard_only_where_the_address_is_dead(status: str, words: str, kind: EventKind) -> None:
    report = (
        "From: MAILER-DAEMON@mail.example\nSubject: Undelivered\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mail.example\n\n"
        f"Final-Recipient: rfc822; Ana@reader.example\nAction: failed\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; {words}\n\n--b--\n"
    )
    (fate,) = understand(report.encode()).fates
    assert (fate.address, fate.kind) == ("ana@reader.example", kind)


def test_a_report_of_addresses_beyond_ascii_speaks_for_each_of_them() -> None:
    said = {"jörg": ("5.1.1", "unknown user"), "zoë": ("5.2.2", "mailbox full")}
    groups = "".join(
        f"Final-Recipient: utf-8; {name}@reader.example\nAction: failed\nStatus: {status}\n"
        f"Diagnostic-Code: X-Postfix; {words}: {name}\n\n"
        for name, (status, words) in said.items()
    )
    report = (
        "From: MAILER-DAEMON@mail.example\nSubject: Undelivered\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\nContent-Type: text/plain; charset=utf-8\n\nI'm sorry to have to inform you.\n\n"
        "--b\nContent-Type: message/global-delivery-status\nContent-Transfer-Encoding: 8bit\n\n"
        f"Reporting-MTA: dns; mail.example\n\n{groups}--b--\n"
    )
    assert [(fate.address, fate.kind, fate.words) for fate in understand(report.encode()).fates] == [
        ("jörg@reader.example", EventKind.HARD_BOUNCE, "unknown user: jörg"),
        ("zoë@reader.example", EventKind.SOFT_BOUNCE, "mailbox full: zoë"),
    ]


@pytest.mark.parametrize(
    ("head", "body", "kind"),
    [
        ("Subject: unsubscribe", "", ReturnKind.UNSUBSCRIBE),
        ("Subject: AW: Abmelden", "", ReturnKind.UNSUBSCRIBE),
        ("Subject: Re: The week", "Please unsubscribe me.\n\n> The week", ReturnKind.UNSUBSCRIBE),
        ("Subject: How do I unsubscribe my mother?", "She asked me.", ReturnKind.OTHER),
        ("Subject: Re: The week\nAuto-Submitted: auto-replied", "I am away.", ReturnKind.AUTOMATIC),
        ("Subject: A question", "Who wrote the lead?", ReturnKind.OTHER),
    ],
)
def test_people_and_their_machines_are_told_apart(head: str, body: str, kind: ReturnKind) -> None:
    assert understand(f"From: ana@reader.example\n{head}\n\n{body}\n".encode()).kind is kind
