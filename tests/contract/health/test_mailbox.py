"""The mailbox of returned mail: a Maildir, and a server that speaks IMAP (RFC 3501)."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

from digest.health.mailbox import examine
from digest.model.health import Diagnosis, Verdict
from digest.reader_settings import ReturnsSettings
from digest.returns.imap import ImapMailbox
from tests.contract.deliver.ports import closed_port, serving


@contextmanager
def imap(*, greeting: str = "* OK ready", tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Takes the login of `letters` with `correct horse`, and has one folder."""

    def serve(connection: socket.socket, number: int) -> None:
        lines = connection.makefile("rb")
        connection.sendall(f"{greeting}\r\n".encode())
        for line in lines:
            tag, command, *rest = line.decode().strip().split(" ", 2)
            said = rest[0] if rest else ""
            login = "OK done" if said == '"letters" "correct horse"' else "NO no"
            answers = {
                "CAPABILITY": f"* CAPABILITY IMAP4rev1\r\n{tag} OK done",
                "LOGIN": f"{tag} {login}",
                "EXAMINE": f"* 0 EXISTS\r\n{tag} OK done" if "INBOX" in said else f"{tag} NO no such folder",
            }
            answer = answers.get(command.upper(), f"{tag} OK done")
            connection.sendall(f"{answer}\r\n".encode())

    with serving(serve, tls) as port:
        yield port


def examined(returns: ReturnsSettings) -> Diagnosis:
    return examine(returns, lambda: ImapMailbox(returns, look_only=True, patience=30).close())


def settings(port: int, *, password: str = "correct horse", folder: str = "INBOX") -> ReturnsSettings:
    return ReturnsSettings(
        imap_host="localhost",
        imap_port=port,
        imap_security="none",
        imap_username="letters",
        imap_password=password,
        imap_folder=folder,
    )


def test_a_mailbox_that_can_be_read() -> None:
    with imap() as port:
        found = examined(settings(port))
    assert found.verdict is Verdict.OK, found.words


@pytest.mark.parametrize(
    ("password", "folder", "words"),
    [
        ("wrong", "INBOX", "refuses the login of returns.imap.username"),
        ("correct horse", "Bounces", "has no folder 'Bounces'"),
    ],
)
def test_a_mailbox_that_cannot(password: str, folder: str, words: str) -> None:
    with imap() as port:
        found = examined(settings(port, password=password, folder=folder))
    assert (found.verdict, words in found.words) == (Verdict.WRONG, True), found.words
    assert password not in found.words


def test_nobody_listens() -> None:
    with closed_port() as port:
        assert examined(settings(port)).verdict is Verdict.WRONG


def test_it_is_no_mailbox() -> None:
    with imap(greeting="220 mail.docket.example ESMTP") as port:
        assert examined(settings(port)).verdict is Verdict.NOT_ASKED


@pytest.mark.parametrize(("trusted", "verdict"), [(True, Verdict.OK), (False, Verdict.WRONG)])
def test_over_tls(trusted: bool, verdict: Verdict, tmp_path: Path) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with imap(tls=context) as port:
        returns = ReturnsSettings(
            imap_host="localhost",
            imap_port=port,
            imap_username="letters",
            imap_password="correct horse",
            ca_file=tmp_path / "ca.pem" if trusted else None,
        )
        found = examined(returns)
    assert found.verdict is verdict, found.words


def test_maildirs(tmp_path: Path) -> None:
    assert examined(ReturnsSettings(maildir=tmp_path)).verdict is Verdict.WRONG
    for name in ("cur", "new", "tmp"):
        (tmp_path / name).mkdir()
    assert examined(ReturnsSettings(maildir=tmp_path)).verdict is Verdict.OK


def test_no_mailbox_at_all() -> None:
    assert examined(ReturnsSettings()).verdict is Verdict.LOOK
