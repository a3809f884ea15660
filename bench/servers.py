"""The other ends, each in a process of its own, as light as can be so that they are not what is measured.

python -m bench.servers sendgrid                    answers every request, with 202 or a batch id
python -m bench.servers delay PORT MILLISECONDS     passes on to that port, so much later each way

Each prints its port and serves until its input ends.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress

POSTFIX = "/usr/sbin"
_ROOM = memoryview(bytearray(4 << 20))
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_ACCEPTED = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nX-Message-Id: 14c5d75ce93.dfd.64b469\r\n\r\n"
_CREATED = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"


@contextmanager
def serving(*arguments: str) -> Iterator[int]:
    """One of these servers, while it is needed; gives its port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.servers", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout
    try:
        yield int(process.stdout.readline())
    finally:
        process.communicate()


@contextmanager
def smtp_sink() -> Iterator[int]:
    """Postfix's sink for mail; gives its port."""
    port = free_port()
    command = [_program("smtp-sink"), "-u", "nobody", f"127.0.0.1:{port}", "1000"]
    process = subprocess.Popen(command)
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def smtp_source(port: int, *options: str) -> float:
    """Runs Postfix's generator of mail against a port; gives the seconds that it took."""
    started = time.perf_counter()
    command = [_program("smtp-source"), *options, "-f", "letters@docket.example", f"127.0.0.1:{port}"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def _program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path=POSTFIX)
    if found is None:
        sys.exit(f"{name} is missing: install Postfix")
    return found


def free_port() -> int:
    """A port of this machine that nobody has."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        return int(holder.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(100):
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.05)


def _serve_sendgrid() -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    print(listener.getsockname()[1], flush=True)
    threading.Thread(target=_accept, args=(listener,), daemon=True).start()
    sys.stdin.read()


def _accept(listener: socket.socket) -> None:
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_answer, args=(connection,), daemon=True).start()


def _answer(connection: socket.socket) -> None:
    """Answers one request after the other. Bodies are dropped where they lie, without being copied (MSG_TRUNC)."""
    batch = id(connection)
    while head := _head(connection):
        head, _, body = head.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        left = (int(length[1]) if length else 0) - len(body)
        while left > 0:
            left -= connection.recv_into(_ROOM, min(left, len(_ROOM)), socket.MSG_TRUNC)
        batch += 1
        created = b'{"batch_id": "%x"}' % batch
        is_batch = head.startswith(b"POST /v3/mail/batch ")
        connection.sendall(_CREATED % (len(created), created) if is_batch else _ACCEPTED)


def _head(connection: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        received = connection.recv(4096)
        if not received:
            return b""
        head += received
    return head


class _Late(asyncio.Protocol):
    """One direction of a connection: what comes in goes out at the other side, some seconds later."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[tuple[float, bytes]] = deque()
        self.transport: asyncio.Transport | None = None
        self.other: _Late | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._later(data)

    def eof_received(self) -> bool:
        self._later(b"")
        return True

    def _later(self, data: bytes) -> None:
        self._waiting.append((self._loop.time() + self._seconds, data))
        if len(self._waiting) == 1:
            self._loop.call_at(self._waiting[0][0], self._pass_on)

    def _pass_on(self) -> None:
        while self._waiting and self._waiting[0][0] <= self._loop.time():
            self._write(self._waiting.popleft()[1])
        if self._waiting:
            self._loop.call_at(self._waiting[0][0], self._pass_on)

    def _write(self, data: bytes) -> None:
        assert self.other and self.other.transport
        if data:
            self.other.transport.write(data)
        else:
            self.other.transport.close()


class _Front(_Late):
    """The side that is connected to; it connects on to the port."""

    def __init__(self, seconds: float, port: int) -> None:
        super().__init__(seconds)
        self._port = port

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        assert self.transport
        self.transport.pause_reading()
        self._task = self._loop.create_task(self._connect())

    async def _connect(self) -> None:
        _, back = await self._loop.create_connection(lambda: _Late(self._seconds), "127.0.0.1", self._port)
        self.other, back.other = back, self
        assert self.transport
        self.transport.resume_reading()


async def _delay(port: int, seconds: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Front(seconds, port), "127.0.0.1", 0, backlog=64)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


def main() -> None:
    """Serves."""
    if sys.argv[1] == "sendgrid":
        _serve_sendgrid()
    else:
        asyncio.run(_delay(int(sys.argv[2]), int(sys.argv[3]) / 1000))


if __name__ == "__main__":
    main()
