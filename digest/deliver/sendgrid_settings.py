"""Whether the settings for SendGrid can work, before anything is sent. Pure."""

from __future__ import annotations

from datetime import timedelta

from digest.deliver.api_account import check_account
from digest.errors import ConfigurationError
from digest.settings import SendGrid

MOST_READERS = 1000
LONGEST_HOLD = timedelta(hours=72)
"""https://www.twilio.com/docs/sendgrid/for-developers/sending-email/scheduling-parameters"""


def check_settings(settings: SendGrid, hold: timedelta) -> None:
    """Raises ConfigurationError, with what to do."""
    check_account(
        "delivery.sendgrid",
        api_key=settings.api_key,
        variable="DIGEST_SENDGRID_API_KEY",
        address=settings.address,
        address_hint="leave it out, or write https://api.eu.sendgrid.com for an account in the EU",
        readers_per_request=settings.readers_per_request,
        most_readers=MOST_READERS,
    )
    if not timedelta() <= hold <= LONGEST_HOLD:
        raise ConfigurationError(
            f"delivery.hold = {hold} is out of range", hint="SendGrid holds letters for 72 hours at most"
        )
