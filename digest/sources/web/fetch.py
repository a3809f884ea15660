"""One address to bytes: conditional GET, redirects, manners, and limits of size and time. A path is read as a file."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urljoin

import urllib3
from urllib3.util import Timeout, make_headers

from digest import __version__
from digest.errors import SourceUnreadable
from digest.model import Validators
from digest.network import Hosts, PrivateHost, Resolve, resolved
from digest.settings import Fetching
from digest.sources.texts import is_web_address
from digest.sources.web import complaints
from digest.sources.web.answers import (
    Fetched,
    body_of,
    glimpse_of,
    headers_of,
    in_unicode,
    retry_after,
    unpacked,
    validators_of,
)
from digest.sources.web.files import read_file
from digest.sources.web.files import validators_of as validators_of_file
from digest.sources.web.manners import SHORT_REST, Queue, Queues
from digest.sources.web.patience import FOR_EVER, Monotonic, Patience, TooMuch, patience, patient_pools
from digest.sources.web.robots import TOKEN, Robots
from digest.sources.web.strangers import Neighbours, check_stranger, place_of

__all__ = ["MOST_REDIRECTS", "NOTHING_KNOWN", "PATIENCE", "Fetched", "Fetcher"]

MOST_REDIRECTS = 10
PATIENCE = 3
"""A whole fetch, with its redirects and retries, may last as many times the timeout; waiting for a turn aside."""

NOTHING_KNOWN = Validators()

_PERMANENT = (301, 308)
_REDIRECTS = (301, 302, 303, 307, 308)
_OVERLOADED = (502, 503, 504)
_PAUSES = (0.2, 0.6)
_FRAMING = 256 * 1024
"""Bytes over the wire beside the body: headers, and the sizes of chunks."""

_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"


@dataclass(slots=True)
class _Errand:
    """One fetch under way: the addresses passed, what is known, whose address it is, and what it may take still."""

    passed: list[str]
    known: Validators
    configured: str
    robots: bool
    left: Patience

    @property
    def here(self) -> str:
        return self.passed[-1]


class Fetcher:
    """Fetches addresses, from as many threads as one likes; connections are kept and shared.

    Nothing here waits longer than `PATIENCE` times the timeout, its turn at the host aside, nor past `until` (an
    instant of `monotonic`), or holds much more than `fetching.max_bytes` of one body. At a host at most
    `fetching.per_host` requests are under way, and `fetching.pause` seconds lie between their starts. `configured` are
    the addresses of all sources: where one names a private address or localhost literally, others may lead there too.
    """

    def __init__(
        self,
        fetching: Fetching,
        *,
        until: float = FOR_EVER,
        configured: tuple[str, ...] = (),
        resolve: Resolve = resolved,
        monotonic: Monotonic = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._fetching, self._until = fetching, until
        self._monotonic, self._sleep = monotonic, sleep
        self._neighbours = Neighbours(fetching.private)
        for address in configured:
            self._neighbours.configure(address)
        self._queues = Queues(fetching, monotonic, sleep, until)
        self._robots = Robots(lambda address: self._get(address, NOTHING_KNOWN, stranger=True, robots=False).body)
        hosts = Hosts(self._neighbours.admits, resolve)
        self._pools = patient_pools(hosts, num_pools=2 * fetching.at_once, maxsize=fetching.at_once)

    def close(self) -> None:
        """Closes the connections that are still open."""
        self._pools.clear()

    def fetch(
        self, address: str, validators: Validators = NOTHING_KNOWN, *, stranger: bool = False, robots: bool = False
    ) -> Fetched:
        """What is at the address (http, https, or an absolute path) now, unless it is what the validators know.

        One that has moved for good is asked for at its new address. A `stranger`'s address is one that a feed or a page
        gave: never a file, no user's name in it, and at a port of the web. With `robots` the site's robots.txt is
        obeyed. No address leads into a private network, but for what the configuration lets in.

        Raises SourceRefused for an answer that is neither 2xx nor "not modified", and SourceUnreadable, with words and
        a hint, for everything else that goes wrong.
        """
        if stranger or is_web_address(address):
            return self._get(address, validators, stranger=stranger, robots=robots)
        return self._read(address, validators)

    def _read(self, address: str, validators: Validators) -> Fetched:
        path = Path(address)
        if not path.is_absolute():
            raise SourceUnreadable("neither an http(s) address nor an absolute path", hint="check the feed's address")
        body = unpacked(read_file(path, self._fetching.max_bytes), self._fetching.max_bytes)
        known = validators_of_file(body)
        if known.etag == validators.etag:
            return Fetched(address=address, validators=validators, unchanged=True)
        return Fetched(address=address, body=body, validators=known)

    def _get(self, address: str, validators: Validators, *, stranger: bool, robots: bool) -> Fetched:
        if not stranger:
            self._neighbours.configure(address)
        seconds, most = PATIENCE * self._fetching.timeout, self._fetching.max_bytes
        with patience(seconds, self._monotonic, until=self._until, most=most + most // 8 + _FRAMING) as left:
            passed = [validators.moved_to or address]
            errand = _Errand(passed, validators, "" if stranger else address, robots, left)
            try:
                return self._follow(errand)
            except (urllib3.exceptions.HTTPError, ValueError) as error:
                raise self._complaint(error, errand, seconds) from error

    def _complaint(self, error: Exception, errand: _Errand, seconds: float) -> SourceUnreadable:
        if isinstance(error, PrivateHost):
            return complaints.private(error.host, error.addresses)
        if isinstance(error, TooMuch):
            return complaints.too_large(self._fetching.max_bytes)
        if errand.left.ended_with_the_run():
            return complaints.over()
        is_late = errand.left.remaining() <= 0
        if is_late or isinstance(error, urllib3.exceptions.TimeoutError):
            self._queues.of(errand.here).heard(answer=False)
        if is_late:
            return complaints.too_slow(seconds)
        return complaints.of_exception(error, place_of(errand.here)[0] or errand.here, self._fetching.timeout)

    def _follow(self, errand: _Errand) -> Fetched:
        """The answer behind the redirects, whose addresses join those passed.

        `moved_to` is where the permanent ones lead, up to the first other one.
        """
        moved_to, permanent = errand.known.moved_to, True
        while True:
            found = self._visit(errand)
            if isinstance(found, Fetched):
                return replace(found, validators=replace(found.validators, moved_to=moved_to))
            status, target = found
            permanent = permanent and status in _PERMANENT
            moved_to = target if permanent else moved_to
            _check_target(target, errand.passed)
            errand.passed.append(target)

    def _visit(self, errand: _Errand) -> Fetched | tuple[int, str]:
        """The answer at one address, or the status of a redirect and where it leads."""
        if errand.here != errand.configured:
            check_stranger(errand.here, self._neighbours)
        queue = self._queues.of(errand.here)
        if errand.robots:
            with errand.left.aside():
                self._robots.check(errand.here, queue)
        with queue.place(errand.left):
            response = self._ask_patiently(errand, queue)
            target = _target(response, errand.here)
            if not target:
                answer = self._answer(response, errand)
                queue.heard(answer=True)
                return answer
            response.close()
            return response.status, target

    def _ask_patiently(self, errand: _Errand, queue: Queue) -> urllib3.BaseHTTPResponse:
        """The answer, asked for again after a moment where the server is overloaded or hangs up."""
        for pause in _PAUSES:
            response = self._asked_once(errand, queue)
            if response and not _is_worth_another(response):
                return response
            if response:
                response.close()
            self._sleep(max(0.0, min(pause, errand.left.remaining())))
        return self._ask(errand, queue)

    def _asked_once(self, errand: _Errand, queue: Queue) -> urllib3.BaseHTTPResponse | None:
        try:
            return self._ask(errand, queue)
        except urllib3.exceptions.ProtocolError:
            return None

    def _ask(self, errand: _Errand, queue: Queue) -> urllib3.BaseHTTPResponse:
        queue.take_turn(errand.left)
        timeout = self._fetching.timeout
        response = self._pools.request(
            "GET",
            errand.here,
            headers=_headers(errand.known, self._fetching.contact),
            redirect=False,
            retries=False,
            preload_content=False,
            timeout=Timeout(connect=timeout, read=timeout),
        )
        rest = retry_after(response)
        if rest:
            queue.rest(rest, response.status)
        return response

    def _answer(self, response: urllib3.BaseHTTPResponse, errand: _Errand) -> Fetched:
        if response.status == 304 and (errand.known.etag or errand.known.last_modified):
            response.release_conn()
            return self._fetched(response, errand, b"", errand.known, unchanged=True)
        if not 200 <= response.status < 300:
            raise complaints.of_status(
                response.status, response.reason, self._glimpse(response, errand.left), retry_after(response)
            )
        most = self._fetching.max_bytes
        return self._fetched(response, errand, unpacked(body_of(response, most), most), NOTHING_KNOWN)

    def _glimpse(self, response: urllib3.BaseHTTPResponse, left: Patience) -> bytes:
        """What a refusal says, as long as that does not take long."""
        seconds = min(self._fetching.timeout, left.remaining())
        with patience(seconds, self._monotonic, until=self._until, most=left.most):
            return glimpse_of(response)

    def _fetched(
        self,
        response: urllib3.BaseHTTPResponse,
        errand: _Errand,
        body: bytes,
        known: Validators,
        *,
        unchanged: bool = False,
    ) -> Fetched:
        headers = headers_of(response)
        return Fetched(
            address=errand.here,
            body=body,
            content_type=headers.get("content-type", ""),
            validators=validators_of(response, known),
            unchanged=unchanged,
            status=response.status,
            headers=headers,
        )


def _is_worth_another(response: urllib3.BaseHTTPResponse) -> bool:
    """Whether to ask again at once: where the server is overloaded, and for how long if it says so."""
    rest = retry_after(response)
    return response.status in _OVERLOADED if rest is None else rest <= SHORT_REST


def _headers(validators: Validators, contact: str) -> dict[str, str]:
    """The request's headers. Validators go back exactly as they came, both: some servers want both to match."""
    agent = f"{TOKEN}/{__version__}" + (f" (+{contact})" if contact else "")
    conditions = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {
        **make_headers(user_agent=agent, accept_encoding=True),
        "Accept": _ACCEPT,
        **{name: value for name, value in conditions.items() if value},
    }


def _target(response: urllib3.BaseHTTPResponse, address: str) -> str:
    """Where a redirect leads, as an absolute address; empty for an answer that is none."""
    location = response.headers.get("location", "")
    if response.status not in _REDIRECTS or not location:
        return ""
    return urljoin(address, in_unicode(location)).partition("#")[0]


def _check_target(target: str, passed: list[str]) -> None:
    hint = "ask the site, or name the feed's final address"
    if not is_web_address(target):
        raise SourceUnreadable(f"redirected to {target[:200]!r}, which is no web address", hint=hint)
    if target in passed:
        raise SourceUnreadable(f"redirected in a circle, back to {target}", hint=hint)
    if len(passed) > MOST_REDIRECTS:
        raise SourceUnreadable(f"redirected more than {MOST_REDIRECTS} times", hint=hint)
