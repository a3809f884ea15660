"""How long the server waits for a slow visitor, and how much it hears of one who does not come to the point. Uvicorn by
itself would wait for the head of a request for ever, and take one of any length."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_LONGEST_HEAD = 16_384  # bytes


class PatientProtocol(HttpToolsProtocol):
    """One connection. The head of a request must be there within uvicorn's `timeout_keep_alive`, which otherwise holds
    only for connections that bring nothing at all after an answer. Bodies have a limit of their own, in the guard."""

    stuck_seconds: float = 60
    """Whoever takes nothing of an answer for so long will not take the rest."""

    _begun = 0
    """Requests of which the head is there."""
    _answered = 0
    _head: asyncio.TimerHandle | None = None
    _head_bytes = 0
    """What came since the last answer without making a head."""
    _stuck: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._begun == self._answered and not self.transport.is_closing():
            self._head_bytes += len(data)
            if self._head_bytes > _LONGEST_HEAD:
                self.send_400_response("The head of the request is too long.")
            self._await_head()

    def on_headers_complete(self) -> None:
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > _LONGEST_HEAD:
            raise ValueError("the head of the request is too long")  # the parser's caller answers with 400
        self._begun += 1
        self._head_bytes = 0
        _stop(self._head)
        self._head = None
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        self._answered += 1
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        _stop(self._head)
        _stop(self._stuck)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stuck = self.loop.call_later(self.stuck_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        _stop(self._stuck)
        super().resume_writing()

    def _await_head(self) -> None:
        """Drops in time, counted from its first byte, bring no more time."""
        if self._head is None:
            self._head = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)


def _stop(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
