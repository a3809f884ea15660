"""A SendGrid on this machine: it answers, holds letters until their time and cancels batches as the service does.

In a process of its own, for tests that kill the sender:

    python -m tests.contract.deliver.local_sendgrid --port 0 --speed 600 --log FILE

prints its port, appends a line for each delivered letter to FILE (address, letter key, batch id, with tabs between) and
answers `GET /__summary` with counts.
"""

from __future__ import annotations

import argparse
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TextIO

import orjson

from tests.contract.deliver.sendgrid_keeper import MOST_MARKS, Answered, Keeper, errors

__all__ = ["MOST_MARKS", "Given", "LocalSendGrid"]


@dataclass(frozen=True)
class Given:
    """An answer of the local SendGrid: a status, `silent` seconds later; or none after the whole body (`cut`).

    `kept` says whether a cut request counts all the same; `half` breaks off in the body, `closes` hangs up after it.
    """

    status: int = 202
    errors: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    kept: bool = False
    silent: float = 0.0
    half: bool = False
    closes: bool = False


class _Server(ThreadingHTTPServer):
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """Clients that break off are part of the game."""


class LocalSendGrid:
    """Gives the next of `answers`, whatever is asked, and what the service would after them. `taken` are the requests
    for letters that it answered 202, or kept without a word."""

    def __init__(
        self,
        *answers: Given,
        clock: Callable[[], float] = time.time,
        speed: float = 1.0,
        log: TextIO | None = None,
        port: int = 0,
        cut_every: int = 0,
        fail_every: int = 0,
    ) -> None:
        self.answers = list(answers)
        self.keeper = Keeper(clock=clock, speed=speed, log=log)
        self.requests: list[dict[str, Any]] = []
        self.taken: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.connections: list[socket.socket] = []
        self._port, self._cut_every, self._fail_every = port, cut_every, fail_every
        self._sends = 0
        self._lock = threading.Lock()

    def __enter__(self) -> LocalSendGrid:
        local = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def setup(self) -> None:
                super().setup()
                local.connections.append(self.connection)

            def answer(self) -> None:
                local.answer(self)

            do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self._server = _Server(("127.0.0.1", self._port), Handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self.hang_up()

    @property
    def port(self) -> int:
        return self._server.server_port

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def delivered(self) -> list[tuple[str, Mapping[str, str]]]:
        """(address, custom_args) of all letters that are out by now."""
        self.release()
        return list(self.keeper.delivered)

    def release(self) -> None:
        with self._lock:
            self.keeper.release()

    def hang_up(self) -> None:
        """Ends all connections, as a service does with those that say nothing."""
        for connection in self.connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def answer(self, call: BaseHTTPRequestHandler) -> None:
        length = int(call.headers.get("Content-Length") or 0)
        body = call.rfile.read(length)
        if len(body) < length:  # the sender broke off: nothing of it counts
            call.close_connection = True
            return
        request = orjson.loads(body) if body else {}
        with self._lock:
            if call.path == "/__summary":
                self.keeper.release()
                _write(call, Answered(200, {"requests": self._sends, **self.keeper.summary()}), Given(), 0)
                return
            if call.path.endswith("/mail/send"):
                self._sends += 1
                self.requests.append(request)
            self.headers.append(dict(call.headers.items()))
            self.paths.append(call.path)
            given = self._given(call.path)
        if given is None:
            with self._lock:
                answered = self._as_the_service_does(call.command, call.path, request)
            _write(call, answered, Given(), len(self.requests))
            return
        self._as_given(call, given, request)

    def _given(self, path: str) -> Given | None:
        if self.answers:
            return self.answers.pop(0)
        if path.endswith("/mail/send") and _is_turn(self._sends, self._cut_every):
            return Given(cut=True, kept=True)
        return Given(503) if path.endswith("/mail/send") and _is_turn(self._sends, self._fail_every) else None

    def _as_given(self, call: BaseHTTPRequestHandler, given: Given, request: dict[str, Any]) -> None:
        time.sleep(given.silent)
        if (given.status == 202 and not given.cut) or given.kept:
            with self._lock:
                self._as_the_service_does(call.command, call.path, request)
        if given.cut:
            call.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            call.close_connection = True
            return
        _write(call, Answered(given.status, given.errors and {"errors": given.errors}), given, len(self.requests))

    def _as_the_service_does(self, method: str, path: str, request: dict[str, Any]) -> Answered:
        keeper, last = self.keeper, path.rsplit("/", 1)[-1]
        keeper.release()
        routes: tuple[tuple[str, str, Callable[[], Answered]], ...] = (
            ("POST", "/v3/mail/send", lambda: self._take(request)),
            ("POST", "/v3/mail/batch", keeper.new_batch),
            ("GET", "/v3/mail/batch/[^/]+", lambda: keeper.validate(last)),
            ("POST", "/v3/user/scheduled_sends", lambda: keeper.mark(request["batch_id"], request["status"])),
            ("GET", "/v3/user/scheduled_sends", keeper.marked),
            ("GET", "/v3/user/scheduled_sends/[^/]+", lambda: keeper.marked(last)),
            ("PATCH", "/v3/user/scheduled_sends/[^/]+", lambda: keeper.remark(last, request["status"])),
            ("DELETE", "/v3/user/scheduled_sends/[^/]+", lambda: keeper.unmark(last)),
        )
        for verb, route, act in routes:
            if verb == method and re.fullmatch(route, path):
                return act()
        return errors(404, None, "not found")

    def _take(self, request: dict[str, Any]) -> Answered:
        answered = self.keeper.take(request)
        if answered.status == 202:
            self.taken.append(request)
        return answered


def _is_turn(count: int, every: int) -> bool:
    return bool(every) and count % every == 0


def _write(call: BaseHTTPRequestHandler, answered: Answered, given: Given, number: int) -> None:
    body = b"" if answered.body is None else orjson.dumps(answered.body)
    call.send_response(answered.status)
    call.send_header("Content-Type", "application/json")
    call.send_header("X-Message-Id", f"message-{number}")
    if answered.status != 204:
        call.send_header("Content-Length", str(len(body) + (100 if given.half else 0)))
    for name, value in given.headers.items():
        call.send_header(name, value)
    call.end_headers()
    call.wfile.write(body)
    call.wfile.flush()
    if given.half or given.closes:
        call.close_connection = True


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--speed", type=float, default=1.0)
    options.add_argument("--log", type=Path)
    options.add_argument("--cut-every", type=int, default=0, help="keep every Nth request and answer nothing")
    options.add_argument("--fail-every", type=int, default=0, help="answer every Nth request 503 and drop it")
    wanted = options.parse_args()
    log = wanted.log.open("a", encoding="utf-8") if wanted.log else None
    with LocalSendGrid(
        port=wanted.port, speed=wanted.speed, log=log, cut_every=wanted.cut_every, fail_every=wanted.fail_every
    ) as server:
        print(server.port, flush=True)
        while True:
            server.release()
            time.sleep(0.02)


if __name__ == "__main__":
    main()
