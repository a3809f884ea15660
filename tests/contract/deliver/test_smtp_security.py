"""TLS and logins, with real certificates."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from digest.deliver.smtp import SmtpProvider
from digest.model import Delivery, Fate
from digest.settings import Smtp
from tests.contract.deliver.servers import MailServer, ScriptedServer, always
from tests.unit.deliver.correspondence import campaign, letters

PASSWORD = "correct horse"

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def server_context(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context


@pytest.fixture
def starttls_server(authority: trustme.CA) -> Iterator[MailServer]:
    with MailServer(tls_context=server_context(authority, "localhost"), require_starttls=True) as server:
        yield server


def send(
    host: str, port: int, security: str, ca_file: Path | None, *, username: str = "", password: str = ""
) -> Delivery:
    settings = Smtp(
        host=host, port=port, security=security, ca_file=ca_file, username=username, password=password, timeout=5
    )
    provider = SmtpProvider(settings)
    delivery = provider.send(campaign(), letters(2))
    provider.close()
    return delivery


def fates(delivery: Delivery) -> set[Fate]:
    return {receipt.fate for receipt in delivery.receipts}


def test_starttls(starttls_server: MailServer, ca_file: Path) -> None:
    delivery = send("localhost", starttls_server.port, "starttls", ca_file)
    assert fates(delivery) == {Fate.ACCEPTED}
    assert starttls_server.secured == [True, True]


def test_starttls_with_a_certificate_that_nobody_trusts(starttls_server: MailServer) -> None:
    delivery = send("localhost", starttls_server.port, "starttls", None)
    assert fates(delivery) == {Fate.UNSENT}
    assert "certificate cannot be trusted" in delivery.stopped
    assert "ca_file" in delivery.stopped
    assert not starttls_server.taken


def test_starttls_with_a_certificate_for_another_name(starttls_server: MailServer, ca_file: Path) -> None:
    delivery = send("127.0.0.1", starttls_server.port, "starttls", ca_file)
    assert fates(delivery) == {Fate.UNSENT}
    assert "certificate cannot be trusted" in delivery.stopped


def test_starttls_is_not_left_out_where_the_server_does_not_offer_it(ca_file: Path) -> None:
    with MailServer() as server:
        delivery = send("127.0.0.1", server.port, "starttls", ca_file)
    assert fates(delivery) == {Fate.UNSENT}
    assert "STARTTLS" in delivery.stopped
    assert "delivery.smtp.security" in delivery.stopped
    assert not server.taken


def test_starttls_that_is_offered_and_then_refused(ca_file: Path) -> None:
    def script(moment: str, times: int) -> str | None:
        return {"EHLO": "250-ready\r\n250 STARTTLS", "STARTTLS": "454 4.7.0 not now"}.get(moment, "")

    with ScriptedServer(script) as server:
        delivery = send("127.0.0.1", server.port, "starttls", ca_file)
    assert fates(delivery) == {Fate.UNSENT}
    assert "454 4.7.0 not now" in delivery.stopped


def test_implicit_tls(authority: trustme.CA, ca_file: Path) -> None:
    with MailServer(tls=server_context(authority, "localhost")) as server:
        delivery = send("localhost", server.port, "tls", ca_file)
    assert fates(delivery) == {Fate.ACCEPTED}
    assert len(server.taken) == 2


@pytest.mark.parametrize("trusted", [True, False])
def test_implicit_tls_with_a_wrong_certificate(authority: trustme.CA, ca_file: Path, trusted: bool) -> None:
    with MailServer(tls=server_context(authority, "elsewhere.example" if trusted else "localhost")) as server:
        delivery = send("localhost", server.port, "tls", ca_file if trusted else None)
    assert fates(delivery) == {Fate.UNSENT}
    assert "certificate cannot be trusted" in delivery.stopped
    assert not server.taken


def test_implicit_tls_to_a_server_that_speaks_in_the_clear(ca_file: Path) -> None:
    with MailServer() as server:
        delivery = send("127.0.0.1", server.port, "tls", ca_file)
    assert fates(delivery) == {Fate.UNSENT}
    assert "cannot connect" in delivery.stopped


def test_a_login_inside_tls(authority: trustme.CA, ca_file: Path) -> None:
    context = server_context(authority, "localhost")
    with MailServer(tls_context=context, require_starttls=True, auth_required=True) as server:
        delivery = send("localhost", server.port, "starttls", ca_file, username="reader", password=PASSWORD)
    assert fates(delivery) == {Fate.ACCEPTED}
    assert len(server.logins) == 1


def test_a_login_in_the_clear_on_this_machine() -> None:
    with MailServer(auth_required=True, auth_require_tls=False) as server:
        delivery = send("127.0.0.1", server.port, "none", None, username="reader", password=PASSWORD)
    assert fates(delivery) == {Fate.ACCEPTED}


def test_a_login_that_is_refused_stops_and_shows_no_password(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with MailServer(auth_required=True, auth_require_tls=False) as server:
        delivery = send("127.0.0.1", server.port, "none", None, username="reader", password="wrong horse")
    assert fates(delivery) == {Fate.UNSENT}
    assert "refuses the login" in delivery.stopped
    assert "535" in delivery.stopped
    assert "wrong horse" not in delivery.stopped
    assert "wrong horse" not in "".join(
        record.getMessage() for record in caplog.records if record.name.startswith("digest")
    )
    assert not server.taken


def test_a_login_that_the_server_does_not_know() -> None:
    with ScriptedServer(always("EHLO", "250 plain")) as server:
        delivery = send("127.0.0.1", server.port, "none", None, username="reader", password=PASSWORD)
    assert fates(delivery) == {Fate.UNSENT}
    assert "AUTH" in delivery.stopped


def test_a_login_that_is_wanted_and_not_configured() -> None:
    with MailServer(auth_required=True, auth_require_tls=False) as server:
        delivery = send("127.0.0.1", server.port, "none", None)
    assert fates(delivery) == {Fate.UNSENT}
    assert "530" in delivery.stopped
