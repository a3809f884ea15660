"""Who a publication's letters come from, as the world sees it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from digest.model.health import DnsRecord

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """A key for signing letters (RFC 6376): the selector `s1` of the domain that signs."""

    name: str
    domain: str

    @property
    def host(self) -> str:
        return f"{self.name}._domainkey.{self.domain}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """`domain` is that of the From address, `return_path` the one to which bounces go, empty where nobody knows it.

    `addresses` are those from which letters leave, `named` tells that the operator said so; `reason` says why there
    are none. `selectors` are those that are known. `records` are what the provider wants to see at the name servers.
    `report_to` is the address for reports of DMARC, `mail_server` the host that sends, where the world knows it;
    `by_provider` tells that a service sends and signs.
    """

    domain: str
    return_path: str = ""
    addresses: tuple[Address, ...] = ()
    named: bool = False
    reason: str = ""
    selectors: tuple[Selector, ...] = ()
    records: tuple[DnsRecord, ...] = ()
    report_to: str = ""
    mail_server: str = ""
    by_provider: bool = False

    def record_at(self, host: str) -> tuple[DnsRecord, ...]:
        """What the provider wants at a host."""
        return tuple(each for each in self.records if each.host.lower() == host.lower())
