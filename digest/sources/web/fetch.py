"""One feed address to bytes: conditional GET, redirects, and limits of size and time. A path is read as a file."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urljoin

import urllib3
from urllib3.util import Timeout, make_headers, parse_url

from digest import __version__
from digest.errors import SourceUnreadable
from digest.model import Validators
from digest.settings import Fetching
from digest.sources.texts import is_web_address
from digest.sources.web import complaints
from digest.sources.web.files import read_file, validators_of
from digest.sources.web.links import links_of
from digest.sources.web.patience import Monotonic, patience, patient_pools

MOST_REDIRECTS = 10
PATIENCE = 3
"""A whole fetch, with its redirects and retries, may last as many times the timeout."""

NOTHING_KNOWN = Validators()

_PERMANENT = (301, 308)
_REDIRECTS = (301, 302, 303, 307, 308)
_OVERLOADED = (502, 503, 504)
_PAUSES = (0.2, 0.6)
_CHUNK = 64 * 1024
_GZIP = b"\x1f\x8b"
_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An answer: the bytes and where they came from in the end. `unchanged` ones have no bytes. `links` are those of
    its Link header, by relation; the names of `headers` are in lower case."""

    address: str
    body: bytes = b""
    content_type: str = ""
    validators: Validators = field(default_factory=Validators)
    unchanged: bool = False
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def links(self) -> dict[str, str]:
        return links_of(self.headers.get("link", ""), self.address)


class Fetcher:
    """Fetches addresses, from as many threads as one likes; connections are kept and shared.

    Nothing here waits longer than `PATIENCE` times the timeout or holds more than `fetching.max_bytes` of one body.
    """

    def __init__(
        self,
        fetching: Fetching,
        *,
        monotonic: Monotonic = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._fetching = fetching
        self._monotonic, self._sleep = monotonic, sleep
        self._pools = patient_pools(num_pools=2 * fetching.at_once, maxsize=fetching.at_once)

    def close(self) -> None:
        """Closes the connections that are still open."""
        self._pools.clear()

    def fetch(self, address: str, validators: Validators = NOTHING_KNOWN) -> Fetched:
        """What is at the address (http, https, or an absolute path) now, unless it is what the validators know.

        One that has moved for good is asked for at its new address. Raises SourceUnreadable, with words and a hint.
        """
        if is_web_address(address):
            return self._get(validators.moved_to or address, validators)
        return self._read(address, validators)

    def _read(self, address: str, validators: Validators) -> Fetched:
        path = Path(address)
        if not path.is_absolute():
            raise SourceUnreadable("neither an http(s) address nor an absolute path", hint="check the feed's address")
        body = _unpacked(read_file(path, self._fetching.max_bytes), self._fetching.max_bytes)
        known = validators_of(body)
        if known.etag == validators.etag:
            return Fetched(address=address, validators=validators, unchanged=True)
        return Fetched(address=address, body=body, validators=known)

    def _get(self, address: str, validators: Validators) -> Fetched:
        seconds = PATIENCE * self._fetching.timeout
        passed = [address]
        with patience(seconds, self._monotonic) as remaining:
            try:
                return self._follow(passed, validators)
            except (urllib3.exceptions.HTTPError, UnicodeError) as error:
                if remaining() <= 0:
                    raise complaints.too_slow(seconds) from error
                raise complaints.of_exception(error, _host(passed[-1]), self._fetching.timeout) from error

    def _follow(self, passed: list[str], validators: Validators) -> Fetched:
        """The answer behind the redirects, whose addresses join those `passed`.

        `moved_to` is where the permanent ones lead, up to the first other one.
        """
        moved_to, permanent = validators.moved_to, True
        while True:
            response = self._ask_patiently(passed[-1], validators)
            target = _target(response, passed[-1])
            if not target:
                return self._answer(response, passed[-1], replace(validators, moved_to=moved_to))
            response.close()
            permanent = permanent and response.status in _PERMANENT
            moved_to = target if permanent else moved_to
            _check_target(target, passed)
            passed.append(target)

    def _ask_patiently(self, address: str, validators: Validators) -> urllib3.BaseHTTPResponse:
        """The answer, asked for again after a moment where the server is overloaded or hangs up."""
        for pause in _PAUSES:
            response = self._asked_once(address, validators)
            if response and response.status not in _OVERLOADED:
                return response
            if response:
                response.close()
            self._sleep(pause)
        return self._ask(address, validators)

    def _asked_once(self, address: str, validators: Validators) -> urllib3.BaseHTTPResponse | None:
        try:
            return self._ask(address, validators)
        except urllib3.exceptions.ProtocolError:
            return None

    def _ask(self, address: str, validators: Validators) -> urllib3.BaseHTTPResponse:
        timeout = self._fetching.timeout
        return self._pools.request(
            "GET",
            address,
            headers=_headers(validators, self._fetching.contact),
            redirect=False,
            retries=False,
            preload_content=False,
            timeout=Timeout(connect=timeout, read=timeout),
        )

    def _answer(self, response: urllib3.BaseHTTPResponse, address: str, known: Validators) -> Fetched:
        if response.status == 304 and (known.etag or known.last_modified):
            response.release_conn()
            return Fetched(address=address, validators=_validators(response, known), unchanged=True)
        if not 200 <= response.status < 300:
            response.close()
            raise complaints.of_status(response.status, response.reason)
        return Fetched(
            address=address,
            body=_unpacked(self._body(response), self._fetching.max_bytes),
            content_type=response.headers.get("content-type", ""),
            validators=_validators(response, Validators(moved_to=known.moved_to)),
            status=response.status,
            headers=_headers_of(response),
        )

    def _body(self, response: urllib3.BaseHTTPResponse) -> bytes:
        """The decoded body, chunk by chunk, so that neither end of a decompression grows past the limit."""
        try:
            return b"".join(_within(self._fetching.max_bytes, response))
        except BaseException:
            response.close()
            raise


def _within(most: int, response: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most:
        raise complaints.too_large(most)
    held = 0
    while chunk := response.read(_CHUNK, decode_content=True):
        held += len(chunk)
        if max(held, response.tell()) > most:
            raise complaints.too_large(most)
        yield chunk


def _unpacked(body: bytes, most: int) -> bytes:
    """A body that is itself a gzip file (`feed.xml.gz`), unpacked within the limit; any other as it is."""
    if not body.startswith(_GZIP):
        return body
    try:
        unpacked = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(body, most + 1)
    except zlib.error as error:
        raise SourceUnreadable("a gzip file that is broken", hint="try again later") from error
    if len(unpacked) > most:
        raise complaints.too_large(most)
    return unpacked


def _headers(validators: Validators, contact: str) -> dict[str, str]:
    """The request's headers. Validators go back exactly as they came, both: some servers want both to match."""
    agent = f"closing-arguments/{__version__}" + (f" (+{contact})" if contact else "")
    conditions = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {
        **make_headers(user_agent=agent, accept_encoding=True),
        "Accept": _ACCEPT,
        **{name: value for name, value in conditions.items() if value},
    }


def _headers_of(response: urllib3.BaseHTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


def _validators(response: urllib3.BaseHTTPResponse, known: Validators) -> Validators:
    """The answer's validators; a "not modified" may leave out those that we know."""
    return Validators(
        etag=response.headers.get("etag", known.etag),
        last_modified=response.headers.get("last-modified", known.last_modified),
        moved_to=known.moved_to,
    )


def _target(response: urllib3.BaseHTTPResponse, address: str) -> str:
    """Where a redirect leads, as an absolute address; empty for an answer that is none."""
    location = response.headers.get("location", "")
    if response.status not in _REDIRECTS or not location:
        return ""
    return urljoin(address, _in_unicode(location)).partition("#")[0]


def _in_unicode(location: str) -> str:
    """A header's text: http.client reads bytes as Latin-1, servers that do not escape mean UTF-8."""
    try:
        return location.encode("latin-1").decode()
    except UnicodeError:
        return location


def _check_target(target: str, passed: list[str]) -> None:
    hint = "ask the site, or name the feed's final address"
    if not is_web_address(target):
        raise SourceUnreadable(f"redirected to {target[:200]!r}, which is no web address", hint=hint)
    if target in passed:
        raise SourceUnreadable(f"redirected in a circle, back to {target}", hint=hint)
    if len(passed) > MOST_REDIRECTS:
        raise SourceUnreadable(f"redirected more than {MOST_REDIRECTS} times", hint=hint)


def _host(address: str) -> str:
    try:
        return parse_url(address).host or address
    except urllib3.exceptions.LocationParseError:
        return address
