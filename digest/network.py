"""Hosts and the way to them: each is looked up once, all its addresses are looked at, and connections go to those.

A name that answers differently the second time gains nothing, because nobody asks a second time. The address is pinned
where the connection is made, so that the name stays in the Host header, in TLS (SNI and certificate) and in the pool.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from functools import cached_property, partial
from itertools import zip_longest
from typing import Any, TypeVar

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationParseError,
    NameResolutionError,
    NewConnectionError,
)
from urllib3.util import parse_url
from urllib3.util.connection import create_connection

Item = TypeVar("Item")

Resolve = Callable[[str, int], Sequence[str]]
"""The addresses of a host and port. Raises OSError, or UnicodeError for a name that cannot be one."""

Admits = Callable[[str, int, str], bool]
"""Whether a host may be asked at a port, as one of its addresses."""

_GLOBAL = ipaddress.IPv6Network("2000::/3")
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
_METADATA = ipaddress.ip_address("168.63.129.16")
"""Azure's host service, the one such address out of the public range; all others are link-local, shared or unique local
(https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16)."""


class PrivateHost(HTTPError):
    """A host that may not be asked, because of the `addresses` that are not public."""

    def __init__(self, host: str, addresses: Sequence[str]) -> None:
        super().__init__(f"{host} is {', '.join(addresses) or 'nowhere'}")
        self.host, self.addresses = host, tuple(addresses)


def resolved(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, as the system finds them. Raises OSError."""
    return tuple(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def is_public(address: str) -> bool:
    """Whether the whole world can reach an IP address. IPv4 inside IPv6 counts as what it is (RFC 4291, RFC 6052);
    of IPv6 only global unicast is (https://www.iana.org/assignments/ipv6-address-space)."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = embedded(found)
        return is_public(str(inner)) if inner else found.is_global and found in _GLOBAL
    return found.is_global and not found.is_multicast and found != _METADATA


def embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for: mapped, 6to4, or translated (64:ff9b::/96)."""
    inner = address.ipv4_mapped or address.sixtofour
    if inner is None and address in _TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return inner


class Hosts:
    """The hosts that a run asks. Each is looked up once, and every address of it must be admitted: we cannot know which
    of them somebody else would get. For as many threads as one likes."""

    def __init__(self, admits: Admits, resolve: Resolve = resolved) -> None:
        self._admits, self._resolve = admits, resolve
        self._found: dict[tuple[str, int], Sequence[str]] = {}

    @cached_property
    def trust(self) -> ssl.SSLContext:
        """The certificates that the system trusts, read once: that takes longer than many an answer."""
        return ssl.create_default_context()

    def addresses(self, host: str, port: int, seconds: float | None = None) -> Sequence[str]:
        """The addresses to connect to, at least one.

        Raises PrivateHost; OSError when the name is not known, TimeoutError when it was not found within so many
        seconds; UnicodeError when it cannot be a name.
        """
        found = self._look_up(host, port, seconds)
        refused = [address for address in found if not self._admits(host, port, address)]
        if refused or not found:
            raise PrivateHost(host, refused)
        return found

    def _look_up(self, host: str, port: int, seconds: float | None) -> Sequence[str]:
        if _is_address(host):
            return (host,)
        if (host, port) not in self._found:
            # Should two threads look it up at the same time, the first answer is the one that both are given.
            self._found.setdefault((host, port), _in_time(partial(self._resolve, host, port), seconds))
        return self._found[host, port]


def guarded_pools(hosts: Hosts, **options: Any) -> urllib3.PoolManager:
    """urllib3's pools, whose connections go where `hosts` admits it. They raise PrivateHost where it does not."""
    return pools_of(partial(GuardedPool, hosts), partial(GuardedSecurePool, hosts), **options)


def pools_of(http: Callable[..., Any], https: Callable[..., Any], **options: Any) -> urllib3.PoolManager:
    """urllib3's pools, made by these two."""
    manager = urllib3.PoolManager(**options)
    manager.pool_classes_by_scheme = {"http": http, "https": https}  # type: ignore[dict-item]
    return manager


class _Guarded(HTTPConnection):
    """A connection that goes to an address which was looked at."""

    hosts: Hosts

    def _new_conn(self) -> socket.socket:
        host = self._dns_host.strip("[]")
        try:
            return self._connected(self.hosts.addresses(host, self.port, self.timeout))
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        except TimeoutError as error:
            raise ConnectTimeoutError(self, f"no connection to {self.host} in time") from error
        except OSError as error:
            raise NewConnectionError(self, f"no connection: {error}") from error
        except UnicodeError as error:
            raise LocationParseError(host) from error

    def _connected(self, addresses: Sequence[str]) -> socket.socket:
        """A socket to the first address that takes it. Raises the OSError of the last one."""
        for address in addresses[:-1]:
            try:
                return self._connected_to(address)
            except OSError:
                continue
        return self._connected_to(addresses[-1])

    def _connected_to(self, address: str) -> socket.socket:
        return create_connection(
            (address, self.port), self.timeout, source_address=self.source_address, socket_options=self.socket_options
        )


class GuardedConnection(_Guarded):
    """A connection without TLS to an address that was looked at."""


class GuardedSecureConnection(_Guarded, HTTPSConnection):
    """A connection to an address that was looked at, whose certificate must be that of the name."""


class GuardedPool(HTTPConnectionPool):
    """The connections to one host that `hosts` admits."""

    ConnectionCls = GuardedConnection

    def __init__(self, hosts: Hosts, *place: Any, **options: Any) -> None:
        super().__init__(*place, **options)
        self._hosts = hosts

    def _new_conn(self) -> Any:
        connection: Any = super()._new_conn()
        connection.hosts = self._hosts
        return connection


class GuardedSecurePool(HTTPSConnectionPool):
    """The connections over TLS to one host that `hosts` admits."""

    ConnectionCls = GuardedSecureConnection

    def __init__(self, hosts: Hosts, *place: Any, **options: Any) -> None:
        super().__init__(*place, **{"ssl_context": hosts.trust, **options})
        self._hosts = hosts

    def _new_conn(self) -> Any:
        connection: Any = super()._new_conn()
        connection.hosts = self._hosts
        return connection


def by_host(items: Iterable[Item], host_of: Callable[[Item], str], per_host: int) -> list[Iterator[Item]]:
    """What is to be asked for one after the other: so many rows a host, the hosts taken in turns.

    So no host, however slow, holds more threads than it has rows. The rows of a host draw from what is left of it, so
    that one slow address holds up one row and not those behind it. Each item is drawn once.
    """
    hosts: dict[str, deque[Item]] = {}
    for item in items:
        hosts.setdefault(host_of(item), deque()).append(item)
    rows = [[_drawn(waiting) for _ in range(min(per_host, len(waiting)))] for waiting in hosts.values()]
    return [row for turn in zip_longest(*rows) for row in turn if row]


def _drawn(waiting: deque[Item]) -> Iterator[Item]:
    while waiting:
        try:
            yield waiting.popleft()
        except IndexError:  # another thread was quicker
            return


def host_of(address: str) -> str:
    """The host in an address, empty where there is none."""
    try:
        return (parse_url(address).host or "").lower()
    except LocationParseError:
        return ""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _in_time(look: Callable[[], Sequence[str]], seconds: float | None) -> Sequence[str]:
    """What `look` finds within so many seconds. The system's resolver cannot be called off, only left behind."""
    found: Future[Sequence[str]] = Future()

    def go() -> None:
        try:
            found.set_result(look())
        except BaseException as error:
            found.set_exception(error)

    threading.Thread(target=go, name="lookup", daemon=True).start()
    return found.result(timeout=seconds)
