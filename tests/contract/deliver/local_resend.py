"""A local server that answers as Resend does: batches, idempotency keys, permissive checks, and whatever it is told to.

Also a process of its own, for tests that kill the sender: `python -m tests.contract.deliver.local_resend --log FILE`
prints its port, appends a line for each letter taken (`address TAB letter TAB key`), and sums up at `GET /__summary`.
"""

from __future__ import annotations

import argparse
import re
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import orjson

PATH = "/emails/batch"
_KEPT_FOR = 24 * 3600.0
_MOST = 100
# Resend takes names in `from` unquoted and unencoded only, and elsewhere unquoted ones.
_FROM = re.compile(r'(?:[^",;:<>()\[\]\\@=]+ <)?[^\s<>@]+@[^\s<>@]+>?')
_TO = re.compile(r'(?:[^",;:<>()\[\]\\@]+ <)?[!-~]+@[a-zA-Z0-9.-]+>?')
_TAG = re.compile(r"[A-Za-z0-9_-]{1,256}")


@dataclass(frozen=True)
class Given:
    """An answer that it is told to give, in place of its own. `kept`: it takes the letters all the same. `cut`: it
    answers nothing; `half`: it breaks off in the middle; `until`: it waits for this before it answers."""

    status: int = 200
    name: str = ""
    message: str = "as it was told"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    kept: bool = False
    cut: bool = False
    half: bool = False
    until: threading.Event | None = None


@dataclass(frozen=True)
class _Kept:
    """What was made of a call, for when it comes again under the same key."""

    payload: bytes
    answer: bytes
    at: float


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Says nothing of connections that break: that is what they are for."""


class LocalResend:
    """Gives the next of `answers`, then its own. `taken` are the emails that readers get, `keys` those of all calls."""

    def __init__(
        self,
        *answers: Given,
        now: Callable[[], float] = time.time,
        log: Path | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.answers = list(answers)
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.keys: list[str] = []
        self.taken: list[dict[str, Any]] = []
        self.connections = 0
        self.cut_every = 0
        self.fail_every = 0
        self._now = now
        self._log = log
        self._tls = tls
        self._kept: dict[str, _Kept] = {}
        self._under_way: set[str] = set()
        self._lock = threading.Lock()

    def __enter__(self) -> LocalResend:
        self.start(0)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def start(self, port: int) -> None:
        local = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self) -> None:
                local.connections += 1
                super().setup()

            def do_POST(self) -> None:
                with suppress(ConnectionError):
                    local.receive(self)

            def do_GET(self) -> None:
                _send(self, 200, orjson.dumps({"calls": len(local.bodies), "taken": len(local.taken)}))

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self._server = _Server(("127.0.0.1", port), Handler)
        if self._tls:
            self._server.socket = self._tls.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def port(self) -> int:
        return self._server.server_port

    @property
    def address(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def receive(self, call: BaseHTTPRequestHandler) -> None:
        payload = call.rfile.read(int(call.headers["Content-Length"]))
        key = call.headers.get("Idempotency-Key", "")
        with self._lock:
            self.bodies.append(payload)
            self.headers.append(dict(call.headers.items()))
            self.keys.append(key)
            given = self._given(len(self.bodies))
            status, body = self._begin(call, payload, key, given)
        if given.until:
            given.until.wait(10)
        with self._lock:
            self._under_way.discard(key)
        if given.cut:
            _break(call)
        else:
            _send(call, status, body, given.headers, half=given.half)

    def _given(self, number: int) -> Given:
        if self.answers:
            return self.answers.pop(0)
        if self.cut_every and number % self.cut_every == 0:
            return Given(cut=True)
        return Given(500, "application_error") if self.fail_every and number % self.fail_every == 0 else Given()

    def _begin(self, call: BaseHTTPRequestHandler, payload: bytes, key: str, given: Given) -> tuple[int, bytes]:
        if key in self._under_way:
            return _error(409, "concurrent_idempotent_requests", "Same key, and the first call is still in progress.")
        own = given.status == 200 and given.body is None
        answer = self._own(call, payload, key) if own or given.kept else (200, b"")
        if key and given.until:
            self._under_way.add(key)
        if own:
            return answer
        told = _error(given.status, given.name, given.message)[1]
        return given.status, told if given.body is None else given.body

    def _own(self, call: BaseHTTPRequestHandler, payload: bytes, key: str) -> tuple[int, bytes]:
        refusal = _of_call(call)
        if refusal:
            return refusal
        kept = self._kept.get(key)
        if kept and self._now() - kept.at < _KEPT_FOR:
            if kept.payload != payload:
                return _error(409, "invalid_idempotent_request", "Same key, and a different payload.")
            return 200, kept.answer
        emails = orjson.loads(payload)
        if not isinstance(emails, list) or not 1 <= len(emails) <= _MOST:
            return _error(422, "validation_error", f"From 1 to {_MOST} emails.")
        answer = self._take(emails, key)
        if key:
            self._kept[key] = _Kept(payload, answer, self._now())
        return 200, answer

    def _take(self, emails: list[dict[str, Any]], key: str) -> bytes:
        wrong = {place: fault for place, email in enumerate(emails) if (fault := _fault(email))}
        good = [email for place, email in enumerate(emails) if place not in wrong]
        first = len(self.taken) + 1
        self.taken += good
        if self._log:
            with self._log.open("a", encoding="utf-8") as log:
                log.writelines(f"{email['to'][0]}\t{_letter(email)}\t{key}\n" for email in good)
        answer: dict[str, Any] = {"data": [{"id": f"id-{first + number}"} for number in range(len(good))]}
        if wrong:
            answer["errors"] = [{"index": place, "message": fault} for place, fault in wrong.items()]
        return orjson.dumps(answer)


def _of_call(call: BaseHTTPRequestHandler) -> tuple[int, bytes] | None:
    if call.path != PATH:
        return _error(404, "not_found", "The requested endpoint does not exist.")
    if not call.headers.get("User-Agent"):
        return 403, b"error code: 1010"
    if not call.headers.get("Authorization", "").startswith("Bearer "):
        return _error(401, "missing_api_key", "Missing API key in the authorization header.")
    if len(call.headers.get("Idempotency-Key", "")) > 256:
        return _error(400, "invalid_idempotency_key", "The key must be between 1-256 chars.")
    assert call.headers.get("x-batch-validation") == "permissive", "the other mode is not played here"
    return None


def _fault(email: dict[str, Any]) -> str:
    if not _FROM.fullmatch(email.get("from", "")):
        return "Invalid `from` field."
    if len(email.get("to", ())) != 1 or not _TO.fullmatch(email["to"][0]) or "refused" in email["to"][0]:
        return "Invalid `to` field."
    if not all(_TO.fullmatch(each) for each in email.get("reply_to", ())):
        return "Invalid `reply_to` field."
    if not all(_TAG.fullmatch(tag["value"]) for tag in email.get("tags", ())):
        return "Tags should only contain ASCII letters, numbers, underscores, or dashes."
    return "" if email.get("subject") and email.get("html") else "Missing `subject` or `html` field."


def _letter(email: dict[str, Any]) -> str:
    return next(str(tag["value"]) for tag in email["tags"] if tag["name"] == "letter")


def _error(status: int, name: str, message: str) -> tuple[int, bytes]:
    return status, orjson.dumps({"statusCode": status, "name": name, "message": message})


def _send(
    call: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str] | None = None, *, half: bool = False
) -> None:
    call.send_response(status)
    for name, value in {
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        **(headers or {}),
    }.items():
        call.send_header(name, value)
    call.end_headers()
    call.wfile.write(body[: len(body) // 2] if half else body)
    if half:
        _break(call)


def _break(call: BaseHTTPRequestHandler) -> None:
    call.wfile.flush()
    call.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    call.close_connection = True


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--cut-every", type=int, default=0, help="take every so-manieth call and answer nothing")
    parser.add_argument("--fail-every", type=int, default=0, help="answer every so-manieth call with 500")
    options = parser.parse_args()
    local = LocalResend(log=options.log)
    local.cut_every, local.fail_every = options.cut_every, options.fail_every
    local.start(options.port)
    print(local.port, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
