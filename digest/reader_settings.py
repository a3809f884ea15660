"""What an operator can decide about readers: their pages, the sign-up, and what comes back of letters."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from digest.model.feedback import Figures, Level, level


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpSettings:
    """The sign-up and its limits, which hold robots and list bombing off.

    `sites` are the origins (`https://docket.example`) whose pages may hold the form in a frame or ask the API.
    `privacy` is the address of the page that says how addresses are treated, empty for the built-in one. A form that
    comes back sooner than `least_time` was filled by a robot. The counts: confirmation letters to one address in a day,
    sign-ups from one network (/24, /64) in an hour, letters in all in an hour and in a day.
    """

    open: bool = True
    sites: tuple[str, ...] = ()
    privacy: str = ""
    least_time: timedelta = timedelta(seconds=2)
    letters_per_address: int = 3
    per_network: int = 20
    per_hour: int = 500
    per_day: int = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeSettings:
    """The server of the readers' pages. `proxies` are the addresses of reverse proxies whose X-Forwarded-For is
    believed."""

    host: str = "127.0.0.1"
    port: int = 8025
    processes: int = 1
    proxies: tuple[str, ...] = ("127.0.0.1", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnsSettings:
    """Mail that comes back. `address` is where bounces go (the return path); with `verp` each letter has one of its
    own, `bounces+…@docket.example`. The mailbox is a Maildir or on an IMAP server; neither means that none is read."""

    address: str = ""
    verp: bool = False
    maildir: Path | None = None
    imap_host: str = ""
    imap_port: int = 993
    imap_security: str = "tls"
    imap_username: str = ""
    imap_password: str = field(default="", repr=False)
    imap_folder: str = "INBOX"
    ca_file: Path | None = None
    every: timedelta = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings:
    """The provider's webhook of events. `public_key` is SendGrid's verification key, in base64; without one no event is
    taken. A request older than `tolerance` is refused."""

    public_key: str = ""
    tolerance: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateSettings:
    """Shares of an issue's letters at which the operator is told (`watch`) and the next issue is held (`hold`), once
    three came back. Gmail and Yahoo publish those of complaints."""

    complaints_watch: float = 0.001
    complaints_hold: float = 0.003
    bounces_watch: float = 0.02
    bounces_hold: float = 0.05

    def of_complaints(self, figures: Figures) -> Level:
        """How grave the complaints about an issue are."""
        return level(figures.complaints, figures.letters, watch=self.complaints_watch, hold=self.complaints_hold)

    def of_bounces(self, figures: Figures) -> Level:
        """How grave the bounces of an issue are, hard and soft ones."""
        return level(figures.bounced, figures.letters, watch=self.bounces_watch, hold=self.bounces_hold)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderSettings:
    """Everything about readers."""

    sign_up: SignUpSettings = SignUpSettings()
    serve: ServeSettings = ServeSettings()
    returns: ReturnsSettings = ReturnsSettings()
    webhook: WebhookSettings = WebhookSettings()
    rates: RateSettings = RateSettings()
