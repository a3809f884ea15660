"""Letters over SMTP (RFC 5321): many lines to one mail server, each with a connection that is kept open."""

from __future__ import annotations

import ssl

from digest.deliver.loopback import is_loopback
from digest.deliver.message import MessageTemplate
from digest.deliver.once_per_campaign import OncePerCampaign
from digest.deliver.seam import Abilities, HoldsNothing
from digest.deliver.smtp_line import SmtpLine, Standing
from digest.errors import ConfigurationError
from digest.model import Campaign
from digest.settings import Smtp

SECURITIES = ("starttls", "tls", "none")
_ANSWER_TIMEOUT = 600.0  # RFC 5321, section 4.5.3.2.6: giving up early makes letters unknown that were taken
_LETTERS_PER_BATCH = 500


class SmtpProvider(HoldsNothing):
    """Sends through one mail server. Raises ConfigurationError for settings that cannot work.

    `answer_timeout` is how many seconds the server may take to answer a whole letter.
    """

    name = "smtp"

    def __init__(self, settings: Smtp, *, answer_timeout: float = _ANSWER_TIMEOUT) -> None:
        _check(settings)
        self.abilities = Abilities(
            readers_per_call=_LETTERS_PER_BATCH, calls_at_once=settings.connections, letter_by_letter=True
        )
        self._settings = settings
        self._context = _tls_context(settings)
        self._answer_timeout = answer_timeout
        self._templates = OncePerCampaign(MessageTemplate.of)
        self._standing = Standing()

    def check(self, campaign: Campaign) -> None:
        """Raises ConfigurationError for a campaign whose headers cannot be written."""
        self._templates.of(campaign)

    def line(self) -> SmtpLine:
        """A new line. It connects at its first letter."""
        return SmtpLine(
            self._settings, self._context, self._templates, self._standing, answer_patience=self._answer_timeout
        )


def _check(settings: Smtp) -> None:
    if settings.security not in SECURITIES:
        raise ConfigurationError(
            f"delivery.smtp.security = {settings.security!r} is not known", hint=f"write one of {', '.join(SECURITIES)}"
        )
    if not settings.host:
        raise ConfigurationError("delivery.smtp.host is empty", hint="name the mail server that sends for you")
    if settings.username and not (settings.username + settings.password).isascii():
        raise ConfigurationError("delivery.smtp.username and password must be ASCII")
    if settings.username and not settings.password:
        raise ConfigurationError(
            "delivery.smtp.username is set and its password is not", hint="put it into DIGEST_SMTP_PASSWORD"
        )
    if settings.username and settings.security == "none" and not is_loopback(settings.host):
        raise ConfigurationError(
            f"delivery.smtp would send its password to {settings.host} in the clear",
            hint="set delivery.smtp.security to 'starttls' or 'tls'",
        )


def _tls_context(settings: Smtp) -> ssl.SSLContext | None:
    """Verifies the server's certificate and name, against `ca_file` alone where there is one."""
    if settings.security == "none":
        return None
    try:
        return ssl.create_default_context(cafile=settings.ca_file)
    except OSError as error:
        raise ConfigurationError(
            f"delivery.smtp.ca_file = {str(settings.ca_file)!r} cannot be read: {error.strerror or error}",
            hint="name a file of certificates in PEM form",
        ) from error
