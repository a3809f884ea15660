"""Ports of this machine: one where nobody listens, one where a test has each connection in its hands, and one where
whoever is told something hangs up."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def closed_port() -> Iterator[int]:
    """A port on which nobody listens: it is bound, so that nobody else takes it meanwhile."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


@contextmanager
def serving(
    serve: Callable[[socket.socket, int], None], tls: ssl.SSLContext | None = None, *, buffer: int = 0
) -> Iterator[int]:
    """A port on which `serve` has each connection, with its number from 0. `buffer` bytes are taken in before it
    reads; 0 leaves them to the system."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        if buffer:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)

        def run() -> None:
            number = 0
            while True:
                try:
                    accepted, _ = listener.accept()
                except OSError:
                    return
                accepted.settimeout(10)
                with suppress(OSError), tls.wrap_socket(accepted, server_side=True) if tls else accepted as connection:
                    serve(connection, number)
                number += 1

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        thread.join(10)


@contextmanager
def hangs_up_while_it_is_told() -> Iterator[int]:
    """A port that takes the beginning of whatever is sent, and then breaks the connection."""

    def serve(connection: socket.socket, number: int) -> None:
        connection.recv(1024)
        reset(connection)

    with serving(serve, buffer=4096) as port:
        yield port


def reset(connection: socket.socket) -> None:
    """Breaks it off, so that the other end hears of it at once."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
