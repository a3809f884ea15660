"""Real servers on this machine for the delivery room: mail servers that behave, one that follows a script, and one that
answers as SendGrid does."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class _AnyPort(Controller):
    """aiosmtpd's controller, on a port that the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()  # type: ignore[no-untyped-call]


class MailServer:
    """aiosmtpd, which keeps what it takes. It refuses readers named `refused…`, and those named `later…` for now."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, **options: Any) -> None:
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
        return responses

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
Script = Callable[[str, int], str | None]
"""A moment (CONNECT, EHLO, MAIL, RCPT, DATA, END …) and its count, to a reply: "" is the usual one, None closes."""

USUAL = {
    "CONNECT": "220 ready",
    "EHLO": "250 ready",
    "DATA": "354 go on",
    "END": "250 2.0.0 Ok: queued as A1B2C3",
    "QUIT": "221 bye",
}


@dataclass
class ScriptedServer:
    """A mail server that does at each moment what its script says. `whole` counts the letters whose end it saw."""

    script: Script
    port: int = 0
    whole: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    _seen: dict[str, int] = field(default_factory=dict)

    def __enter__(self) -> ScriptedServer:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
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
            connection.settimeout(10)
            with connection, suppress(OSError):
                self._converse(connection)

    def _converse(self, connection: socket.socket) -> None:
        lines = connection.makefile("rb")
        if not self._answer(connection, "CONNECT"):
            return
        for line in lines:
            self.commands.append(line.decode().strip())
            verb = line.split(None, 1)[0].decode().upper()
            if not self._answer(connection, verb) or verb == "QUIT":
                return
            if verb == "DATA" and self._last.startswith("354"):
                self.whole.append(b"".join(iter(lines.readline, b".\r\n")))
                if not self._answer(connection, "END"):
                    return

    def _answer(self, connection: socket.socket, moment: str) -> bool:
        self._seen[moment] = self._seen.get(moment, 0) + 1
        reply = self.script(moment, self._seen[moment])
        if reply is None:
            return False
        self._last = reply or USUAL.get(moment, "250 ok")
        connection.sendall(self._last.removesuffix(HANG_UP).encode() + b"\r\n")
        if self._last.endswith(HANG_UP):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return not self._last.endswith(HANG_UP)


def once(moment: str, number: int, reply: str | None) -> Script:
    """A script that departs from the usual at one moment, the `number`th time that it comes."""
    return lambda now, times: reply if (now, times) == (moment, number) else ""


def always(moment: str, reply: str | None) -> Script:
    return lambda now, times: reply if now == moment else ""


@dataclass(frozen=True)
class Given:
    """An answer of the local SendGrid: a status, `silent` seconds later; or none after the whole body (`cut`)."""

    status: int = 202
    errors: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    silent: float = 0.0
    half: bool = False


class LocalSendGrid:
    """Answers as the service does: the next of `answers`, then 202. `taken` are the requests that it answered 202."""

    def __init__(self, *answers: Given) -> None:
        self.answers = list(answers)
        self.requests: list[dict[str, Any]] = []
        self.taken: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []

    def __enter__(self) -> LocalSendGrid:
        local = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                local.receive(self)

            def do_GET(self) -> None:
                local.paths.append("GET")
                self.send_response(202)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def receive(self, call: BaseHTTPRequestHandler) -> None:
        request = orjson.loads(call.rfile.read(int(call.headers["Content-Length"])))
        self.requests.append(request)
        self.headers.append(dict(call.headers.items()))
        self.paths.append(call.path)
        given = self.answers.pop(0) if self.answers else Given()
        time.sleep(given.silent)
        if given.cut:
            call.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            call.close_connection = True
            return
        if given.status == 202:
            self.taken.append(request)
        self._answer(call, given)

    def _answer(self, call: BaseHTTPRequestHandler, given: Given) -> None:
        body = b"" if given.errors is None else orjson.dumps({"errors": given.errors})
        call.send_response(given.status)
        call.send_header("Content-Type", "application/json")
        call.send_header("X-Message-Id", f"message-{len(self.requests)}")
        call.send_header("Content-Length", str(len(body) + (100 if given.half else 0)))
        for name, value in given.headers.items():
            call.send_header(name, value)
        call.end_headers()
        call.wfile.write(body)
        call.close_connection = True


@contextmanager
def closed_port() -> Iterator[int]:
    """A port on which nobody listens: it is bound, so that nobody else takes it meanwhile."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


@contextmanager
def hangs_up_while_it_is_told() -> Iterator[int]:
    """A port that takes the beginning of whatever is sent, and then breaks the connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    connection.recv(1024)
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    connection.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        thread.join(10)
