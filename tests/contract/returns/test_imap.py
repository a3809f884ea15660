"""What a real Dovecot shows of the door of IMAP: certificates, logins, folders, and other programs at the mailbox."""

from __future__ import annotations

import re
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trustme

from digest.errors import ConfigurationError, MailboxFailed
from digest.health.mailbox import examine
from digest.model.health import Diagnosis, Verdict
from digest.reader_settings import ReturnsSettings
from digest.returns import imap
from digest.returns.imap import ImapMailbox
from tests.contract.deliver.ports import closed_port
from tests.contract.returns.doors import Door, imap_door
from tests.contract.returns.mails import AWAY, QUESTION, bounce_of
from tests.dovecot import PASSWORD, PASSWORDS, Dovecot
from tests.unit.dispatch.office import Office


@pytest.fixture
def door(dovecot: Dovecot) -> Door:
    return imap_door(dovecot)


@contextmanager
def another_program(door: Door) -> Iterator[Any]:
    """A mail program of a person, at the same mailbox."""
    from imapclient import IMAPClient

    context = ssl.create_default_context(cafile=door.returns.ca_file)
    with IMAPClient("localhost", door.returns.imap_port, ssl_context=context) as client:
        client.login(door.returns.imap_username, PASSWORD)
        client.select_folder("INBOX")
        yield client


def changed(door: Door, **fields: Any) -> ReturnsSettings:
    door.returns = replace(door.returns, **fields)
    return door.returns


def examined(door: Door) -> Diagnosis:
    """What the doctor says."""
    return examine(door.returns, lambda: ImapMailbox(door.returns, look_only=True, patience=30).close())


def refusal(door: Door, kind: type[Exception] = ConfigurationError) -> str:
    """Why the mailbox cannot be opened, in all the words that are shown."""
    with pytest.raises(kind) as raised, door.opened():
        pass
    error = raised.value
    assert PASSWORD not in f"{error} {getattr(error, 'hint', '')}"
    return f"{error} ({getattr(error, 'hint', '')})"


def test_a_wrong_password_is_said_and_not_shown(door: Door) -> None:
    secret = changed(door, imap_password="wrong horse").imap_password
    words = refusal(door)
    assert "refuses the login of returns.imap.username" in words
    assert "DIGEST_IMAP_PASSWORD" in words
    found = examined(door)
    assert found.verdict is Verdict.WRONG
    assert secret not in words + found.words + found.do


def test_a_password_of_any_letters(dovecot: Dovecot, door: Door) -> None:
    login, _ = dovecot.new_login("umlaut.example")
    changed(door, imap_username=login, imap_password=PASSWORDS["umlaut.example"])
    assert door.names() == []
    assert examined(door).verdict is Verdict.OK


@pytest.mark.parametrize("login", ["bounces and more", 'bounces"', "bounces\\", "Rückläufer", ""])
def test_a_login_of_any_letters_is_refused_as_any_other(door: Door, login: str) -> None:
    changed(door, imap_username=login, imap_password="wrong horse")
    assert "refuses the login" in refusal(door)
    assert examined(door).verdict is Verdict.WRONG


def test_a_folder_that_is_not_there(door: Door) -> None:
    changed(door, imap_folder="Bounces")
    assert "has no folder 'Bounces' that can be opened (name it in returns.imap.folder)" in refusal(door)
    assert examined(door).verdict is Verdict.WRONG


@pytest.mark.parametrize("name", ["Rückläufer & Co", 'Back "again"'])
def test_a_folder_of_any_name(door: Door, name: str) -> None:
    with another_program(door) as client:
        client.create_folder(name)
        client.append(name, AWAY.encode())
    changed(door, imap_folder=name)
    assert len(door.names()) == 1
    assert examined(door).verdict is Verdict.OK


@pytest.mark.parametrize("ca_file", [True, False])
def test_a_certificate_of_somebody_else_is_refused(door: Door, ca_file: bool, tmp_path: Path) -> None:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "other.pem"))
    changed(door, ca_file=tmp_path / "other.pem" if ca_file else None)
    words = refusal(door)
    assert "its certificate cannot be trusted" in words
    assert "returns.imap.ca_file" in words
    assert examined(door).verdict is Verdict.WRONG


def test_so_is_one_for_another_name(door: Door) -> None:
    changed(door, imap_host="127.0.0.1")
    assert "its certificate cannot be trusted (IP address mismatch" in refusal(door)


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_file_of_certificates_that_is_none(door: Door, content: str | None, tmp_path: Path) -> None:
    if content:
        (tmp_path / "ca.pem").write_text(content)
    changed(door, ca_file=tmp_path / "ca.pem")
    assert "returns.imap.ca_file" in refusal(door)
    assert examined(door).verdict is Verdict.WRONG


def test_starttls(dovecot: Dovecot, door: Door) -> None:
    door.put(AWAY)
    changed(door, imap_security="starttls", imap_port=dovecot.port)
    assert len(door.names()) == 1
    changed(door, ca_file=None)
    assert "its certificate cannot be trusted" in refusal(door)


def test_tls_where_none_is_spoken_and_nobody_at_all(dovecot: Dovecot, door: Door) -> None:
    changed(door, imap_port=dovecot.port)
    assert "cannot be reached, or broke off" in refusal(door, MailboxFailed)
    with closed_port() as port:
        changed(door, imap_port=port)
        assert "cannot be reached, or broke off" in refusal(door, MailboxFailed)


@pytest.mark.parametrize("host", ["mail..example", f"{'x' * 64}.example"])
def test_a_host_that_can_be_none(door: Door, host: str) -> None:
    changed(door, imap_host=host)
    assert f"returns.imap.host = '{host}' is no name of a host" in refusal(door)
    assert examined(door).verdict is Verdict.WRONG


def test_what_others_do_meanwhile_is_told_and_disturbs_nothing(door: Door) -> None:
    door.put(*(AWAY for _ in range(120)))
    with another_program(door) as client, door.opened() as mailbox:
        numbers = client.search()
        for handful in mailbox.waiting():
            client.add_flags(numbers, ["\\Flagged", "$Forwarded"], silent=True)
            client.remove_flags(numbers, ["\\Flagged"], silent=True)
            mailbox.done([mail.name for mail in handful])
    assert len(door.done()) == 120


def test_of_a_great_many_mails_some_are_asked_for_at_a_time(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "_AT_A_TIME", 4)
    for mails in (3, 1, 5):  # fewer than that, as many, and more
        door.put(*mails * [AWAY])
        assert len(door.names()) == len(door.kept())


def test_a_mail_that_comes_by_the_other_door_too_is_known(door: Door, office: Office) -> None:
    mail = re.sub("Message-ID: .*\n", "", bounce_of(office, 1))
    other = replace(door, server=None, returns=ReturnsSettings(maildir=door.maildir))
    door.put(mail)
    assert door.read(office).suppressed == 1
    door.put(mail)
    assert other.read(office).known == 1


def test_a_person_finds_what_is_done_and_what_is_left(door: Door, office: Office) -> None:
    door.put(AWAY, QUESTION)
    door.read(office)
    with another_program(door) as client:
        (left,) = client.get_flags(client.search()).values()
        assert b"\\Seen" not in left
        assert "Done" in {name for _, _, name in client.list_sub_folders()}
        client.select_folder("Done")
        (done,) = client.get_flags(client.search()).values()
        assert b"\\Seen" in done


def test_what_is_marked_as_deleted_is_not_read(door: Door, office: Office) -> None:
    door.put(AWAY)
    with another_program(door) as client:
        client.add_flags(client.search(), ["\\Deleted"])
    assert not door.read(office).mails


@pytest.fixture(scope="module")
def old_server() -> Iterator[Dovecot]:
    """One that moves nothing by itself, and has every folder below INBOX."""
    with tempfile.TemporaryDirectory(prefix="dovecot-") as name:
        Path(name).chmod(0o755)
        with Dovecot(Path(name), prefix="INBOX.", capability="IMAP4rev1 NAMESPACE UIDPLUS") as server:
            yield server


def test_a_server_of_long_ago(dovecot: Dovecot, old_server: Dovecot, office: Office) -> None:
    door = imap_door(old_server)
    door.put(AWAY, QUESTION)
    door.read(office)
    assert (door.done(), door.kept()) == ([AWAY.encode()], [QUESTION.encode()])
