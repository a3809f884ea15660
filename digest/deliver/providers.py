"""The providers by name. A provider's library is imported when it is opened, not before."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from digest.deliver.outbox import Outbox, write_samples
from digest.deliver.seam import Provider
from digest.errors import ConfigurationError
from digest.settings import DeliverySettings

__all__ = ["PROVIDER_NAMES", "open_provider", "write_samples"]


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

    return SendGridProvider(settings.sendgrid, hold=settings.hold)


def _resend(settings: DeliverySettings) -> Provider:
    from digest.deliver.resend import ResendProvider

    return ResendProvider(settings.resend)


_PROVIDERS: Mapping[str, Callable[[DeliverySettings], Provider]] = {
    "outbox": _outbox,
    "smtp": _smtp,
    "sendgrid": _sendgrid,
    "resend": _resend,
}
PROVIDER_NAMES = tuple(_PROVIDERS)
