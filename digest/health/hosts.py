"""Asks hosts over HTTP, with a deadline for each request, and says in words why one did not answer."""

from __future__ import annotations

import errno
import json
import socket
import ssl
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.exceptions import (
    HTTPError,
    LocationParseError,
    MaxRetryError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    SSLError,
)
from urllib3.util import Timeout, make_headers

from digest import __version__
from digest.clock import Clock
from digest.health.answers import HostAnswer
from digest.network import Hosts, guarded_pools

SECONDS = 5.0
_LONGEST = 2 * 1024 * 1024
_NO_NETWORK = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL})


class HostAsker:
    """Asks hosts that the operator named. For as many threads as one likes; follows no redirect."""

    def __init__(self, clock: Clock, *, seconds: float = SECONDS, trust: ssl.SSLContext | None = None) -> None:
        self._clock, self._seconds, self._trust = clock, seconds, trust
        self._hosts = Hosts(lambda host, port, address: True)

    def ask(
        self, method: str, address: str, *, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> HostAnswer:
        """One request. Raises nothing."""
        try:
            pools = self._pools(address)
            response = pools.request(
                method,
                address,
                headers={**make_headers(user_agent=f"closing-arguments/{__version__} (doctor)"), **(headers or {})},
                body=body or None,
                redirect=False,
                retries=False,
                preload_content=False,
            )
        except (HTTPError, OSError, ValueError) as error:
            return self._not_reached(error)
        return self._answered(response)

    def _pools(self, address: str) -> urllib3.PoolManager:
        timeout = Timeout(connect=self._seconds, read=self._seconds, total=self._seconds)
        trust: dict[str, Any] = {"ssl_context": self._trust} if self._trust else {}
        proxy = _proxy_of(address)
        if proxy:
            return urllib3.ProxyManager(proxy, timeout=timeout, **trust)
        return guarded_pools(self._hosts, timeout=timeout, **trust)

    def _answered(self, response: urllib3.BaseHTTPResponse) -> HostAnswer:
        answer = HostAnswer(
            status=response.status,
            location=response.headers.get("Location", ""),
            at=_instant(response.headers.get("Date", "")),
            asked_at=self._clock(),
            expires=_expires(response),
        )
        try:
            return replace(answer, told=_json(response.read(_LONGEST)))
        except (HTTPError, OSError):
            return answer
        finally:
            response.close()

    def _not_reached(self, error: Exception) -> HostAnswer:
        reason = error.reason if isinstance(error, MaxRetryError) else error
        if isinstance(reason, NameResolutionError):
            return _no_host(reason)
        if isinstance(reason, SSLError):
            return HostAnswer(trouble=_of_tls(reason), refused=True)
        if isinstance(reason, NewConnectionError):  # which is a kind of timeout to urllib3
            return _no_connection(reason)
        if isinstance(reason, urllib3.exceptions.TimeoutError | TimeoutError):
            return HostAnswer(trouble=f"no answer within {self._seconds:g} s")
        if isinstance(reason, LocationParseError | UnicodeError):
            return HostAnswer(trouble="its host is no name that can be looked up", refused=True)
        return _no_connection(reason)


def _no_host(error: NameResolutionError) -> HostAnswer:
    cause = error.__cause__
    if isinstance(cause, OSError) and cause.errno == socket.EAI_NONAME:
        return HostAnswer(trouble="there is no such host", refused=True)
    return HostAnswer(trouble="its host could not be looked up; is there a network?")


def _no_connection(error: BaseException | None) -> HostAnswer:
    cause = error.__cause__ if isinstance(error, NewConnectionError) else error
    number = cause.errno if isinstance(cause, OSError) else None
    if number in _NO_NETWORK:
        return HostAnswer(trouble="no way leads there; is there a network?")
    if number == errno.ECONNREFUSED:
        return HostAnswer(trouble="nobody listens there", refused=True)
    if isinstance(error, ProtocolError):
        return HostAnswer(trouble="it hung up, or what it answers is no HTTP", refused=True)
    return HostAnswer(trouble="no connection could be made")


def _of_tls(error: SSLError) -> str:
    """Why a certificate is not believed, by OpenSSL's words."""
    cause = error.args[0] if error.args else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate cannot be trusted: {cause.verify_message}"
    return "it does not speak TLS as it should"


def _proxy_of(address: str) -> str:
    parts = urlsplit(address)
    return "" if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme, "")


def _instant(header: str) -> datetime | None:
    """The instant in a header (RFC 9110, section 5.6.7); None for none."""
    try:
        return parsedate_to_datetime(header).astimezone(UTC)
    except ValueError:
        return None


def _expires(response: urllib3.BaseHTTPResponse) -> datetime | None:
    """When the certificate ends that the host showed."""
    connection = getattr(response, "connection", None) or getattr(response, "_connection", None)
    connected = getattr(connection, "sock", None)
    if not isinstance(connected, ssl.SSLSocket):
        return None
    ends = (connected.getpeercert() or {}).get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) if isinstance(ends, str) else None


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
