"""How long the server waits for a slow visitor. Uvicorn by itself would wait for the head of a request for ever."""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

_STUCK_SECONDS = 60
"""Whoever takes nothing of an answer for so long will not take the rest."""


class PatientProtocol(H11Protocol):
    """One connection. The head of a request must be there within uvicorn's `timeout_keep_alive`, which otherwise holds
    only for connections that bring nothing at all after an answer. Bodies have a limit of their own, in the guard."""

    _head: asyncio.TimerHandle | None = None
    _stuck: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        _stop(self._head)
        _stop(self._stuck)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stuck = self.loop.call_later(_STUCK_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        _stop(self._stuck)
        super().resume_writing()

    def _await_head(self) -> None:
        """Drops in time, counted from its first byte, bring no more time."""
        if self.conn.their_state is not h11.IDLE:
            _stop(self._head)
            self._head = None
        elif self._head is None:
            self._head = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)


def _stop(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
