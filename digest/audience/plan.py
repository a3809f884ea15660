"""Who gets an issue: the list, without those who must not be written to."""

from __future__ import annotations

from collections.abc import Collection

from digest.audience.addresses import BadAddress, normalise
from digest.model import Audience, LeftOut

SUPPRESSED = "suppressed"


def plan_audience(roster: Audience, suppressed: Collection[str]) -> Audience:
    """The list with every suppressed reader moved to those left out. `suppressed` may be spelt in any way."""
    barred = frozenset(map(_mailbox, suppressed))
    stopped = tuple(reader.address for reader in roster.readers if reader.address in barred)
    return Audience(
        readers=tuple(reader for reader in roster.readers if reader.address not in barred),
        left_out=roster.left_out + tuple(LeftOut(reason=SUPPRESSED, address=address) for address in stopped),
    )


def _mailbox(address: str) -> str:
    try:
        return normalise(address)
    except BadAddress:
        return address.strip().lower()
