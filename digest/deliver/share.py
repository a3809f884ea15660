"""Several senders at once: each takes its share of the connections that a provider may get."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from digest.settings import DeliverySettings

_WORTH_SHARING = 1000
"""Letters. Fewer are sent before another process has even started."""
_AT_ONCE: Mapping[str, Callable[[DeliverySettings], int]] = {
    "smtp": lambda delivery: delivery.smtp.connections,
    "sendgrid": lambda delivery: delivery.sendgrid.at_once,
    "resend": lambda delivery: delivery.resend.at_once,
}


def senders_for(delivery: DeliverySettings, owed: int) -> int:
    """How many senders are to share so many letters: as many as are wished for, and no more than connections."""
    at_once = _AT_ONCE.get(delivery.provider)
    return min(delivery.senders, at_once(delivery)) if at_once and owed > _WORTH_SHARING else 1


def share_of(delivery: DeliverySettings, number: int, of: int) -> DeliverySettings:
    """The settings of sender `number` (from 1) of so many; the first ones get what does not divide evenly."""

    def part(whole: int) -> int:
        return max(1, whole // of + (number <= whole % of))

    return replace(
        delivery,
        smtp=replace(delivery.smtp, connections=part(delivery.smtp.connections)),
        sendgrid=replace(delivery.sendgrid, at_once=part(delivery.sendgrid.at_once)),
        resend=replace(delivery.resend, at_once=part(delivery.resend.at_once)),
    )
