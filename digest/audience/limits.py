"""What holds robots and list bombing off the sign-up: how often it may be asked, from where and for whom. Pure.

Attempts are counted in stretches of an hour or a day that begin at the full hour, or at midnight in UTC. So twice as
many as a limit says can fall into an hour that spans two of them, never more.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from digest.reader_settings import SignUpSettings

KEPT = timedelta(days=2)
"""After so long a count says nothing any more."""

_FOREIGN_SHARE = 4
"""A form without a token of ours cannot tell how long somebody looked at it: so many times fewer of them are taken."""


_HELD = timedelta(seconds=3)
_FLOOD = 2


class Limit(StrEnum):
    """What can be used up."""

    NETWORK = "network"
    FOREIGN_FORM = "form of another site"
    ADDRESS = "address"
    HOUR = "hour"
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """One count of attempts: `bucket` names no address and no network, `opens` begins its stretch of time, `most` is
    how many it holds."""

    limit: Limit
    bucket: str
    opens: datetime
    most: int


def counters(
    settings: SignUpSettings, address: str, visitor: str, *, key: str, is_foreign: bool, now: datetime
) -> tuple[Counter, ...]:
    """What a sign-up of `address` (normalised) counts in. `visitor` is an IP address, `key` what hashes are made with;
    `is_foreign` says that the form had no token of ours."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    day = hour.replace(hour=0)
    network = network_of(visitor)

    def counter(limit: Limit, who: str, opens: datetime, most: int) -> Counter:
        bucket = hmac.digest(key.encode(), f"{limit} {who}".encode(), sha256).hex()[:32]
        return Counter(limit=limit, bucket=bucket, opens=opens, most=most)

    foreign = (counter(Limit.FOREIGN_FORM, network, hour, max(1, settings.per_network // _FOREIGN_SHARE)),)
    return (
        counter(Limit.NETWORK, network, hour, settings.per_network),
        *(foreign if is_foreign else ()),
        counter(Limit.ADDRESS, address.casefold(), day, settings.letters_per_address),
        counter(Limit.HOUR, "", hour, settings.per_hour),
        counter(Limit.DAY, "", day, settings.per_day),
    )


def held_for(attempts: int) -> timedelta:
    """How long the letter of a sign-up waits: `attempts` is how many its network made in this hour, it included. Nobody
    minds three seconds; and of a network that asks in haste, none has left before it is seen what it does."""
    return _HELD * attempts


def is_flood(settings: SignUpSettings, attempts: int) -> bool:
    """Whether so many attempts of one network in an hour are readers no more. A few beyond the limit may be a school
    class, and those before them still get their letters."""
    return attempts >= _FLOOD * settings.per_network


def until_next_hour(now: datetime) -> timedelta:
    """When the counts of an hour begin anew."""
    return timedelta(hours=1) - (now - now.replace(minute=0, second=0, microsecond=0))


def network_of(visitor: str) -> str:
    """The network that an IP address stands for: its /24, or the /64 that one customer has. An IPv4 address that is
    written as one of IPv6 is the IPv4 address; what is no address is one network with all that are none."""
    try:
        address = ip_address(visitor)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(ip_network(f"{address}/{24 if address.version == 4 else 64}", strict=False))
