"""Patience: connections that end a fetch at its deadline, however slowly the server feeds them.

A timeout of a socket starts anew with every byte, so a server that drips one now and then could hold us for ever. The
deadline belongs to the thread that fetches; connections themselves are kept and shared.
"""

from __future__ import annotations

import io
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

Monotonic = Callable[[], float]


def _for_ever() -> float:
    return float("inf")


_remaining: ContextVar[Callable[[], float]] = ContextVar("remaining", default=_for_ever)


@contextmanager
def patience(seconds: float, monotonic: Monotonic) -> Iterator[Callable[[], float]]:
    """Within this block this thread's connections give up after so many seconds in all. Gives the seconds left."""
    ends = monotonic() + seconds
    token = _remaining.set(lambda: ends - monotonic())
    try:
        yield _remaining.get()
    finally:
        _remaining.reset(token)


def patient_pools(**options: Any) -> urllib3.PoolManager:
    """urllib3's pools with connections that know the deadline."""
    manager = urllib3.PoolManager(**options)
    manager.pool_classes_by_scheme = {"http": _PatientPool, "https": _PatientSecurePool}
    return manager


class _Reading(io.RawIOBase):
    """The reading end of a socket: no read lasts longer than the socket's timeout, nor past the deadline."""

    def __init__(self, inner: Any, sock: Any) -> None:
        self._inner, self._sock = inner, sock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        remaining = _remaining.get()()
        if remaining <= 0:
            raise TimeoutError("the deadline has passed")
        usual = self._sock.gettimeout()
        self._sock.settimeout(min(remaining, usual or remaining) if remaining != float("inf") else usual)
        try:
            count: int | None = self._inner.readinto(buffer)
            return count
        finally:
            self._sock.settimeout(usual)

    def close(self) -> None:
        self._inner.close()
        super().close()


class _PatientSocket:
    """A socket whose file, which http.client reads from, knows the deadline; in all else the socket itself."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def makefile(self, *_: Any, **__: Any) -> io.BufferedReader:
        return io.BufferedReader(_Reading(self._sock.makefile("rb", buffering=0), self._sock))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


class _PatientConnection(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        self.sock = _PatientSocket(self.sock)


class _PatientSecureConnection(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        self.sock = _PatientSocket(self.sock)


class _PatientPool(HTTPConnectionPool):
    ConnectionCls = _PatientConnection


class _PatientSecurePool(HTTPSConnectionPool):
    ConnectionCls = _PatientSecureConnection
