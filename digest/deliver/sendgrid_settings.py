"""Whether the settings for SendGrid can work, before anything is sent. Pure."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from digest.deliver.loopback import is_loopback
from digest.errors import ConfigurationError
from digest.settings import SendGrid

MOST_READERS = 1000
LONGEST_HOLD = timedelta(hours=72)
"""https://www.twilio.com/docs/sendgrid/for-developers/sending-email/scheduling-parameters"""


def check_settings(settings: SendGrid, hold: timedelta) -> None:
    """Raises ConfigurationError, with what to do."""
    _check_key(settings.api_key)
    if not 1 <= settings.readers_per_request <= MOST_READERS:
        raise ConfigurationError(
            f"delivery.sendgrid.readers_per_request = {settings.readers_per_request} is out of range",
            hint=f"write a number from 1 to {MOST_READERS}",
        )
    if not _is_safe(settings.address):
        raise ConfigurationError(
            f"delivery.sendgrid.address = {settings.address!r} is not an https address",
            hint="leave it out, or write https://api.eu.sendgrid.com for an account in the EU",
        )
    if not timedelta() <= hold <= LONGEST_HOLD:
        raise ConfigurationError(
            f"delivery.hold = {hold} is out of range", hint="SendGrid holds letters for 72 hours at most"
        )


def _check_key(key: str) -> None:
    if not key:
        raise ConfigurationError(
            "delivery.sendgrid.api_key is not set",
            hint="put a key that may send mail into DIGEST_SENDGRID_API_KEY",
        )
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ConfigurationError(
            "delivery.sendgrid.api_key holds characters that no key has", hint="copy the key again"
        )


def _is_safe(address: str) -> bool:
    """The key goes there: nothing but https will do, except to this machine itself."""
    try:
        parts = urlsplit(address)
        valid = bool(parts.hostname) and parts.port != 0 and not parts.username
    except ValueError:
        return False
    return valid and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or "")))
