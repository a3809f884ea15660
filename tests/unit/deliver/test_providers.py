"""Which provider is opened, and what is refused before it is."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from digest.deliver.providers import PROVIDER_NAMES, open_provider
from digest.errors import ConfigurationError
from digest.settings import DeliverySettings, Resend, SendGrid, Smtp

KEY = "SG.a-key-of-the-tests"
WORKING = DeliverySettings(
    outbox=Path("/nowhere"),
    smtp=Smtp(username="u", password="hush"),
    sendgrid=SendGrid(api_key=KEY),
    resend=Resend(api_key="re_a-key-of-the-tests"),
)


@pytest.mark.parametrize("name", PROVIDER_NAMES)
def test_every_name_opens_a_provider_of_that_name(name: str) -> None:
    provider = open_provider(replace(WORKING, provider=name))
    assert provider.name == name
    assert provider.abilities.readers_per_call >= 1
    assert provider.abilities.calls_at_once >= 1


def test_the_names() -> None:
    assert PROVIDER_NAMES == ("outbox", "smtp", "sendgrid", "resend")


def test_an_unknown_name_says_what_would_do() -> None:
    with pytest.raises(ConfigurationError, match=r"delivery\.provider = 'pigeon'") as caught:
        open_provider(replace(WORKING, provider="pigeon"))
    assert "outbox, smtp, sendgrid, resend" in caught.value.hint


@pytest.mark.parametrize(
    ("smtp", "key"),
    [
        (Smtp(host=""), r"delivery\.smtp\.host"),
        (Smtp(security="ssl"), r"delivery\.smtp\.security = 'ssl'"),
        (Smtp(username="u"), r"delivery\.smtp\.username"),
        (Smtp(username="u", password="pässwort"), "must be ASCII"),
        (Smtp(host="mail.example.com", security="none", username="u", password="hush"), "in the clear"),
        (Smtp(host="192.0.2.1", security="none", username="u", password="hush"), "in the clear"),
        (Smtp(ca_file=Path("/nowhere/ca.pem")), r"delivery\.smtp\.ca_file"),
        (Smtp(ca_file=Path(__file__)), r"delivery\.smtp\.ca_file"),
    ],
)
def test_smtp_settings_that_cannot_work(smtp: Smtp, key: str) -> None:
    with pytest.raises(ConfigurationError, match=key) as caught:
        open_provider(replace(WORKING, provider="smtp", smtp=smtp))
    assert "hush" not in str(caught.value) + caught.value.hint


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3", "::1"])
def test_a_login_may_go_to_this_machine_in_the_clear(host: str) -> None:
    open_provider(replace(WORKING, provider="smtp", smtp=Smtp(host=host, security="none", username="u", password="p")))


@pytest.mark.parametrize(
    ("sendgrid", "key"),
    [
        (SendGrid(), r"delivery\.sendgrid\.api_key is not set"),
        (SendGrid(api_key="  \n"), r"delivery\.sendgrid\.api_key is not set"),
        (SendGrid(api_key=f"{KEY}\nBcc: x"), r"delivery\.sendgrid\.api_key"),
        (SendGrid(api_key=f"{KEY}é"), r"delivery\.sendgrid\.api_key"),
        (SendGrid(api_key=KEY, address="http://api.sendgrid.com"), r"delivery\.sendgrid\.address"),
        (SendGrid(api_key=KEY, address="api.sendgrid.com"), r"delivery\.sendgrid\.address"),
        (SendGrid(api_key=KEY, address="https://"), r"delivery\.sendgrid\.address"),
        (SendGrid(api_key=KEY, address="https://host:port"), r"delivery\.sendgrid\.address"),
        (SendGrid(api_key=KEY, address="https://u:p@host"), r"delivery\.sendgrid\.address"),
        (SendGrid(api_key=KEY, address="file:///etc/passwd"), r"delivery\.sendgrid\.address"),
        (SendGrid(api_key=KEY, readers_per_request=1001), r"readers_per_request = 1001"),
        (SendGrid(api_key=KEY, readers_per_request=0), r"readers_per_request = 0"),
    ],
)
def test_sendgrid_settings_that_cannot_work(sendgrid: SendGrid, key: str) -> None:
    with pytest.raises(ConfigurationError, match=key) as caught:
        open_provider(replace(WORKING, provider="sendgrid", sendgrid=sendgrid))
    assert KEY not in str(caught.value) + caught.value.hint


def test_a_key_with_a_line_end_from_a_file_is_taken() -> None:
    assert open_provider(replace(WORKING, provider="sendgrid", sendgrid=SendGrid(api_key=f"{KEY}\n")))


def test_readers_per_call_is_as_configured() -> None:
    settings = SendGrid(api_key=KEY, readers_per_request=250)
    opened = open_provider(replace(WORKING, provider="sendgrid", sendgrid=settings))
    assert opened.abilities.readers_per_call == 250


def test_libraries_are_imported_when_a_provider_is_opened_and_not_before() -> None:
    seen = "import sys; import digest.deliver.providers; print(*{'sendgrid', 'smtplib', 'idna'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", seen], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == ""
