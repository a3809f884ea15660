"""Posts requests with the `sendgrid` library, and knows afterwards whether one can have arrived.

The library writes whole requests, with the key, to its debug log, opens its own connections and has no timeout. Here it
builds the request; key and body are put into it at the last moment, where nothing logs them.
"""

from __future__ import annotations

import http.client
import logging
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from python_http_client.client import Client
from sendgrid import SendGridAPIClient

from digest.deliver.trouble import in_words
from digest.settings import SendGrid

_LONGEST_ANSWER = 1024 * 1024


class NotSent(Exception):
    """The request did not get through whole: nothing of it counts. The text says why."""


class Unanswered(Exception):
    """The request got through whole and no answer came back. The text says what happened instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer of the service; the names of its headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    # What python_http_client asks of a response:

    def getcode(self) -> int:
        return self.status

    def read(self) -> bytes:
        return self.body

    def info(self) -> Mapping[str, str]:
        return self.headers


class Wire:
    """The way to one SendGrid account. One thread at a time."""

    def __init__(self, settings: SendGrid) -> None:
        logging.getLogger("python_http_client.client").addFilter(_nothing)
        self._timeout = settings.timeout
        self._body = b""
        self._authorization = f"Bearer {settings.api_key}"
        self._opener = urllib.request.build_opener(
            _NoRedirect(), urllib.request.HTTPHandler(debuglevel=0), urllib.request.HTTPSHandler(debuglevel=0)
        )
        api = SendGridAPIClient(api_key=settings.api_key, host=settings.address.rstrip("/"))
        headers = {name: value for name, value in api.client.request_headers.items() if name != "Authorization"}
        headers["Content-Type"] = "application/json"
        api.client = _Client(host=api.host, request_headers=headers, hand_over=self._hand_over)
        self._api = api

    def post(self, body: bytes) -> Answer:
        """Posts one request to `/v3/mail/send`, whatever the status of the answer. Raises NotSent, Unanswered."""
        self._body = body
        response = self._api.client.mail.send.post()
        return Answer(status=response.status_code, headers=response.headers, body=response.body)

    def _hand_over(self, request: urllib.request.Request) -> Answer:
        """`urllib` wraps in URLError what fails before the whole request is out, and nothing of what comes after."""
        request.data = self._body
        request.add_unredirected_header("Authorization", self._authorization)
        try:
            return _answer(self._opener.open(request, timeout=self._timeout))
        except urllib.error.HTTPError as error:
            return _answer(error)
        except urllib.error.URLError as error:
            raise NotSent(in_words(error.reason)) from None
        except (OSError, http.client.HTTPException) as error:
            raise Unanswered(in_words(error)) from None


def _answer(response: Any) -> Answer:
    """The status counts also where the connection breaks in the middle of the body."""
    with closing(response):
        try:
            body = response.read(_LONGEST_ANSWER)
        except (OSError, http.client.HTTPException):
            body = b""
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(status=response.status, headers=headers, body=body)


class _Client(Client):  # type: ignore[misc]
    """The library's client, with the act of posting taken out of it."""

    def __init__(
        self,
        *,
        host: str,
        request_headers: dict[str, str],
        hand_over: Callable[[urllib.request.Request], Answer],
        url_path: list[str] | None = None,
    ) -> None:
        super().__init__(host=host, request_headers=request_headers, version=3, url_path=url_path)
        self.hand_over = hand_over

    def _build_client(self, name: str | None = None) -> _Client:
        path = [*self._url_path, name] if name else self._url_path
        return _Client(host=self.host, request_headers=self.request_headers, hand_over=self.hand_over, url_path=path)

    def _make_request(self, opener: object, request: urllib.request.Request, timeout: object = None) -> Answer:
        return self.hand_over(request)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: it would turn the request into a GET, and carry it to another host."""

    def redirect_request(self, *_: object) -> None:
        return None


def _nothing(_: logging.LogRecord) -> bool:
    return False
