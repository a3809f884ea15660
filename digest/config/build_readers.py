"""From the checked document to the settings of readers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from digest.config import schema, schema_readers
from digest.reader_settings import (
    RateSettings,
    ReaderSettings,
    ReturnsSettings,
    ServeSettings,
    SignUpSettings,
    WebhookSettings,
)


def build_readers(document: schema.Document, home: Path, secrets: Mapping[str, str]) -> ReaderSettings:
    """The settings of readers; paths start from `home`."""
    serve = document.serve
    return ReaderSettings(
        sign_up=_sign_up(document.sign_up),
        serve=ServeSettings(host=serve.host, port=serve.port, processes=serve.processes, proxies=tuple(serve.proxies)),
        returns=_returns(document.returns, home, secrets["imap_password"]),
        webhook=WebhookSettings(
            public_key=document.webhook.public_key, tolerance=timedelta(minutes=document.webhook.tolerance)
        ),
        rates=RateSettings(**document.rates.model_dump()),
    )


def _sign_up(table: schema_readers.SignUpTable) -> SignUpSettings:
    return SignUpSettings(
        open=table.open,
        sites=tuple(table.sites),
        privacy=table.privacy,
        least_time=timedelta(seconds=table.least_seconds),
        letters_per_address=table.letters_per_address,
        per_network=table.per_network,
        per_hour=table.per_hour,
        per_day=table.per_day,
    )


def _returns(table: schema_readers.ReturnsTable, home: Path, password: str) -> ReturnsSettings:
    imap = table.imap
    return ReturnsSettings(
        address=table.address,
        verp=table.verp,
        maildir=home / table.maildir if table.maildir else None,
        imap_host=imap.host,
        imap_port=imap.port,
        imap_security=imap.security,
        imap_username=imap.username,
        imap_password=password,
        imap_folder=imap.folder,
        ca_file=home / imap.ca_file if imap.ca_file else None,
        every=timedelta(minutes=table.every),
    )
