"""An HTTP connection that is kept open, and that knows of every request whether it can have arrived.

A request counts for the server once its last byte is there. So what fails before the last byte was handed over to the
system is not sent; what fails after it is unanswered, and may have been done. Nothing here is logged.
"""

from __future__ import annotations

import select
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from digest.deliver.trouble import in_words

_LONGEST_ANSWER = 1024 * 1024
_LONGEST_IDLE = 5.0
"""Seconds. Services hang up after 60 or less without a word, and what they do not hear any more is not sent."""


class NotSent(Exception):
    """The request did not get through whole: nothing of it counts. The text says why."""


class Unanswered(Exception):
    """The request got through whole and no answer came back. The text says what happened instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer of the service; the names of its headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


class KeptConnection:
    """A connection to `address` (http or https, with a path or without). One thread at a time.

    `timeout` is in seconds, for each wait; `trusted` says whose certificates count, for https. Follows no redirect: it
    would carry the key to another host. Goes through the proxy that the system names for https, if it names one.
    """

    def __init__(
        self,
        address: str,
        timeout: float,
        trusted: ssl.SSLContext | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connection = _connection(urlsplit(address), timeout, trusted)
        self._connection.set_debuglevel(0)  # at 1, http.client prints the key
        self._monotonic = monotonic
        self._last_used = 0.0

    def exchange(self, method: str, target: str, headers: Mapping[str, str], body: bytes | None = None) -> Response:
        """Sends a request and hears the answer, whatever its status. Raises NotSent, Unanswered.

        A request that breaks a connection that was kept open is sent once more on a new one, if it was not yet whole.
        """
        kept = self._is_ready()
        try:
            refusal = self._hand_over(method, target, headers, body)
        except NotSent:
            if not kept:
                raise
            refusal = self._hand_over(method, target, headers, body)
        return refusal or self._answer()

    def close(self) -> None:
        """Ends the connection. The next request opens another."""
        self._connection.close()

    def _is_ready(self) -> bool:
        """Whether the connection is open and can be trusted to be so at the other end."""
        opened: socket.socket | None = self._connection.sock
        if opened is None:
            return False
        ready = self._monotonic() - self._last_used < _LONGEST_IDLE and not _has_spoken(opened)
        if not ready:
            self.close()
        return ready

    def _hand_over(self, method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> Response | None:
        """Gives a refusal that came before the request was whole, otherwise nothing. Raises NotSent."""
        try:
            self._connection.request(method, target, body, headers)
        except (OSError, HTTPException, UnicodeError) as error:
            cut = isinstance(error, ConnectionError) and self._connection.sock is not None
            refusal = self._early_refusal() if cut else None
            self.close()
            if refusal is None:
                raise NotSent(in_words(error)) from None
            return refusal
        return None

    def _early_refusal(self) -> Response | None:
        """A server need not read all of a request that is too long for it (RFC 9110, section 15.5.14)."""
        with suppress(OSError, HTTPException):
            response = self._read(self._connection.getresponse())
            return response if 400 <= response.status < 500 else None
        return None

    def _answer(self) -> Response:
        try:
            response = self._connection.getresponse()
        except (OSError, HTTPException) as error:
            self.close()
            raise Unanswered(in_words(error)) from None
        return self._read(response)

    def _read(self, response: HTTPResponse) -> Response:
        """The status counts also where the connection breaks in the middle of the body."""
        try:
            body = response.read(_LONGEST_ANSWER)
        except (OSError, HTTPException):
            body = b""
        if not response.isclosed():
            self.close()
        self._last_used = self._monotonic()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Response(status=response.status, headers=headers, body=body)


def trusted_authorities(address: str) -> ssl.SSLContext | None:
    """What the system trusts, for an https address. It takes some 20 ms, so share it among connections."""
    return ssl.create_default_context() if urlsplit(address).scheme == "https" else None


def _has_spoken(opened: socket.socket) -> bool:
    """Whether something came that nobody asked for: the server's end, as a rule."""
    poll = select.poll()
    poll.register(opened, select.POLLIN)
    return bool(poll.poll(0))


def _connection(parts: SplitResult, timeout: float, trusted: ssl.SSLContext | None) -> HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "http":
        return HTTPConnection(host, parts.port, timeout=timeout)
    proxy = urlsplit("" if proxy_bypass(host) else getproxies().get("https", ""))
    if not proxy.hostname:
        return HTTPSConnection(host, parts.port, timeout=timeout, context=trusted)
    through = HTTPSConnection(proxy.hostname, proxy.port or 8080, timeout=timeout, context=trusted)
    through.set_tunnel(host, parts.port, headers=_proxy_login(proxy))
    return through


def _proxy_login(proxy: SplitResult) -> dict[str, str]:
    if not proxy.username:
        return {}
    login = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {b64encode(login.encode()).decode('ascii')}"}
