"""What digest.toml may say of readers: their pages, the sign-up, and what comes back of letters."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from digest.config import kinds, kinds_readers
from digest.config.kinds import Table

_Port = Annotated[int, Field(ge=1, le=65535)]


class SignUpTable(Table):
    open: bool = Field(default=True, description="Whether new readers can sign up on the pages.")
    sites: kinds_readers.Origins = Field(
        default_factory=list, description='Sites that may embed the form, like "https://docket.example".'
    )
    privacy: kinds.WebAddress = Field(
        default="", description="The page that says how addresses are treated; a short one of ours when not given."
    )
    least_seconds: Annotated[float, Field(ge=0, le=60)] = Field(
        default=2.0, description="A form that comes back sooner was filled by a robot."
    )
    letters_per_address: kinds.AtLeastOne = Field(
        default=3, description="Confirmation letters to one address in a day at most."
    )
    per_network: kinds.AtLeastOne = Field(default=20, description="Sign-ups from one network in an hour at most.")
    per_hour: kinds.AtLeastOne = Field(default=500, description="Confirmation letters in an hour at most, in all.")
    per_day: kinds.AtLeastOne = Field(default=2000, description="Confirmation letters in a day at most, in all.")


class ServeTable(Table):
    host: kinds.FilledLine = Field(default="127.0.0.1", description="The address that `digest serve` listens at.")
    port: _Port = Field(default=8025, description="Its port.")
    processes: Annotated[int, Field(ge=1, le=32)] = Field(
        default=1, description="How many processes answer: more where one processor is not enough."
    )
    proxies: kinds_readers.Networks = Field(
        default_factory=lambda: ["127.0.0.1", "::1"],
        description="Addresses or networks of reverse proxies that are believed when they name a visitor.",
    )


class ImapTable(Table):
    host: kinds.Line = Field(default="", description="The IMAP server of the mailbox; none is asked without one.")
    port: _Port = Field(default=993, description="Its port.")
    security: kinds.Security = Field(
        default="tls", description="How the connection is kept secret: tls, starttls or none."
    )
    username: kinds.Line = Field(default="", description="The name to log in with.")
    folder: kinds.FilledLine = Field(default="INBOX", description="The folder that is read.")
    ca_file: kinds.PathText = Field(default="", description="A file of certificates to trust beside the system's.")


class ReturnsTable(Table):
    address: kinds_readers.Address = Field(
        default="", description="Where bounces go, the return path of letters sent by SMTP; the sender when not given."
    )
    verp: bool = Field(
        default=False, description="Whether each letter has a return path of its own: bounces+...@docket.example."
    )
    maildir: kinds.PathText = Field(default="", description="The Maildir that they arrive in.")
    every: kinds.Every = Field(default=15, description="Minutes between two looks of the schedule; 0 for none.")
    imap: ImapTable = Field(default_factory=ImapTable)


class WebhookTable(Table):
    public_key: kinds_readers.PublicKey = Field(
        default="", description="SendGrid's verification key of its event webhook; no event is taken without one."
    )
    tolerance: Annotated[float, Field(gt=0, le=1440)] = Field(
        default=10.0, description="Minutes after which a signed request is too old."
    )


class RatesTable(Table):
    complaints_watch: kinds.Share = Field(
        default=0.001, description="The share of an issue's readers whose complaints are told."
    )
    complaints_hold: kinds.Share = Field(default=0.003, description="The share at which the next issue is held.")
    bounces_watch: kinds.Share = Field(
        default=0.02, description="The share of an issue's letters whose bounces are told."
    )
    bounces_hold: kinds.Share = Field(default=0.05, description="The share at which the next issue is held.")
