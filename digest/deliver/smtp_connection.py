"""One connection to a mail server: opening it, and taking one letter at a time through MAIL, RCPT and DATA."""

from __future__ import annotations

import logging
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass

from digest.deliver import smtp_replies
from digest.deliver.smtp_replies import Outcome, Reply
from digest.deliver.trouble import in_words
from digest.model import Fate
from digest.settings import Smtp

logger = logging.getLogger(__name__)


class Unreachable(Exception):
    """No connection on which letters can be sent; the text says why in words for the operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Who sends to whom. Both are wire addresses; only the recipient's local part may be other than ASCII."""

    sender: str
    recipient: str

    @property
    def needs_utf8(self) -> bool:
        return not self.recipient.isascii()


class Connection:
    """An open connection. Once it broke, `usable` is False and nothing more can be sent on it.

    `answer_timeout` is how many seconds the server may take over a whole letter.
    """

    def __init__(self, client: smtplib.SMTP, *, answer_timeout: float) -> None:
        self._client = client
        self._answer_timeout = answer_timeout
        self._timeout = client.timeout
        self.usable = True
        self.carried = 0

    def carry(self, envelope: Envelope, message: bytes, *, relays: bool) -> Outcome:
        """Takes one letter to the server. `message` ends in CRLF and has no line that begins with a dot."""
        if envelope.needs_utf8 and not self._client.has_extn("smtputf8"):
            return Outcome(
                fate=Fate.REFUSED, words="the mail server cannot take addresses that are not ASCII (SMTPUTF8)"
            )
        try:
            outcome = (
                smtp_replies.at_mail(self._mail(envelope, len(message)), reused=self.carried > 0)
                or smtp_replies.at_recipient(self._command("RCPT", f"TO:<{envelope.recipient}>"), relays=relays)
                or smtp_replies.at_data(self._command("DATA"))
                or self._body(message)
            )
        except OSError as error:  # smtplib's own exceptions are of this kind too
            outcome = Outcome(
                fate=Fate.UNSENT, words=f"the connection broke: {_in_words(error)}", broken=True, retry=True
            )
        self._after(outcome)
        return outcome

    def takes_more(self, most: int) -> bool:
        """Whether it is whole and has carried less than `most` letters."""
        return self.usable and self.carried < most

    def close(self) -> None:
        """Says goodbye if anybody listens."""
        with suppress(OSError):
            if self.usable:
                self._client.quit()
        with suppress(OSError):
            self._client.close()
        self.usable = False

    def _mail(self, envelope: Envelope, size: int) -> Reply:
        options = [f"SIZE={size}"] if self._client.has_extn("size") else []
        if envelope.needs_utf8:
            self._client.command_encoding = "utf-8"
            options += ["SMTPUTF8", "BODY=8BITMIME"]
        return self._command("MAIL", " ".join((f"FROM:<{envelope.sender}>", *options)))

    def _command(self, verb: str, arguments: str = "") -> Reply:
        code, text = self._client.docmd(verb, arguments)
        return Reply(code=code, text=text)

    def _body(self, message: bytes) -> Outcome:
        """Sends the letter and its end in one go: if that fails, the end has not left, or not whole."""
        self._client.send(message + b".\r\n")
        self._wait_at_most(self._answer_timeout)
        try:
            code, text = self._client.getreply()
        except OSError as error:
            return Outcome(fate=Fate.UNKNOWN, words=f"no answer to the whole letter: {_in_words(error)}", broken=True)
        self._wait_at_most(self._timeout)
        return smtp_replies.at_end(Reply(code=code, text=text))

    def _wait_at_most(self, seconds: float) -> None:
        if self._client.sock is not None:
            self._client.sock.settimeout(seconds)

    def _after(self, outcome: Outcome) -> None:
        """Counts the letter, and clears a transaction that the server did not end by taking it."""
        self.carried += 1
        if outcome.broken:
            self._drop()
        elif outcome.fate is not Fate.ACCEPTED:
            self._reset()

    def _reset(self) -> None:
        try:
            code, _ = self._client.rset()
        except OSError:
            code = -1
        if code != 250:
            self._drop()

    def _drop(self) -> None:
        self.usable = False
        with suppress(OSError):
            self._client.close()


def connect(settings: Smtp, context: ssl.SSLContext | None, *, answer_timeout: float) -> Connection:
    """Opens a connection, secures it as configured and logs in. Raises Unreachable."""
    try:
        client = _client(settings, context)
    except OSError as error:
        raise Unreachable(f"cannot connect to {settings.host}:{settings.port}: {_in_words(error)}") from error
    try:
        _prepare(client, settings, context)
    except (OSError, UnicodeError) as error:
        client.close()
        raise _refused(settings, error) from None  # the cause may hold the password
    logger.debug("connected to %s:%s", settings.host, settings.port)
    return Connection(client, answer_timeout=answer_timeout)


def _client(settings: Smtp, context: ssl.SSLContext | None) -> smtplib.SMTP:
    if settings.security == "tls":
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=settings.timeout, context=context)
    return smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout)


def _prepare(client: smtplib.SMTP, settings: Smtp, context: ssl.SSLContext | None) -> None:
    if settings.security == "starttls":
        client.starttls(context=context)
    client.ehlo_or_helo_if_needed()
    if settings.username:
        client.login(settings.username, settings.password)


def _refused(settings: Smtp, error: Exception) -> Unreachable:
    server = f"{settings.host}:{settings.port}"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Unreachable(f"{server} refuses the login of delivery.smtp.username: {_in_words(error)}")
    if isinstance(error, smtplib.SMTPNotSupportedError) and "STARTTLS" in str(error):
        return Unreachable(
            f"{server} offers no STARTTLS: set delivery.smtp.security to 'tls', or to 'none' for a local server"
        )
    if isinstance(error, UnicodeError):
        return Unreachable("delivery.smtp.username and password must be ASCII")
    return Unreachable(f"{server} cannot be used: {_in_words(error)}")


def _in_words(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return Reply(code=error.smtp_code, text=text if isinstance(text, bytes) else text.encode()).words
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"{in_words(error)}; delivery.smtp.ca_file can name who signed it"
    return in_words(error)
