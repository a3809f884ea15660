"""Asking real hosts: certificates, clicks, and everything that keeps an answer away."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from digest.health.hosts import HostAsker
from tests.contract.deliver.ports import closed_port, reset, serving

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@contextmanager
def host(answer: bytes, tls: ssl.SSLContext | None = None) -> Iterator[tuple[int, list[bytes]]]:
    heard: list[bytes] = []

    def serve(connection: socket.socket, number: int) -> None:
        request = connection.recv(65536)
        while request.startswith(b"POST") and not request.endswith(b"One-Click"):
            request += connection.recv(65536)
        heard.append(request)
        connection.sendall(answer)

    with serving(serve, tls) as port:
        yield port, heard


def speaking(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def asker(authority: trustme.CA, *, seconds: float = 5.0) -> HostAsker:
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    return HostAsker(lambda: NOW, seconds=seconds, trust=trust)


def test_an_answer_over_tls(authority: trustme.CA) -> None:
    body = b'HTTP/1.1 200 OK\r\nDate: Fri, 20 Nov 2026 14:00:30 GMT\r\nContent-Length: 12\r\n\r\n{"is": "ok"}'
    ends = NOW + timedelta(days=30)
    certificate = authority.issue_cert("localhost", not_after=ends)
    with host(body, speaking(certificate)) as (port, _):
        found = asker(authority).ask("GET", f"https://localhost:{port}/")
    assert (found.status, found.told, found.trouble) == (200, {"is": "ok"}, "")
    assert (found.at, found.asked_at) == (NOW + timedelta(seconds=30), NOW)
    assert found.expires == ends


def test_a_click_is_posted_as_a_mailbox_provider_does_and_no_redirect_is_followed(authority: trustme.CA) -> None:
    moved = b"HTTP/1.1 301 Moved\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"
    with host(moved, speaking(authority.issue_cert("localhost"))) as (port, heard):
        found = asker(authority).ask(
            "POST",
            f"https://localhost:{port}/u/abc",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            body=b"List-Unsubscribe=One-Click",
        )
    assert (found.status, found.location, len(heard)) == (301, "/elsewhere", 1)
    assert heard[0].startswith(b"POST /u/abc HTTP/1.1\r\n") and heard[0].endswith(b"List-Unsubscribe=One-Click")


def test_certificates_that_do_not_count(authority: trustme.CA) -> None:
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    bad = {
        "has expired": authority.issue_cert("localhost", not_after=long_ago),
        "localhost": authority.issue_cert("other.example"),
        "issuer": trustme.CA().issue_cert("localhost"),
    }
    for words, certificate in bad.items():
        with host(OK, speaking(certificate)) as (port, _):
            found = asker(authority).ask("GET", f"https://localhost:{port}/")
        assert (found.status, found.refused) == (0, True), words
        assert "certificate cannot be trusted" in found.trouble and words in found.trouble


def test_a_host_that_speaks_no_tls(authority: trustme.CA) -> None:
    with host(b"220 mail.docket.example ESMTP\r\n") as (port, _):
        found = asker(authority).ask("GET", f"https://localhost:{port}/")
    assert (found.status, found.refused) == (0, True)


def test_nobody_listens(authority: trustme.CA) -> None:
    with closed_port() as port:
        found = asker(authority).ask("GET", f"http://127.0.0.1:{port}/")
    assert (found.trouble, found.refused) == ("nobody listens there", True)


def test_a_host_that_says_nothing_is_not_waited_for(authority: trustme.CA) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        found = asker(authority, seconds=0.2).ask("GET", f"http://127.0.0.1:{silent.getsockname()[1]}/")
    assert (found.status, found.trouble, found.refused) == (0, "no answer within 0.2 s", False)


def test_a_host_that_hangs_up(authority: trustme.CA) -> None:
    def serve(connection: socket.socket, number: int) -> None:
        connection.recv(65536)
        reset(connection)

    with serving(serve) as port:
        found = asker(authority).ask("GET", f"http://127.0.0.1:{port}/")
    assert (found.status, found.refused) == (0, True)


@pytest.mark.parametrize("address", ["https://nowhere.invalid/", "https://" + "a" * 70 + ".example/", "https://a..b/"])
def test_a_host_that_there_is_not(authority: trustme.CA, address: str) -> None:
    found = asker(authority).ask("GET", address)
    assert found.status == 0 and found.trouble


def test_what_is_no_json_and_no_date_is_nothing(authority: trustme.CA) -> None:
    with host(b"HTTP/1.1 200 OK\r\nDate: yesterday\r\nContent-Length: 6\r\n\r\n<html>") as (port, _):
        found = asker(authority).ask("GET", f"http://127.0.0.1:{port}/")
    assert (found.status, found.told, found.at, found.expires) == (200, None, None, None)
