"""A campaign through a real mail server: every letter is found in its mailbox, byte for byte as it was made."""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from itertools import islice
from pathlib import Path

import pytest

from tests.acceptance.postfix import SENDER, Postfix, in_memory, why_not
from tests.acceptance.publication import Publication

READERS, GONE, REFUSED = 2000, 30, 10
PARSED = 40
SECRET = {"DIGEST_SECRET": secrets.token_hex(16)}
NAMES = ("Ana Reader", '"Okoro, Chidi"', "Zoë Ōkina", "", "李 小龙", "O’Brien", '"The ""Judge"" Ng"')
UNSUBSCRIBE = re.compile(rb"^List-Unsubscribe: <https://[!-~]+>, <mailto:[!-~]+>$", re.MULTILINE)


@pytest.fixture
def postfix() -> Iterator[Postfix]:
    # Not below tmp_path: Postfix's processes are not root, and have to get there.
    with tempfile.TemporaryDirectory(prefix="postfix-", dir=in_memory()) as name:
        Path(name).chmod(0o755)
        with Postfix(Path(name)) as server:
            yield server


@pytest.mark.skipif(bool(why_not()), reason=why_not())
def test_two_thousand_letters_through_postfix(tmp_path: Path, postfix: Postfix) -> None:
    publication = newsroom(tmp_path / "newsroom")
    written = written_by_the_outbox(Publication(tmp_path / "twin"), publication)
    letters = publication.json("send", "--yes", **through(postfix))["letters"]
    postfix.settle()

    assert (letters["accepted"], letters["refused"], letters["owed"], letters["unknown"]) == (
        READERS + GONE,
        REFUSED,
        0,
        0,
    )
    found = postfix.mail_of("readers")
    assert Counter(map(delivered_to, found)) == {address: 1 for address, _ in islice(audience(), READERS)}
    assert set(Counter(map(message_id, found)).values()) == {1}
    assert [name for name, letter in as_made(found).items() if letter != written[name]] == []
    for message in found[:: READERS // PARSED]:
        a_mail_program_reads(message)

    reports = [parsed(message) for message in postfix.mail_of("sender")]
    assert Counter(map(reported_reader, reports)) == {f"nobody{number}@gone.example": 1 for number in range(GONE)}
    returned = {message_id(part.as_bytes()) for _, _, part in map(EmailMessage.iter_parts, reports)}
    assert returned == set(written) - set(as_made(found)) - of_the_refused(written)


def audience() -> Iterator[tuple[str, str]]:
    """Addresses and names, as they stand on the list."""
    for number in range(READERS):
        yield f"reader{number}@readers.example", NAMES[number % len(NAMES)]
    yield from ((f"nobody{number}@gone.example", "") for number in range(GONE))
    yield from ((f"nobody{number}@refused.example", "") for number in range(REFUSED))


def newsroom(folder: Path) -> Publication:
    """The sample newsroom with its issue made up, and as many readers as the test is about."""
    publication = Publication(folder)
    folder.mkdir()
    publication.run("init", "--sample", ".")
    publication.run("gather")
    publication.run("compose")
    rows = "".join(f"{address},{name}\n" for address, name in audience())
    (folder / "subscribers.csv").write_text(f"email,name\n{rows}", encoding="utf-8")
    return publication


def written_by_the_outbox(twin: Publication, publication: Publication) -> dict[bytes, bytes]:
    """The same letters as the outbox provider writes them, by Message-ID."""
    shutil.copytree(publication.folder, twin.folder)
    twin.run("send", "--yes", **SECRET)
    written = as_made(path.read_bytes() for path in twin.letters())
    assert len(written) == READERS + GONE + REFUSED
    return written


def through(server: Postfix) -> dict[str, str]:
    return {
        "DIGEST_DELIVERY_PROVIDER": "smtp",
        "DIGEST_DELIVERY_SMTP_HOST": "127.0.0.1",
        "DIGEST_DELIVERY_SMTP_PORT": str(server.port),
        "DIGEST_DELIVERY_SMTP_SECURITY": "none",
        **SECRET,
    }


def as_made(messages: Iterable[bytes]) -> dict[bytes, bytes]:
    """By Message-ID, the letters without what a mail server writes before them and without the instant of sending."""
    return {message_id(message): without_post_marks(message) for message in messages}


def without_post_marks(message: bytes) -> bytes:
    letter = b"To: " + message.replace(b"\r\n", b"\n").partition(b"\nTo: ")[2]
    if message.startswith(b"To: "):
        letter = message.replace(b"\r\n", b"\n")
    return re.sub(rb"^Date: .*\n", b"", letter, count=1, flags=re.MULTILINE)


def message_id(message: bytes) -> bytes:
    return header(rb"Message-ID", message)


def delivered_to(message: bytes) -> str:
    return header(rb"Delivered-To", message).decode()


def header(name: bytes, message: bytes) -> bytes:
    found = re.search(rb"^" + name + rb": (.+?)\r?$", message, re.MULTILINE)
    assert found, message[:2000]
    return found[1]


def parsed(message: bytes) -> EmailMessage:
    found = message_from_bytes(message, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def a_mail_program_reads(message: bytes) -> None:
    letter = parsed(message)
    to = letter["To"].addresses[0]
    number = int(re.sub(r"\D", "", to.username))
    assert to.addr_spec == letter["Delivered-To"] == f"reader{number}@readers.example"
    assert to.display_name == NAMES[number % len(NAMES)].strip('"').replace('""', '"')
    assert letter["Return-Path"] == f"<{SENDER}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert len(UNSUBSCRIBE.findall(message)) == 1
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    link = UNSUBSCRIBE.search(message)[0].decode().partition("<")[2].partition(">")[0]  # type: ignore[index]
    for part in letter.iter_parts():
        assert link in part.get_content()
    assert not letter.defects


def reported_reader(report: EmailMessage) -> str:
    """Whom a delivery status notification is about (RFC 3464, section 2.3)."""
    assert report["Return-Path"] == "<>"
    assert report["Content-Type"].params["report-type"] == "delivery-status"
    _, status, _ = report.iter_parts()
    about = status.get_payload(1)
    assert isinstance(about, Message)
    assert (about["Action"], about["Status"]) == ("failed", "5.1.1")
    return str(about["Final-Recipient"]).partition(";")[2].strip()


def of_the_refused(written: dict[bytes, bytes]) -> set[bytes]:
    return {name for name, letter in written.items() if b"@refused.example" in letter.partition(b"\n")[0]}
