"""An issue goes out through a real Postfix, which tells of the letters that it cannot deliver; readers answer; and
`digest bounces` reads it all from a real Dovecot."""

from __future__ import annotations

import re
import smtplib
import tempfile
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

import pytest

from tests import dovecot
from tests.acceptance import postfix
from tests.acceptance.postfix import BOUNCES, Postfix
from tests.acceptance.publication import Publication
from tests.dovecot import PASSWORD, Dovecot

ISSUE = "2026-11-20"
GONE, GONE_TOO, ELSEWHERE = "nobody@gone.example", "jörg@gone.example", "ana@elsewhere.example"
LEAVES, AWAY, ASKS = "leaves@readers.example", "away@readers.example", "asks@readers.example"
READERS = (GONE, GONE_TOO, ELSEWHERE, LEAVES, AWAY, ASKS, *(f"reader{number}@readers.example" for number in range(5)))
SECRET = "a secret of thirty-two characters"
WHY_NOT = postfix.why_not() or dovecot.why_not()


@pytest.fixture
def folder() -> Iterator[Path]:
    """One that the servers can get to: they are not root."""
    with tempfile.TemporaryDirectory(prefix="came-back-", dir=postfix.in_memory()) as name:
        Path(name).chmod(0o755)
        for server in ("postfix", "dovecot"):
            (Path(name) / server).mkdir()
        yield Path(name)


@pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)
def test_what_comes_back_of_an_issue(composed: Publication, folder: Path) -> None:
    with Postfix(folder / "postfix") as mail, Dovecot(folder / "dovecot") as imap:
        login, maildir = imap.new_login()
        (folder / "postfix" / "mail" / "bounces").symlink_to(maildir)
        newsroom = Newsroom(composed, mail, imap, login)
        assert newsroom.json("send", "--yes")["letters"]["accepted"] == len(READERS)
        mail.settle()
        letters = {str(letter["Delivered-To"]): letter for letter in map(parsed, mail.mail_of("readers"))}
        newsroom.answer(leaving(letters[LEAVES]))
        newsroom.answer(out_of_office(letters[AWAY]))
        newsroom.answer(question(letters[ASKS]))
        mail.settle()

        read = newsroom.run("bounces", "--dry-run")
        assert read.splitlines() == [
            "6 mails read",
            "  3 delivery report",
            "  1 automatic reply",
            "  1 something else",
            "  1 unsubscribe",
            "They tell of letters: 2 hard bounce, 1 soft bounce (0 known before)",
            "1 reader left",
            "2 addresses suppressed",
            "1 left for you to read",
        ]
        assert newsroom.suppressed() == {}
        assert newsroom.run("bounces") == read
        assert newsroom.run("bounces") == "No mail came back.\n"
    assert newsroom.suppressed() == {
        **{address: f'bounced: unknown user: "{address}"' for address in (GONE, GONE_TOO)},
        LEAVES: "unsubscribed",
    }
    assert "3 bounced (27.27 %), 2 of them because there is no such mailbox" in newsroom.run("status", ISSUE)
    assert re.search(r"\n  hard bounce at .*: unknown user", newsroom.run("why", GONE))
    assert re.search(r"\n  soft bounce at .*: nothing leaves this machine\n", newsroom.run("why", ELSEWHERE))
    assert [event["what"] for event in newsroom.json("why", GONE)["came_back"]] == ["hard bounce"]
    assert newsroom.json("why", AWAY)["came_back"] == []


class Newsroom:
    """The sample newsroom, which sends through the Postfix and has its returned mail in the Dovecot."""

    def __init__(self, publication: Publication, mail: Postfix, imap: Dovecot, login: str) -> None:
        self._publication, self._mail = publication, mail
        rows = "".join(f"{address}\n" for address in READERS)
        (publication.folder / "subscribers.csv").write_text(f"email\n{rows}", encoding="utf-8")
        with (publication.folder / "digest.toml").open("a", encoding="utf-8") as file:
            file.write(
                f'\n[returns]\naddress = "{BOUNCES}"\nverp = true\n\n[returns.imap]\nhost = "localhost"\n'
                f'port = {imap.tls_port}\nusername = "{login}"\nca_file = "{imap.ca_file}"\n'
            )
        self._environment = {
            "DIGEST_DELIVERY_PROVIDER": "smtp",
            "DIGEST_DELIVERY_SMTP_HOST": "127.0.0.1",
            "DIGEST_DELIVERY_SMTP_PORT": str(mail.port),
            "DIGEST_DELIVERY_SMTP_SECURITY": "none",
            "DIGEST_SECRET": SECRET,
            "DIGEST_IMAP_PASSWORD": PASSWORD,
        }

    def run(self, *arguments: str) -> str:
        return self._publication.run(*arguments, **self._environment).stdout

    def json(self, *arguments: str) -> Any:
        return self._publication.json(*arguments, **self._environment)

    def suppressed(self) -> dict[str, str]:
        """Who is not written to any more, and why."""
        told = {address: self.json("why", address)["suppressed"] for address in READERS}
        return {address: suppression["reason"] for address, suppression in told.items() if suppression}

    def answer(self, answer: EmailMessage) -> None:
        """A reader's mail program sends a mail."""
        with smtplib.SMTP("127.0.0.1", self._mail.port) as server:
            server.send_message(answer)


def leaving(letter: EmailMessage) -> EmailMessage:
    """What a mail program sends for the mailto address of List-Unsubscribe (RFC 2369, RFC 6068)."""
    found = re.search(r"<mailto:([^>]+)>", letter["List-Unsubscribe"])
    assert found
    to, _, fields = found[1].partition("?")
    subject = parse_qs(fields)["subject"][0]
    return written(LEAVES, unquote(to), subject, "")


def out_of_office(letter: EmailMessage) -> EmailMessage:
    """What a mail server answers to the return path of a letter (RFC 3834, section 4)."""
    answer = written(AWAY, letter["Return-Path"].strip("<>"), f"Auto: {letter['Subject']}", "Back on Monday.")
    answer["Auto-Submitted"] = "auto-replied"
    answer["In-Reply-To"] = letter["Message-ID"]
    return answer


def question(letter: EmailMessage) -> EmailMessage:
    """What a person writes, who takes the address of the return path for the newsroom's."""
    return written(ASKS, letter["Return-Path"].strip("<>"), f"Re: {letter['Subject']}", "Who wrote the second story?")


def written(sender: str, to: str, subject: str, words: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"A Reader <{sender}>", to, subject
    mail["Message-ID"] = make_msgid(domain="readers.example")
    mail.set_content(words)
    return mail


def parsed(letter: bytes) -> EmailMessage:
    return message_from_bytes(letter, policy=policy.default)
