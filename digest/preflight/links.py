"""Asks for the addresses in a letter, at the edge: HEAD, then GET where that is refused; never in a private network.

A host's name is resolved once, every address of it is looked at, and the connection goes to the one that was looked at:
a name that answers differently the second time gains nothing. Each redirect is looked at in the same way.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from itertools import zip_longest
from urllib.parse import urljoin

import urllib3
from urllib3.exceptions import HTTPError, LocationParseError, MaxRetryError, SSLError
from urllib3.util import Timeout, Url, make_headers, parse_url

from digest import __version__
from digest.model import LinkAnswer, Reached

AT_ONCE, PER_HOST = 8, 2
MOST_REDIRECTS = 6
TIMEOUT, DEADLINE = 8.0, 30.0
"""Seconds: for one answer, and for all of them together."""

_REDIRECTS = (301, 302, 303, 307, 308)
_GONE = (404, 410)
_PORTS = {"http": 80, "https": 443}

Resolve = Callable[[str, int], Sequence[str]]


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


def resolved(host: str, port: int) -> Sequence[str]:
    """The addresses of a host. Raises OSError."""
    return tuple(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def is_public(address: str) -> bool:
    """Whether the whole world can reach an IP address. IPv4 inside IPv6 counts as what it is (RFC 4291, RFC 6052)."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or _embedded(found)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast


INTERNET = Network(resolve=resolved, is_public=is_public)


def ask(addresses: Iterable[str], network: Network = INTERNET) -> dict[str, LinkAnswer]:
    """What each address answers. Eight are asked at once, two of one host; who has not answered at the deadline is
    UNASKED. Raises nothing."""
    lanes = _lanes(dict.fromkeys(addresses))
    answers: dict[str, LinkAnswer] = {}
    ends = time.monotonic() + network.deadline

    def go(lane: Sequence[str]) -> None:
        for address in lane:
            if time.monotonic() < ends:
                answers[address] = _asked(address, network)

    threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="preflight-links")
    wait([threads.submit(go, lane) for lane in lanes], timeout=network.deadline)
    threads.shutdown(wait=False, cancel_futures=True)
    late = LinkAnswer(address="", reached=Reached.UNASKED, words=f"no answer within {network.deadline:g} seconds")
    found = dict(answers)
    return _without_network({each: found.get(each, replace(late, address=each)) for lane in lanes for each in lane})


def _lanes(addresses: Iterable[str]) -> list[tuple[str, ...]]:
    """Addresses to be asked for one after the other: two lanes a host, the hosts taken in turns."""
    by_host: dict[str, list[str]] = {}
    for address in addresses:
        by_host.setdefault(_host(address), []).append(address)
    lanes = [[tuple(each[at::PER_HOST]) for at in range(PER_HOST)] for each in by_host.values()]
    return [lane for turn in zip_longest(*lanes) for lane in turn if lane]


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


def _asked(address: str, network: Network) -> LinkAnswer:
    started = time.monotonic()
    try:
        answer = _followed(address, network)
    except _NotReached as trouble:
        answer = LinkAnswer(address=address, reached=trouble.reached, words=str(trouble))
    return replace(answer, seconds=time.monotonic() - started)


def _followed(address: str, network: Network) -> LinkAnswer:
    """The answer at the end of the redirects."""
    passed = [address.partition("#")[0]]
    while True:
        status, headers = _status(passed[-1], network)
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


def _status(address: str, network: Network) -> tuple[int, Mapping[str, str]]:
    """HEAD; where that is refused, GET, of which nothing but the head is read."""
    place = _place(address)
    target = _reachable(place, network)
    status, headers = _requested("HEAD", place, target, network)
    return (status, headers) if status < 400 else _requested("GET", place, target, network)


def _place(address: str) -> Url:
    try:
        place = parse_url(address)
    except LocationParseError:
        raise _NotReached(Reached.GONE, "it is no web address") from None
    if not place.host:
        raise _NotReached(Reached.GONE, "it names no host")
    return place


def _reachable(place: Url, network: Network) -> str:
    """The IP address to connect to. Every one of the host's must be public: we cannot know which a reader would get."""
    host = str(place.host).strip("[]")
    try:
        found = network.resolve(host, _port(place))
    except OSError as error:
        if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
            raise _NotReached(Reached.NOT_NOW, _NO_HOST) from None
        raise _NotReached(Reached.GONE, _NO_HOST) from None
    except UnicodeError:
        raise _NotReached(Reached.GONE, "its host is no name that can be looked up") from None
    private = [address for address in found if not network.is_public(address)]
    if private or not found:
        raise _NotReached(Reached.PRIVATE, f"{host} is {', '.join(private) or 'nowhere'}, in a private network")
    return found[0]


def _requested(method: str, place: Url, target: str, network: Network) -> tuple[int, Mapping[str, str]]:
    pool = _pool(place, target, network)
    host = f"{place.host}:{place.port}" if place.port else str(place.host)
    headers = {
        **make_headers(user_agent=f"closing-arguments/{__version__} (link check)"),
        "Host": host,
        "Accept": "*/*",
    }
    try:
        response = pool.urlopen(
            method, place.request_uri, headers=headers, redirect=False, retries=False, preload_content=False
        )
        response.close()
    except (HTTPError, OSError, ValueError) as error:
        raise _NotReached(Reached.NOT_NOW, _words(error)) from None
    finally:
        pool.close()
    return response.status, {name.lower(): value for name, value in response.headers.items()}


def _pool(place: Url, target: str, network: Network) -> urllib3.HTTPConnectionPool:
    """A connection to the address that was looked at, with the certificate of the host that was named."""
    timeout = Timeout(connect=network.timeout, read=network.timeout)
    if place.scheme == "https":
        host = str(place.host).strip("[]")
        return urllib3.HTTPSConnectionPool(
            target, _port(place), timeout=timeout, assert_hostname=host, server_hostname=host
        )
    return urllib3.HTTPConnectionPool(target, _port(place), timeout=timeout)


def _words(error: Exception) -> str:
    reason = error.reason if isinstance(error, MaxRetryError) else error
    if isinstance(reason, SSLError):
        return "its certificate is not trusted"
    if isinstance(reason, urllib3.exceptions.TimeoutError | TimeoutError):
        return "no answer came in time"
    return "no connection could be made"


def _port(place: Url) -> int:
    return place.port or _PORTS[place.scheme or "http"]


def _host(address: str) -> str:
    try:
        return parse_url(address).host or ""
    except LocationParseError:
        return ""


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address in one of 64:ff9b::/96."""
    known = ipaddress.IPv6Network("64:ff9b::/96")
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in known else None
