"""Asks for the addresses in a letter, at the edge: HEAD, then GET where that is refused; never in a private network.

A host's name is looked up once, every address of it is looked at, and the connection goes to one of those (`network`).
Each redirect is looked at in the same way.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from urllib.parse import urljoin

import urllib3
from urllib3 import PoolManager
from urllib3.exceptions import (
    HTTPError,
    LocationParseError,
    LocationValueError,
    MaxRetryError,
    NameResolutionError,
    SSLError,
)
from urllib3.util import Timeout, make_headers, parse_url

from digest import __version__
from digest.model import LinkAnswer, Reached
from digest.network import Hosts, PrivateHost, Resolve, by_host, guarded_pools, host_of, is_public, resolved

AT_ONCE, PER_HOST = 8, 2
MOST_REDIRECTS = 6
TIMEOUT, DEADLINE = 8.0, 30.0
"""Seconds: for one answer, and for all of them together."""

_REDIRECTS = (301, 302, 303, 307, 308)
_GONE = (404, 410)


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """How hosts are found, and which of their addresses readers can reach; seconds for one answer and for all."""

    resolve: Resolve
    is_public: Callable[[str], bool]
    timeout: float = TIMEOUT
    deadline: float = DEADLINE


class _NotReached(Exception):
    """Why an address was not reached, in words."""

    def __init__(self, reached: Reached, words: str) -> None:
        super().__init__(words)
        self.reached = reached


INTERNET = Network(resolve=resolved, is_public=is_public)


def ask(addresses: Iterable[str], network: Network = INTERNET) -> dict[str, LinkAnswer]:
    """What each address answers. Eight are asked at once, two of one host; who has not answered at the deadline is
    UNASKED. Raises nothing."""
    asked = tuple(dict.fromkeys(addresses))
    answers: dict[str, LinkAnswer] = {}
    ends = time.monotonic() + network.deadline
    pools = _pools(network)

    def go(row: Iterable[str]) -> None:
        for address in row:
            if time.monotonic() < ends:
                answers[address] = _asked(address, pools)

    threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="preflight-links")
    wait([threads.submit(go, row) for row in by_host(asked, host_of, PER_HOST)], timeout=network.deadline)
    threads.shutdown(wait=False, cancel_futures=True)
    late = LinkAnswer(address="", reached=Reached.UNASKED, words=f"no answer within {network.deadline:g} seconds")
    found = dict(answers)
    return _without_network({each: found.get(each, replace(late, address=each)) for each in asked})


def _pools(network: Network) -> PoolManager:
    """Connections that are closed after each answer: there is seldom a second link to the same host."""
    hosts = Hosts(lambda host, port, address: network.is_public(address), network.resolve)
    return guarded_pools(hosts, timeout=Timeout(connect=network.timeout, read=network.timeout))


def _without_network(answers: dict[str, LinkAnswer]) -> dict[str, LinkAnswer]:
    """Where not one public host is found, it is the network that is missing and not the hosts."""
    if any(answer.words != _NO_HOST and answer.reached is not Reached.PRIVATE for answer in answers.values()):
        return answers
    return {
        address: replace(answer, reached=Reached.UNASKED, words="no host was found; is there a network?")
        if answer.words == _NO_HOST
        else answer
        for address, answer in answers.items()
    }


_NO_HOST = "there is no such host"


def _asked(address: str, pools: PoolManager) -> LinkAnswer:
    started = time.monotonic()
    try:
        answer = _followed(address, pools)
    except _NotReached as trouble:
        answer = LinkAnswer(address=address, reached=trouble.reached, words=str(trouble))
    return replace(answer, seconds=time.monotonic() - started)


def _followed(address: str, pools: PoolManager) -> LinkAnswer:
    """The answer at the end of the redirects."""
    passed = [address.partition("#")[0]]
    while True:
        status, headers = _status(passed[-1], pools)
        location = headers.get("location", "")
        if status not in _REDIRECTS or not location:
            return _answer(address, status, headers, passed)
        passed.append(_checked(urljoin(passed[-1], location).partition("#")[0], passed))


def _checked(target: str, passed: Sequence[str]) -> str:
    if not target.lower().startswith(("http://", "https://")):
        raise _NotReached(Reached.GONE, f"it leads on to {target[:80]}, which is no web address")
    if target in passed:
        raise _NotReached(Reached.GONE, "it leads in a circle")
    if len(passed) > MOST_REDIRECTS:
        raise _NotReached(Reached.GONE, f"it leads on more than {MOST_REDIRECTS} times")
    return target


def _answer(address: str, status: int, headers: Mapping[str, str], passed: Sequence[str]) -> LinkAnswer:
    moved_to = passed[-1] if len(passed) > 1 else ""
    if not 200 <= status < 300:
        reached = Reached.GONE if status in _GONE else Reached.NOT_NOW
        return LinkAnswer(address=address, reached=reached, words=f"the server says {status}", moved_to=moved_to)
    length = headers.get("content-length", "")
    return LinkAnswer(
        address=address,
        reached=Reached.ANSWERS,
        moved_to=moved_to,
        size=int(length) if length.isdecimal() else 0,
        kind=headers.get("content-type", "").partition(";")[0].strip().lower(),
    )


def _status(address: str, pools: PoolManager) -> tuple[int, Mapping[str, str]]:
    """HEAD; where that is refused, GET, of which nothing but the head is read."""
    _check(address)
    status, headers = _requested("HEAD", address, pools)
    return (status, headers) if status < 400 else _requested("GET", address, pools)


def _check(address: str) -> None:
    try:
        place = parse_url(address)
    except LocationParseError:
        raise _NotReached(Reached.GONE, "it is no web address") from None
    if not place.host:
        raise _NotReached(Reached.GONE, "it names no host")


def _requested(method: str, address: str, pools: PoolManager) -> tuple[int, Mapping[str, str]]:
    headers = {**make_headers(user_agent=f"closing-arguments/{__version__} (link check)"), "Accept": "*/*"}
    try:
        response = pools.request(method, address, headers=headers, redirect=False, retries=False, preload_content=False)
        response.close()
    except (HTTPError, OSError, ValueError) as error:
        raise _not_reached(error) from None
    return response.status, {name.lower(): value for name, value in response.headers.items()}


def _not_reached(error: Exception) -> _NotReached:
    reason = error.reason if isinstance(error, MaxRetryError) else error
    if isinstance(reason, PrivateHost):
        where = ", ".join(reason.addresses) or "nowhere"
        return _NotReached(Reached.PRIVATE, f"{reason.host} is {where}, in a private network")
    if isinstance(reason, NameResolutionError):
        return _NotReached(Reached.NOT_NOW if _may_pass(reason) else Reached.GONE, _NO_HOST)
    if isinstance(reason, LocationValueError | UnicodeError):
        return _NotReached(Reached.GONE, "its host is no name that can be looked up")
    return _NotReached(Reached.NOT_NOW, _words(reason))


def _may_pass(error: NameResolutionError) -> bool:
    """Whether it was the looking up that failed, and not that there is no such name."""
    cause = error.__cause__
    return isinstance(cause, OSError) and cause.errno == socket.EAI_AGAIN


def _words(reason: BaseException | None) -> str:
    if isinstance(reason, SSLError):
        return "its certificate is not trusted"
    if isinstance(reason, urllib3.exceptions.TimeoutError | TimeoutError):
        return "no answer came in time"
    return "no connection could be made"
