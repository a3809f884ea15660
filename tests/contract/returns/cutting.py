"""A line to a Dovecot that breaks at the command that a test names."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.contract.deliver.ports import reset, serving


@dataclass
class Line:
    """`port` leads to the server until line `at` of what is said to it, from 1. With `answered` the server still hears
    that one and does as it says; the answer is lost. `broke` tells whether it came so far."""

    at: int
    answered: bool
    port: int = 0
    broke: bool = False


@contextmanager
def cut(server: int, at: int, *, answered: bool) -> Iterator[Line]:
    """A line to the IMAP server on a port of this machine, without TLS."""
    line = Line(at, answered)

    def serve(connection: socket.socket, number: int) -> None:
        with socket.create_connection(("127.0.0.1", server), timeout=10) as upstream:
            _carry(connection, upstream, line)

    with serving(serve) as line.port:
        yield line


def _carry(connection: socket.socket, upstream: socket.socket, line: Line) -> None:
    said, heard = connection.makefile("rb"), upstream.makefile("rb")
    connection.sendall(heard.readline())
    tag = b""
    for number, words in enumerate(said, start=1):
        tag = words.split(b" ")[0] if tag == b"" else tag
        if number == line.at and not line.answered:
            break
        upstream.sendall(words)
        answer = list(_answer(heard, tag))
        if number == line.at:
            break
        connection.sendall(b"".join(answer))
        tag = tag if answer[-1].startswith(b"+ ") else b""
    else:
        return
    line.broke = True
    reset(connection)


def _answer(heard: Iterator[bytes], tag: bytes) -> Iterator[bytes]:
    """What a server says to one line: up to the end of its answer, or to where it wants the next line of ours."""
    for words in heard:
        yield words
        if words.startswith((tag + b" ", b"+ ")):
            return
