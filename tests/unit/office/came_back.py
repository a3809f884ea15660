"""Mails that come back of letters to the readers of a test's newsroom."""

from __future__ import annotations

from digest.deliver.letters import write_letter
from digest.deliver.return_path import ReturnPath
from digest.office.addressing import addressing_of
from tests.unit.dispatch.office import Office
from tests.unit.record.newsroom import ISSUE, reader

ADDRESS = reader(1).address


def bounce(*, to: str = "bounces@docket.example", original: str = "", about: str = ADDRESS) -> str:
    """A delivery report that says that there is no such user."""
    return (
        f"From: MAILER-DAEMON@mail.example\nTo: {to}\nSubject: Undelivered\nMessage-ID: <{to}.1@mail.example>\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mail.example\n\n"
        f"Final-Recipient: rfc822; {about}\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\n\n"
        f"--b\nContent-Type: message/rfc822\n\n{original}\n\n--b--\n"
    )


def letter_of(office: Office, number: int) -> tuple[str, str]:
    """The return path and the Message-ID of a reader's letter."""
    found = next(iter(office.store.ledger.letters_to(reader(number).address)))
    letter = write_letter(found, issue=ISSUE, addressing=addressing_of(office.settings, office.store), key=number)
    return ReturnPath("bounces@docket.example", verp=True).of(letter), letter.message_id
