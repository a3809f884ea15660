"""A line to a real Dovecot that breaks at each command: nothing is lost, and nothing counts twice."""

from __future__ import annotations

import socket
from dataclasses import replace
from itertools import count

import pytest

from digest.errors import MailboxFailed
from tests.contract.deliver.ports import serving
from tests.contract.returns.cutting import cut
from tests.contract.returns.doors import Door, imap_door
from tests.contract.returns.mails import Mixed
from tests.dovecot import Dovecot
from tests.unit.dispatch.office import Office


@pytest.fixture
def door(dovecot: Dovecot) -> Door:
    return imap_door(dovecot)


@pytest.mark.parametrize("answered", [False, True])
def test_a_line_that_breaks_at_any_command(dovecot: Dovecot, answered: bool, office: Office) -> None:
    for at in count(1):
        door = imap_door(dovecot)
        mails = Mixed(office, gone=[2 * at], leave=[2 * at + 1])
        mails.put(door)
        with cut(dovecot.port, at, answered=answered) as line:
            words = failure(door, line.port, office)
        if not line.broke:
            assert at > 10
            return
        if words:  # else it was goodbye
            assert "localhost" in words and "broke off" in words and "nothing is lost" in words
            door.read(office)
        mails.are_dealt_with(door, office)


def failure(door: Door, port: int, office: Office) -> str:
    """Reads the mailbox by the port, and gives the words that are shown; none if nothing failed."""
    broken = replace(door, returns=replace(door.returns, imap_port=port, imap_security="none"))
    try:
        broken.read(office)
    except MailboxFailed as error:
        return f"{error} ({error.hint})"
    return ""


@pytest.mark.parametrize(
    "greeting",
    [
        "",
        "* BYE Too many connections\r\n",
        "220 mail.docket.example ESMTP\r\n",
        "* OK hello\r\n* BYE shutting down\r\n",
    ],
)
def test_a_server_that_hangs_up(door: Door, office: Office, greeting: str) -> None:
    def serve(connection: socket.socket, number: int) -> None:
        connection.sendall(greeting.encode())

    with serving(serve) as port:
        assert "broke off" in failure(door, port, office)


def test_a_server_that_cannot_look_up_passwords_just_now(door: Door, office: Office) -> None:
    def serve(connection: socket.socket, number: int) -> None:
        connection.sendall(b"* OK hello\r\n")
        for line in connection.makefile("rb"):
            tag, command = line.split()[:2]
            if command == b"CAPABILITY":
                connection.sendall(b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK done\r\n")
            else:
                connection.sendall(tag + b" NO [UNAVAILABLE] Temporary authentication failure\r\n")

    with serving(serve) as port:
        assert "Temporary authentication failure" in failure(door, port, office)
