"""What holds for every answer of the readers' pages: headers that keep them ours, and limits to what is sent to us."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_ON_ALL = {
    "content-security-policy": PAGE_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "interest-cohort=()",
}
_TOO_SLOW, _TOO_LARGE = 408, 413


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a request's body may be: so many bytes, and so many seconds until all of it is there. `larger` are bytes for
    paths that end so."""

    largest: int = 100_000
    seconds: float = 15.0
    larger: Mapping[str, int] = field(default_factory=dict)

    def largest_at(self, path: str) -> int:
        """The bytes that a path takes."""
        return next((most for end, most in self.larger.items() if path.endswith(end)), self.largest)


class Guard:
    """Puts the headers on every answer that does not bring its own, and holds requests to the bounds: what reads a body
    that is over them gets an HTTPException, 413 or 408, and says so in its own way."""

    def __init__(self, inner: ASGIApp, bounds: Bounds) -> None:
        self.inner = inner
        self.bounds = bounds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        body = _Body(scope, receive, self.bounds)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ON_ALL.items():
                    headers.setdefault(name, value)
                # Who still sends would never see the answer if the connection was closed on them now.
                await body.read_on()
                if body.is_owed:
                    # The server would read the rest, to find the next request behind it.
                    headers["connection"] = "close"
            await send(message)

        await self.inner(scope, body.receive, guarded)


class _Body:
    """The body of one request. `is_owed` says that some of it may still be to come."""

    def __init__(self, scope: Scope, receive: Receive, bounds: Bounds) -> None:
        headers = Headers(scope=scope)
        announced = headers.get("content-length", "")
        self._receive = receive
        self._ends_at = asyncio.get_running_loop().time() + bounds.seconds
        self._room = bounds.largest_at(scope["path"])
        self._is_too_large = announced.isdecimal() and int(announced) > self._room
        self.is_owed = announced not in ("", "0") or "transfer-encoding" in headers

    async def receive(self) -> Message:
        """What came of it. Raises HTTPException."""
        if not self.is_owed:
            return await self._receive()
        if self._is_too_large:
            raise HTTPException(_TOO_LARGE)
        message = await self._in_time()
        self._room -= len(message.get("body", b""))
        self._is_too_large = self._room < 0
        if self._is_too_large:
            raise HTTPException(_TOO_LARGE)
        self.is_owed = bool(message.get("more_body", False))
        return message

    async def read_on(self) -> None:
        """Reads what is still to come, as far as the bounds let it."""
        with suppress(HTTPException):
            while self.is_owed:
                await self.receive()

    async def _in_time(self) -> Message:
        try:
            async with asyncio.timeout_at(self._ends_at):
                return await self._receive()
        except TimeoutError:
            raise HTTPException(_TOO_SLOW) from None
