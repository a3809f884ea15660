"""The connection that is kept open: when it is used again, and what is known of a request on one that breaks."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme

from digest.deliver.kept_connection import KeptConnection, NotSent, Unanswered, trusted_authorities
from tests.contract.deliver.local_sendgrid import Given, LocalSendGrid
from tests.contract.deliver.ports import reset, serving

TAKEN = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nX-Message-Id: abc\r\n\r\n"
LARGE = b"x" * 16_000_000  # more than the buffers of both ends hold


class Clock:
    time = 100.0

    def __call__(self) -> float:
        return self.time


def post(connection: KeptConnection, body: bytes = b"{}") -> int:
    return connection.exchange("POST", "/v3/mail/send", {"Content-Type": "application/json"}, body).status


def hear(connection: socket.socket) -> bytes:
    """The head of a whole request, once its body is there."""
    heard = bytearray()
    while b"\r\n\r\n" not in heard:
        heard += connection.recv(65536) or _gone()
    head, _, body = bytes(heard).partition(b"\r\n\r\n")
    left = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]) - len(body)
    while left:
        left -= len(connection.recv(left) or _gone())
    return head


def _gone() -> bytes:
    raise ConnectionError


def test_it_is_kept_open() -> None:
    with LocalSendGrid() as server:
        connection = KeptConnection(server.address, 5)
        assert [post(connection, b'{"personalizations":[]}') for _ in range(3)] == [202] * 3
        assert len(server.connections) == 1
        connection.close()
        assert post(connection, b'{"personalizations":[]}') == 202
        assert len(server.connections) == 2


def test_one_that_was_idle_for_long_is_not_used_again() -> None:
    clock = Clock()
    with LocalSendGrid() as server:
        connection = KeptConnection(server.address, 5, monotonic=clock)
        for pause, connections in ((0, 1), (4.9, 1), (5.1, 2), (4.9, 2)):
            clock.time += pause
            assert post(connection, b'{"personalizations":[]}') == 202
            assert len(server.connections) == connections


def test_one_that_the_server_has_closed_is_not_used_again() -> None:
    with LocalSendGrid() as server:
        connection = KeptConnection(server.address, 5)
        for number in range(1, 4):
            assert post(connection, b'{"personalizations":[]}') == 202
            assert len(server.taken) == len(server.connections) == number
            server.hang_up()


def test_one_that_the_server_has_said_farewell_on_is_not_used_again() -> None:
    """It would take another request whole, and never answer."""
    said, opened = threading.Event(), []

    def serve(connection: socket.socket, number: int) -> None:
        opened.append(number)
        hear(connection)
        connection.sendall(TAKEN)
        if number == 0:
            connection.shutdown(socket.SHUT_WR)
            said.set()
        while connection.recv(65536):
            pass

    with serving(serve) as port:
        connection = KeptConnection(f"http://127.0.0.1:{port}", 5)
        assert post(connection) == 202
        assert said.wait(10)
        assert post(connection) == 202
        connection.close()
    assert opened == [0, 1]


def test_one_that_says_it_closes_is_not_used_again() -> None:
    with LocalSendGrid(Given(headers={"Connection": "close"}, closes=True)) as server:
        connection = KeptConnection(server.address, 5)
        assert [post(connection, b'{"personalizations":[]}') for _ in range(2)] == [202] * 2
        assert len(server.connections) == 2


def test_what_breaks_a_kept_one_before_it_is_whole_is_sent_once_more() -> None:
    heard = []

    def serve(connection: socket.socket, number: int) -> None:
        heard.append(hear(connection))
        connection.sendall(TAKEN)
        if number == 0:
            connection.recv(100)
            reset(connection)
        else:
            heard.append(hear(connection))
            connection.sendall(TAKEN)

    with serving(serve) as port:
        connection = KeptConnection(f"http://127.0.0.1:{port}", 5)
        assert [post(connection), post(connection, LARGE)] == [202, 202]
        connection.close()
    assert len(heard) == 2


def test_what_breaks_a_new_one_before_it_is_whole_is_not_sent_again() -> None:
    opened = []

    def serve(connection: socket.socket, number: int) -> None:
        opened.append(number)
        connection.recv(100)
        reset(connection)

    with serving(serve) as port, pytest.raises(NotSent):
        post(KeptConnection(f"http://127.0.0.1:{port}", 5), LARGE)
    assert opened == [0]


@pytest.mark.parametrize("end", [reset, socket.socket.close])
def test_a_kept_one_that_ends_after_a_whole_request_leaves_it_unanswered(end: Callable[[socket.socket], None]) -> None:
    heard = []

    def serve(connection: socket.socket, number: int) -> None:
        heard.append(hear(connection))
        connection.sendall(TAKEN)
        heard.append(hear(connection))
        end(connection)

    with serving(serve) as port:
        connection = KeptConnection(f"http://127.0.0.1:{port}", 5)
        assert post(connection) == 202
        with pytest.raises(Unanswered):
            post(connection)
    assert len(heard) == 2


def test_a_refusal_before_the_end_of_a_request_is_heard() -> None:
    def serve(connection: socket.socket, number: int) -> None:
        connection.recv(1024)
        connection.sendall(b"HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        threading.Event().wait(0.3)
        reset(connection)

    with serving(serve) as port:
        assert post(KeptConnection(f"http://127.0.0.1:{port}", 5), LARGE) == 413


def test_an_answer_before_the_end_that_is_no_refusal_does_not_count() -> None:
    def serve(connection: socket.socket, number: int) -> None:
        connection.recv(1024)
        connection.sendall(TAKEN)
        threading.Event().wait(0.3)
        reset(connection)

    with serving(serve) as port, pytest.raises(NotSent):
        post(KeptConnection(f"http://127.0.0.1:{port}", 5), LARGE)


def test_who_never_reads_on_has_not_got_it() -> None:
    done = threading.Event()

    def serve(connection: socket.socket, number: int) -> None:
        connection.recv(10)
        done.wait(10)

    with serving(serve) as port:
        with pytest.raises(NotSent, match="no answer in time"):
            post(KeptConnection(f"http://127.0.0.1:{port}", 0.3), LARGE)
        done.set()


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> trustme.CA:
    """One that this system trusts."""
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return made


def server_tls(authority: trustme.CA, host: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    return context


def two_requests(connection: socket.socket, number: int) -> None:
    for _ in range(2):
        hear(connection)
        connection.sendall(TAKEN)


def test_tls_is_kept_open_too(authority: trustme.CA) -> None:
    opened = []

    def serve(connection: socket.socket, number: int) -> None:
        opened.append(number)
        two_requests(connection, number)

    with serving(serve, server_tls(authority, "localhost")) as port:
        address = f"https://localhost:{port}"
        connection = KeptConnection(address, 5, trusted_authorities(address))
        assert [post(connection, b"x" * 300_000) for _ in range(2)] == [202] * 2
        connection.close()
    assert opened == [0]


@pytest.mark.parametrize("host", ["127.0.0.1", "other.example"])
def test_a_certificate_that_cannot_be_trusted(host: str, authority: trustme.CA) -> None:
    issuer = authority if host == "other.example" else trustme.CA()
    with serving(two_requests, server_tls(issuer, host)) as port:
        address = f"https://127.0.0.1:{port}"
        with pytest.raises(NotSent, match="certificate cannot be trusted"):
            post(KeptConnection(address, 5, trusted_authorities(address)))


def test_a_server_that_speaks_no_tls() -> None:
    with LocalSendGrid() as server:
        address = server.address.replace("http:", "https:")
        with pytest.raises(NotSent):
            post(KeptConnection(address, 5, trusted_authorities(address)))
    assert not server.requests


def test_it_goes_through_the_systems_proxy(authority: trustme.CA, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    inside = server_tls(authority, "api.sendgrid.example")

    def serve(connection: socket.socket, number: int) -> None:
        asked.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with inside.wrap_socket(connection, server_side=True) as secured:
            two_requests(secured, number)

    with serving(serve) as port:
        monkeypatch.setenv("https_proxy", f"http://me:s%40cret@127.0.0.1:{port}")
        address = "https://api.sendgrid.example"
        connection = KeptConnection(address, 5, trusted_authorities(address))
        assert [post(connection) for _ in range(2)] == [202] * 2
        connection.close()
    (tunnel,) = asked
    assert tunnel.startswith(b"CONNECT api.sendgrid.example:443 ")
    assert b"Proxy-Authorization: Basic bWU6c0BjcmV0\r\n" in tunnel
    assert b"Bearer" not in tunnel
