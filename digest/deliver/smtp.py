"""Letters over SMTP (RFC 5321), on a connection that is kept open and replaced when it breaks."""

from __future__ import annotations

import ssl
from collections.abc import Sequence

from digest.deliver.loopback import is_loopback
from digest.deliver.mailbox import BadAddress, wire_address
from digest.deliver.message import MessageTemplate
from digest.deliver.once_per_campaign import OncePerCampaign
from digest.deliver.receipts import nothing_left, one_by_one, receipt
from digest.deliver.smtp_connection import Connection, Envelope, Unreachable, connect
from digest.deliver.smtp_replies import Outcome
from digest.errors import ConfigurationError
from digest.model import Campaign, Delivery, Fate, Letter, Receipt
from digest.settings import Smtp

SECURITIES = ("starttls", "tls", "none")
_ANSWER_TIMEOUT = 600.0  # RFC 5321, section 4.5.3.2.6: giving up early makes letters unknown that were taken
_BREAKS_IN_A_ROW = 3


class SmtpProvider:
    """Sends through one mail server. Raises ConfigurationError for settings that cannot work."""

    name = "smtp"
    readers_per_call = 10

    def __init__(self, settings: Smtp, *, answer_timeout: float = _ANSWER_TIMEOUT) -> None:
        _check(settings)
        self._settings = settings
        self._context = _tls_context(settings)
        self._answer_timeout = answer_timeout
        self._templates = OncePerCampaign(MessageTemplate.of)
        self._connection: Connection | None = None
        self._relays = False
        self._breaks = 0

    def send(self, campaign: Campaign, letters: Sequence[Letter]) -> Delivery:
        """Sends the letters one by one, in their order; after a stop the rest is unsent."""
        try:
            template = self._templates.of(campaign)
        except ConfigurationError as error:
            return nothing_left(letters, str(error))
        return one_by_one(letters, lambda letter: self._sent(template, letter))

    def close(self) -> None:
        """Ends the connection."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def _sent(self, template: MessageTemplate, letter: Letter) -> tuple[Receipt, str]:
        outcome = self._carry(template, letter)
        return receipt(letter, outcome.fate, outcome.words, outcome.provider_id), outcome.stopped

    def _carry(self, template: MessageTemplate, letter: Letter) -> Outcome:
        """Takes one letter, on a second connection if the first broke before the letter was whole."""
        try:
            envelope = Envelope(sender=template.sender, recipient=wire_address(letter.address))
            message = template.message(letter)
        except BadAddress as error:
            return Outcome(fate=Fate.REFUSED, words=str(error))
        outcome = self._attempt(envelope, message)
        return self._judged(self._attempt(envelope, message) if outcome.retry else outcome)

    def _attempt(self, envelope: Envelope, message: bytes) -> Outcome:
        try:
            return self._open().carry(envelope, message, relays=self._relays)
        except Unreachable as trouble:
            return Outcome(fate=Fate.UNSENT, words=str(trouble), stopped=str(trouble))

    def _judged(self, outcome: Outcome) -> Outcome:
        """Stops when connections break letter after letter: each costs a letter whose fate nobody may know."""
        self._relays = self._relays or outcome.fate is Fate.ACCEPTED
        self._breaks = self._breaks + 1 if outcome.broken else 0
        if self._breaks < _BREAKS_IN_A_ROW or outcome.stopped:
            return outcome
        why = f"the connection to {self._settings.host} broke {self._breaks} times in a row: {outcome.words}"
        return Outcome(fate=outcome.fate, words=outcome.words, stopped=why, broken=True)

    def _open(self) -> Connection:
        """The connection at hand, or a new one when it broke or has carried its share."""
        if self._connection and self._connection.takes_more(self._settings.letters_per_connection):
            return self._connection
        self.close()
        self._connection = connect(self._settings, self._context, answer_timeout=self._answer_timeout)
        return self._connection


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
