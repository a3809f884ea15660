"""Patience: connections that end a fetch at its deadline, however slowly the server feeds them, and however much.

A timeout of a socket starts anew with every byte, so a server that drips one now and then could hold us for ever. And
http.client reads without an end where the size of a chunk is a lie (`-1`). What a fetch may take belongs to the thread
that fetches; connections themselves are kept and shared.
"""

from __future__ import annotations

import io
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

import urllib3
from urllib3.exceptions import HTTPError

from digest.network import (
    GuardedConnection,
    GuardedPool,
    GuardedSecureConnection,
    GuardedSecurePool,
    Hosts,
    pools_of,
)

Monotonic = Callable[[], float]
FOR_EVER = float("inf")


class TooMuch(HTTPError):
    """A single answer that goes on past what may come over the wire."""


class Patience:
    """What one fetch may take: seconds in all, and bytes over the wire for each answer.

    `until` is the instant (of the same clock) at which the whole run ends.
    """

    def __init__(
        self, seconds: float, monotonic: Monotonic, *, until: float = FOR_EVER, most: float = FOR_EVER
    ) -> None:
        self._monotonic, self._until = monotonic, until
        self._ends = monotonic() + seconds
        self.most = most

    def remaining(self) -> float:
        """The seconds that are left; none or fewer when it is over."""
        return min(self._ends, self._until) - self._monotonic()

    def ended_with_the_run(self) -> bool:
        """Whether it was the run's time that ended, and not this fetch's."""
        return self._until <= min(self._ends, self._monotonic())

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What is done within this block does not count: waiting for one's turn is no fault of the server's."""
        began = self._monotonic()
        try:
            yield
        finally:
            self._ends += self._monotonic() - began


_patience: ContextVar[Patience | None] = ContextVar("patience", default=None)


@contextmanager
def patience(
    seconds: float, monotonic: Monotonic, *, until: float = FOR_EVER, most: float = FOR_EVER
) -> Iterator[Patience]:
    """Within this block this thread's connections give up after so many seconds, at `until`, or after `most` bytes."""
    token = _patience.set(Patience(seconds, monotonic, until=until, most=most))
    try:
        yield _patience.get()  # type: ignore[misc]
    finally:
        _patience.reset(token)


def patient_pools(hosts: Hosts, **options: Any) -> urllib3.PoolManager:
    """urllib3's pools, with connections to admitted hosts that know what a fetch may take."""
    return pools_of(partial(_PatientPool, hosts), partial(_PatientSecurePool, hosts), **options)


def _remaining() -> float:
    current = _patience.get()
    return current.remaining() if current else FOR_EVER


class _Reading(io.RawIOBase):
    """The reading end of a socket, for one answer: no read lasts longer than the socket's timeout, nor past the
    deadline, nor goes on past the most bytes."""

    def __init__(self, inner: Any, sock: Any) -> None:
        self._inner, self._sock = inner, sock
        self._came = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        usual = self._sock.gettimeout()
        self._sock.settimeout(_bounded(usual))
        try:
            return self._counted(self._inner.readinto(buffer))
        finally:
            self._sock.settimeout(usual)

    def _counted(self, count: int | None) -> int | None:
        current = _patience.get()
        self._came += count or 0
        if current and self._came > current.most:
            raise TooMuch(f"more than {current.most:,} bytes came")
        return count

    def close(self) -> None:
        self._inner.close()
        super().close()


def _bounded(usual: float | None) -> float | None:
    """A timeout that ends with the patience. Raises TimeoutError when that is over."""
    remaining = _remaining()
    if remaining <= 0:
        raise TimeoutError("the deadline has passed")
    return min(remaining, usual or remaining) if remaining != FOR_EVER else usual


class _PatientSocket:
    """A socket whose file, which http.client reads from, knows the deadline; in all else the socket itself."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def makefile(self, *_: Any, **__: Any) -> io.BufferedReader:
        return io.BufferedReader(_Reading(self._sock.makefile("rb", buffering=0), self._sock))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


class _PatientConnection(GuardedConnection):
    def connect(self) -> None:
        self.timeout = _bounded(self.timeout)
        super().connect()
        self.sock = _PatientSocket(self.sock)


class _PatientSecureConnection(GuardedSecureConnection):
    def connect(self) -> None:
        self.timeout = _bounded(self.timeout)
        super().connect()
        self.sock = _PatientSocket(self.sock)


class _PatientPool(GuardedPool):
    ConnectionCls = _PatientConnection


class _PatientSecurePool(GuardedSecurePool):
    ConnectionCls = _PatientSecureConnection
