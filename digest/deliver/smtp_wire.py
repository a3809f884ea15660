"""Bytes to a mail server and replies from it, over a socket of which nobody else reads."""

from __future__ import annotations

import selectors
import socket
import ssl
from collections import deque
from contextlib import suppress

from digest.deliver.smtp_replies import Reply

_AT_ONCE = 16_384  # bytes: the most that a TLS record holds (RFC 8446, section 5.1)
_LONGEST = 8192  # bytes of a line; RFC 5321, section 4.5.3.1.5, allows 512
_MOST_LINES = 200


class Closed(ConnectionError):
    """The server has ended the connection."""

    def __init__(self) -> None:
        super().__init__("the mail server ended it")


class Wire:
    """A socket and what has been received of it and not yet read. It raises OSError when the connection breaks.

    `patience` is how many seconds a reply may take, and how long the other side may take to accept anything.
    """

    def __init__(self, connected: socket.socket, *, patience: float) -> None:
        connected.settimeout(patience)
        self._socket = connected
        self._patience = patience
        self._lines: deque[bytes] = deque()
        self._rest = b""  # of a line whose end has not come

    @property
    def holds_input(self) -> bool:
        """Whether something was received that nobody has read."""
        return bool(self._lines or self._rest)

    @property
    def address(self) -> str:
        """Our end of the connection, as a bare address."""
        return str(self._socket.getsockname()[0])

    def secure(self, context: ssl.SSLContext, host: str) -> None:
        """Goes on inside TLS, for which the server must prove to be `host`. Raises OSError."""
        self._socket = context.wrap_socket(self._socket, server_hostname=host)

    def send(self, data: bytes, *, vital: int = 0) -> None:
        """Hands the bytes to the system. Raises OSError if that fails before all of the first `vital` ones are.

        A failure after those is not raised: the next reply, or its absence, will tell. Inside TLS it is not known how
        much of a failed write has left, so a failure in the write that has the last vital byte is not raised either.
        """
        if isinstance(self._socket, ssl.SSLSocket):
            self._send_in_records(data, vital or len(data))
        else:
            self._send_plain(data, vital or len(data))

    def reply(self, patience: float = 0.0) -> Reply:
        """The next reply. It may take `patience` seconds, where that is more than usual. Raises OSError."""
        line = self._lines.popleft() if self._lines else self._line(patience)
        if line[3:4] == b" " and line[:3].isdigit():
            return Reply(code=int(line[:3]), text=line[4:])
        return self._long_reply(line, patience)

    def has_news(self) -> bool:
        """Whether the server has said something unasked, or gone. Does not wait."""
        if self.holds_input or (isinstance(self._socket, ssl.SSLSocket) and self._socket.pending()):
            return True
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ)
            return bool(selector.select(0))

    def close(self) -> None:
        """Ends the connection without a word."""
        with suppress(OSError):
            self._socket.close()

    def _send_plain(self, data: bytes, vital: int) -> None:
        sent = self._socket.send(data)
        view = memoryview(data)
        while sent < len(data):
            try:
                sent += self._socket.send(view[sent:])
            except OSError:
                if sent >= vital:
                    return
                raise

    def _send_in_records(self, data: bytes, vital: int) -> None:
        last = (vital - 1) // _AT_ONCE * _AT_ONCE
        view = memoryview(data)
        for start in range(0, last, _AT_ONCE):
            self._socket.sendall(view[start : min(start + _AT_ONCE, last)])
        with suppress(OSError):
            self._socket.sendall(view[last:])

    def _long_reply(self, line: bytes, patience: float) -> Reply:
        """A reply of several lines (RFC 5321, section 4.2.1), or of three digits only, or none that can be read."""
        texts = [line[4:]]
        while line[3:4] == b"-" and line[:3].isdigit() and len(texts) < _MOST_LINES:
            line = self._line(patience)
            texts.append(line[4:])
        if line[3:4] not in {b" ", b""} or not line[:3].isdigit():
            return Reply(code=-1, text=line)
        return Reply(code=int(line[:3]), text=b"\n".join(texts))

    def _line(self, patience: float) -> bytes:
        """One line without its end. What goes on for too long comes as it is."""
        while not self._lines:
            received = (self._rest + self._received(patience)).replace(b"\r\n", b"\n")
            *lines, self._rest = received.split(b"\n")
            self._lines.extend(lines)
            if len(self._rest) > _LONGEST:
                self._lines.append(self._rest)
                self._rest = b""
        return self._lines.popleft()

    def _received(self, patience: float) -> bytes:
        """What comes next. Waits in steps of the usual patience, so that the socket's timeout stays as it is."""
        waited = self._patience
        while True:
            try:
                received = self._socket.recv(_LONGEST)
            except TimeoutError:
                if waited >= patience:
                    raise
                waited += self._patience
                continue
            if not received:
                raise Closed
            return received
