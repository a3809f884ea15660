"""Real servers on this machine for the delivery room: mail servers that behave, and one that follows a script. The one
that answers as SendGrid does is next door, in `local_sendgrid`, and bare ports are in `ports`."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from io import BufferedIOBase
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.contract.deliver.local_sendgrid import Given, LocalSendGrid
from tests.contract.deliver.ports import closed_port

__all__ = [
    "HANG_UP",
    "PAUSE",
    "USUAL",
    "Given",
    "LocalSendGrid",
    "MailServer",
    "Script",
    "ScriptedServer",
    "always",
    "closed_port",
    "once",
]


class _AnyPort(Controller):
    """aiosmtpd's controller, on a port that the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()  # type: ignore[no-untyped-call]


class MailServer:
    """aiosmtpd, which keeps what it takes. It refuses readers named `refused…`, and those named `later…` for now.

    It reads command after command from a buffer, and so can be told to offer PIPELINING.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None, pipelining: bool = False, **options: Any) -> None:
        self.pipelining = pipelining
        self.taken: list[Envelope] = []
        self.secured: list[bool] = []
        self.logins: list[LoginPassword] = []
        self.connections = 0
        self._controller = _AnyPort(
            self, hostname="127.0.0.1", port=0, ssl_context=tls, authenticator=self._authenticate, **options
        )

    def __enter__(self) -> MailServer:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(AssertionError):
            self._controller.stop()

    @property
    def port(self) -> int:
        return self._controller.port

    @staticmethod
    def bytes_of(envelope: Envelope) -> bytes:
        assert isinstance(envelope.content, bytes)
        return envelope.content

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return [responses[0], "250-PIPELINING", *responses[1:]] if self.pipelining else responses

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("refused"):
            return "550 5.1.1 no such reader"
        if address.startswith("later"):
            return "451 4.2.1 not now"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append(envelope)
        self.secured.append(session.ssl is not None)
        return f"250 2.0.0 Ok: queued as {len(self.taken):010X}"

    def _authenticate(self, server: SMTP, session: Session, envelope: Envelope, kind: str, data: Any) -> AuthResult:
        self.logins.append(data)
        return AuthResult(success=data == LoginPassword(b"reader", b"correct horse"), handled=False)


HANG_UP = " (and hangs up)"
PAUSE = "~"
"""Stands in a reply where one packet ends and the next begins."""
Script = Callable[[str, int], str | None]
"""A moment (CONNECT, EHLO, MAIL, RCPT, DATA, END …) and its count, to a reply: "" is the usual one, None closes."""

USUAL = {
    "CONNECT": "220 ready",
    "DATA": "354 go on",
    "END": "250 2.0.0 Ok: queued as A1B2C3",
    "QUIT": "221 bye",
}


@dataclass
class ScriptedServer:
    """A mail server that does at each moment what its script says, on any number of connections.

    `offers` are the keywords of its EHLO. It takes commands from a buffer, one at a time, and so can be sent several at
    once. `whole` holds the letters whose end it saw; one without a reader has no bytes. `connections` counts.
    """

    script: Script
    offers: tuple[str, ...] = ()
    port: int = 0
    whole: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    _seen: dict[str, int] = field(default_factory=dict)

    def __enter__(self) -> ScriptedServer:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._thread.join(10)

    def stop(self) -> None:
        """Takes no more connections."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            connection.settimeout(10)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._guest, args=(connection,), daemon=True).start()

    def _guest(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            self._converse(connection)

    def _converse(self, connection: socket.socket) -> None:
        lines = connection.makefile("rb")
        if not self._answer(connection, "CONNECT"):
            return
        for line in lines:
            self.commands.append(line.decode().strip())
            verb = line.split(None, 1)[0].decode().upper()
            reply = self._answer(connection, verb)
            if not reply or verb == "QUIT":
                return
            if verb == "DATA" and reply.startswith("354"):
                letter = self._letter(lines)
                if letter is None:
                    return
                self.whole.append(letter)
                if not self._answer(connection, "END"):
                    return

    @staticmethod
    def _letter(lines: BufferedIOBase) -> bytes | None:
        """Everything up to the dot; None if that never comes."""
        read: list[bytes] = []
        for line in lines:
            if line == b".\r\n":
                return b"".join(read)
            read.append(line)
        return None

    def _answer(self, connection: socket.socket, moment: str) -> str:
        """The reply that was given; nothing if the connection is to end."""
        with self._lock:
            self._seen[moment] = self._seen.get(moment, 0) + 1
            times = self._seen[moment]
        reply = self.script(moment, times)
        if reply is None:
            return ""
        reply = reply or self._usual(moment)
        for packet in (reply.removesuffix(HANG_UP) + "\r\n").split(PAUSE):
            connection.sendall(packet.encode())
            time.sleep(0.01 if PAUSE in reply else 0)
        if reply.endswith(HANG_UP):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return ""
        return reply

    def _usual(self, moment: str) -> str:
        if moment == "EHLO":
            return "\r\n".join((*(f"250-{line}" for line in ("ready", *self.offers)), "250 HELP"))
        return USUAL.get(moment, "250 ok")


def once(moment: str, number: int, reply: str | None) -> Script:
    """A script that departs from the usual at one moment, the `number`th time that it comes."""
    return lambda now, times: reply if (now, times) == (moment, number) else ""


def always(moment: str, reply: str | None) -> Script:
    return lambda now, times: reply if now == moment else ""
