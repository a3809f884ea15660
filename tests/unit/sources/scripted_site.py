"""A web site on 127.0.0.1, or another address of this machine, whose answers a test scripts: each address has an act
that gets the request's handler."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Act = Callable[[BaseHTTPRequestHandler], None]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Connections that a test breaks on purpose are no news."""


class Site:
    """`acts` maps a path (without its query) to what happens there; `asked` lists the requests as they came."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host = host
        self.acts: dict[str, Act] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self._server = _Server((host, 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._server.server_port)

    def at(self, path: str) -> str:
        return f"http://{self.host}:{self.port}{path}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                act = site.acts.get(self.path.partition("?")[0], status(404))
                try:
                    act(self)
                except OSError:
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                pass

        return Handler


def page(body: bytes | str, status: int = 200, /, **headers: str) -> Act:
    """An ordinary answer; header names with `_` for `-`."""
    content = body.encode() if isinstance(body, str) else body

    def act(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"content_length": str(len(content)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)

    return act


def status(code: int, body: str = "<html><title>Sorry</title></html>") -> Act:
    return page(body, code, content_type="text/html")


def redirect(code: int, location: str) -> Act:
    return page("moved", code, location=location)


def packed(body: bytes, **headers: str) -> Act:
    return page(gzip.compress(body), content_encoding="gzip", **headers)


def unless_known(body: str, etag: str, last_modified: str = "") -> Act:
    """304 to a request that names the validators, as WordPress does it: all that are sent must match."""

    def act(handler: BaseHTTPRequestHandler) -> None:
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        asked = {name: handler.headers.get(name, "") for name in conditions if handler.headers.get(name)}
        known = bool(asked) and all(conditions[name] == value for name, value in asked.items())
        found = {name: value for name, value in (("etag", etag), ("last_modified", last_modified)) if value}
        page(b"" if known else body, 304 if known else 200, **found)(handler)

    return act


def in_turn(*acts: Act) -> Act:
    """One act after the other, the last of them for good."""
    left = list(acts)

    def act(handler: BaseHTTPRequestHandler) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(handler)

    return act


def dripping(head: bytes, drop: bytes, pause: float = 0.02) -> Act:
    """Bytes that never end, a few at a time."""

    def act(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.wfile.write(head)
        for _ in range(3000):
            handler.wfile.write(drop)
            time.sleep(pause)

    return act


def cut_after(head: bytes) -> Act:
    """Some bytes of an answer, then the connection ends."""

    def act(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.wfile.write(head)

    return act


def reset(handler: BaseHTTPRequestHandler) -> None:
    """The connection is reset instead of answered."""
    handler.close_connection = True
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.wfile = handler.rfile  # nothing is left to flush
