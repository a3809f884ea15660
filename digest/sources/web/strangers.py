"""Whom we may ask: addresses that an operator wrote, and those that others did, in feeds, pages and redirects."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from digest.errors import SourceUnreadable
from digest.network import embedded, is_public

_PORTS = {"http": 80, "https": 443}
_LEAST_PORT = 1024
_PORTS_OF_OTHERS = frozenset(
    {1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6679, 6697, 10080, *range(6665, 6670)}
)
"""Ports above 1023 on which no browser asks for a page (https://fetch.spec.whatwg.org/#port-blocking)."""

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Neighbours:
    """Which hosts may be asked although they are in a private network.

    Those that the configuration names as private (hosts, addresses or networks), and those that a source's own address
    names by a private address or as localhost: there the port counts too.
    """

    def __init__(self, private: Iterable[str] = ()) -> None:
        found = {each: _network(each) for each in private}
        self._networks = tuple(network for network in found.values() if network)
        self._hosts = {each.lower().rstrip(".") for each, network in found.items() if not network}
        self._places: set[tuple[str, int]] = set()
        self._near: set[tuple[str, int]] = set()

    def configure(self, address: str) -> None:
        """Takes in a source's own address, which the operator wrote."""
        host, port = place_of(address)
        self._places.add((host, port))
        if host == "localhost" or _network(host):
            self._near.add((host, port))

    def admits(self, host: str, port: int, address: str) -> bool:
        """Whether this host may be asked at this port, where it is at this IP address."""
        host = host.lower().rstrip(".")
        return is_public(address) or (host, port) in self._near or host in self._hosts or self._is_in(address)

    def knows(self, place: tuple[str, int]) -> bool:
        """Whether a source's own address names this host and port."""
        return place in self._places

    def _is_in(self, address: str) -> bool:
        found = ipaddress.ip_address(address.partition("%")[0])
        inner = embedded(found) if isinstance(found, ipaddress.IPv6Address) else None
        return any((inner or found) in network for network in self._networks)


def check_stranger(address: str, neighbours: Neighbours) -> None:
    """Nothing for an address that anybody may have us ask for. SourceUnreadable for one with a user's name or password,
    or at a port where no web site is."""
    url = _parsed(address)
    if url is None or url.scheme not in _PORTS or not url.host:
        raise SourceUnreadable(f"{address[:200]!r} is no web address", hint="only http and https can be asked")
    if url.auth:
        raise SourceUnreadable("the address holds a user's name or password", hint="name the address without them")
    place = place_of(address)
    if not _is_sensible(place[1]) and not neighbours.knows(place):
        raise SourceUnreadable(f"port {place[1]} is none where web sites are", hint="check the address")


def place_of(address: str) -> tuple[str, int]:
    """The host (lower case, without brackets and last dot) and port that an address leads to; `("", 0)` for none."""
    url = _parsed(address)
    if url is None or not url.host:
        return "", 0
    return url.host.strip("[]").lower().rstrip("."), url.port or _PORTS.get(url.scheme or "", 0)


def _is_sensible(port: int) -> bool:
    return port in _PORTS.values() or (port >= _LEAST_PORT and port not in _PORTS_OF_OTHERS)


def _parsed(address: str) -> Url | None:
    try:
        return parse_url(address)
    except LocationParseError:
        return None


def _network(text: str) -> _Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
