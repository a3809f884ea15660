"""Visitors who send too much, too slowly or nothing at all, at real sockets of the running server."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from digest.web.site.application import application
from digest.web.site.guard import Bounds
from digest.web.site.patience import PatientProtocol
from digest.web.site.server import server_of
from tests.unit.web.site.house import open_house

_PATIENCE = 20.0  # seconds, of the test with the server
_BOUNDS = Bounds(largest=1000, seconds=0.3)
_FORM = b"POST / HTTP/1.1\r\nHost: letters.docket.example\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@contextmanager
def running(server: uvicorn.Server) -> Iterator[tuple[str, int]]:
    """Where it listens, while it runs."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield listener.getsockname()
        finally:
            server.should_exit = True
            thread.join(_PATIENCE)


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    with (
        open_house(tmp_path_factory.mktemp("pages")) as house,
        running(server_of(application(house.pages, _BOUNDS), (), head_seconds=1)) as place,
    ):
        yield place


@pytest.fixture
def visitor(door: tuple[str, int]) -> Iterator[socket.socket]:
    with socket.create_connection(door, timeout=_PATIENCE) as connection:
        yield connection


def answer(visitor: socket.socket) -> bytes:
    """All that is said until the server ends the connection."""
    pieces = []
    while piece := visitor.recv(65_536):
        pieces.append(piece)
    return b"".join(pieces)


def test_what_is_announced_as_too_much_is_not_waited_for(visitor: socket.socket) -> None:
    visitor.sendall(_FORM + b"Content-Length: 1000000000\r\n\r\naddress=")
    said = answer(visitor)
    assert said.startswith(b"HTTP/1.1 413 ")
    assert b"More was sent than a page of ours can take." in said


def test_what_grows_too_large_is_not_read_to_its_end(visitor: socket.socket) -> None:
    visitor.sendall(_FORM + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % (_BOUNDS.largest + 1))
    visitor.sendall(b"x" * (_BOUNDS.largest + 1))
    assert answer(visitor).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("place", ["/", "/api/sign-up", "/undo", "/hooks/sendgrid"])
def test_a_body_that_drips_is_cut(visitor: socket.socket, place: str) -> None:
    head = f"POST {place} HTTP/1.1\r\nHost: letters.docket.example\r\nContent-Type: application/json\r\n"
    head = head.replace("json", "json" if place.startswith("/api") else "x-www-form-urlencoded")
    visitor.sendall(head.encode() + b"Content-Length: 100\r\n\r\naddr")
    assert answer(visitor).startswith(b"HTTP/1.1 408 ")


def test_a_head_that_drips_is_cut(visitor: socket.socket) -> None:
    with pytest.raises(OSError):
        for sign in (_FORM * 100).decode():
            visitor.sendall(sign.encode())
            time.sleep(0.05)


def test_who_says_nothing_is_not_kept(visitor: socket.socket) -> None:
    assert answer(visitor) == b""


def test_a_head_without_an_end_is_refused(visitor: socket.socket) -> None:
    visitor.sendall(b"GET / HTTP/1.1\r\nX: " + b"x" * 20_000)
    assert answer(visitor).startswith(b"HTTP/1.1 400 ")


def test_a_head_that_is_whole_and_too_long_is_refused(visitor: socket.socket) -> None:
    visitor.sendall(b"GET / HTTP/1.1\r\nHost: letters.docket.example\r\nX: " + b"x" * 20_000 + b"\r\n\r\n")
    assert answer(visitor).startswith(b"HTTP/1.1 400 ")


def test_empty_lines_after_an_answer_keep_no_connection(visitor: socket.socket) -> None:
    visitor.sendall(b"GET /u/nobody HTTP/1.1\r\nHost: letters.docket.example\r\n\r\n")
    with pytest.raises(OSError):
        for _ in range(400):
            visitor.sendall(b"\r\n")
            time.sleep(0.05)


def test_who_is_within_the_bounds_is_answered_again_and_again(visitor: socket.socket) -> None:
    body = b"List-Unsubscribe=One-Click"
    request = _FORM.replace(b"POST / ", b"POST /u/nobody ") + b"Content-Length: %d\r\n\r\n" % len(body)
    for _ in range(3):
        visitor.sendall(request)
        time.sleep(0.05)
        visitor.sendall(body)
        said = b""
        while not said.endswith(b"This link leads to nobody.\n"):
            said += visitor.recv(65_536)
        assert said.startswith(b"HTTP/1.1 404 ")


def test_more_connections_than_the_server_takes_are_sent_away() -> None:
    pages = Starlette(routes=[Route("/", lambda _: PlainTextResponse("Hello"))])
    with running(server_of(pages, (), most_connections=3)) as place, ExitStack() as open_ones:
        for status in (b"200", b"200", b"503"):
            visitor = open_ones.enter_context(socket.create_connection(place, timeout=_PATIENCE))
            visitor.sendall(b"GET / HTTP/1.1\r\nHost: letters.docket.example\r\n\r\n")
            assert visitor.recv(65_536).startswith(b"HTTP/1.1 " + status)


def test_who_takes_nothing_of_an_answer_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PatientProtocol, "stuck_seconds", 0.2)
    large = Starlette(routes=[Route("/", lambda _: PlainTextResponse("x" * 50_000_000))])
    with running(server_of(large, ())) as place, socket.create_connection(place, timeout=_PATIENCE) as visitor:
        visitor.sendall(b"GET / HTTP/1.1\r\nHost: letters.docket.example\r\n\r\n")
        time.sleep(1)
        taken = 0
        with suppress(ConnectionResetError):
            while piece := visitor.recv(1 << 20):
                taken += len(piece)
        assert taken < 50_000_000
