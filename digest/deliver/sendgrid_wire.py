"""Calls of the SendGrid API: the `sendgrid` library builds the requests, a connection that is kept open carries them.

Left to itself, the library opens a connection a call, has no timeout, reads all trusted certificates anew a call
(20 ms from Python 3.12 on), and writes key and body to its debug log. So it is asked for each kind of request once, and
never sees key or body: they are put in at the last moment, where nothing logs them.
"""

from __future__ import annotations

import ssl
from typing import Any
from urllib.request import Request

from python_http_client.client import Client
from sendgrid import SendGridAPIClient

from digest.deliver.kept_connection import KeptConnection, Response
from digest.settings import SendGrid


class Wire:
    """The way to one SendGrid account, over a connection of its own. One thread at a time."""

    def __init__(self, settings: SendGrid, trusted: ssl.SSLContext | None = None) -> None:
        address = settings.address.rstrip("/")
        self._client = _client(settings.api_key, address)
        self._authorization = f"Bearer {settings.api_key}"
        self._connection = KeptConnection(address, settings.timeout, trusted)
        self._requests: dict[tuple[str, str], Request] = {}

    def call(self, method: str, path: str, body: bytes | None = None) -> Response:
        """Calls `path` (`mail/send`, below `/v3/`) and gives the answer, whatever its status.

        Raises NotSent, Unanswered (`kept_connection`).
        """
        request = self._request(method, path)
        headers = {name.title(): value for name, value in request.header_items()}
        headers["Authorization"] = self._authorization
        return self._connection.exchange(request.get_method(), request.selector, headers, body)

    def close(self) -> None:
        """Ends the connection. The next call opens another."""
        self._connection.close()

    def _request(self, method: str, path: str) -> Request:
        kind = (method, path)
        if kind not in self._requests:
            self._requests[kind] = _built(self._client, method, path)
        return self._requests[kind]


class _Built(Exception):
    """A request, as the library was about to send it."""

    def __init__(self, request: Request) -> None:
        super().__init__()
        self.request = request


class _Client(Client):  # type: ignore[misc]
    """The library's client, which hands its request over instead of opening a connection for it."""

    def _build_client(self, name: str | None = None) -> _Client:
        path = [*self._url_path, name] if name else self._url_path
        return _Client(host=self.host, request_headers=self.request_headers, version=self._version, url_path=path)

    def _make_request(self, opener: object, request: Request, timeout: object = None) -> Any:
        raise _Built(request)


def _client(api_key: str, address: str) -> _Client:
    """A client as the library sets it up, but for the key: what it does not have it cannot log."""
    own = SendGridAPIClient(api_key=api_key, host=address).client
    headers = {name: value for name, value in own.request_headers.items() if name != "Authorization"}
    return _Client(host=address, request_headers={**headers, "Content-Type": "application/json"}, version=3)


def _built(client: _Client, method: str, path: str) -> Request:
    for name in path.split("/"):
        client = client._(name)
    try:
        getattr(client, method)()
    except _Built as built:
        return built.request
    raise AssertionError(f"the sendgrid library built no request for {method} {path}")
