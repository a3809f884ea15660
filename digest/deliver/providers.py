"""The providers by name. A provider's library is imported when it is opened, not before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from digest.deliver.outbox import Outbox, write_samples
from digest.errors import ConfigurationError
from digest.model import Campaign, Delivery, Letter
from digest.settings import DeliverySettings

__all__ = ["PROVIDER_NAMES", "Provider", "open_provider", "write_samples"]


class Provider(Protocol):
    """Takes letters to their readers.

    `send` takes at most `readers_per_call` letters, answers for every one of them in their order, and raises for none:
    trouble is a fate in a receipt, and `stopped` says why it cannot go on.
    """

    name: str
    readers_per_call: int

    def send(self, campaign: Campaign, letters: Sequence[Letter]) -> Delivery: ...

    def close(self) -> None: ...


def open_provider(settings: DeliverySettings) -> Provider:
    """The configured provider. It checks its settings and opens no connection yet. Raises ConfigurationError."""
    opener = _PROVIDERS.get(settings.provider)
    if opener is None:
        raise ConfigurationError(
            f"delivery.provider = {settings.provider!r} is not a provider",
            hint=f"write one of {', '.join(PROVIDER_NAMES)}",
        )
    return opener(settings)


def _outbox(settings: DeliverySettings) -> Provider:
    return Outbox(settings.outbox)


def _smtp(settings: DeliverySettings) -> Provider:
    from digest.deliver.smtp import SmtpProvider

    return SmtpProvider(settings.smtp)


def _sendgrid(settings: DeliverySettings) -> Provider:
    from digest.deliver.sendgrid import SendGridProvider

    return SendGridProvider(settings.sendgrid)


_PROVIDERS: Mapping[str, Callable[[DeliverySettings], Provider]] = {
    "outbox": _outbox,
    "smtp": _smtp,
    "sendgrid": _sendgrid,
}
PROVIDER_NAMES = tuple(_PROVIDERS)
