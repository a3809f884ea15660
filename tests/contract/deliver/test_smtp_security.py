"""TLS and logins, with real certificates."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from digest.deliver.message import MessageTemplate
from digest.deliver.smtp import SmtpProvider
from digest.model import Answer, Delivery
from digest.settings import Smtp
from tests.contract.deliver.gates import OpenGate
from tests.contract.deliver.servers import HANG_UP, MailServer, ScriptedServer, always
from tests.unit.deliver.correspondence import batch, campaign, letters, rendered

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
    line = SmtpProvider(settings).line()
    delivery = line.send(campaign(), batch(letters(2)), OpenGate())
    line.close()
    return delivery


def answers(delivery: Delivery) -> set[Answer]:
    return {receipt.answer for receipt in delivery.receipts}


def test_starttls(starttls_server: MailServer, ca_file: Path) -> None:
    delivery = send("localhost", starttls_server.port, "starttls", ca_file)
    assert answers(delivery) == {Answer.TAKEN}
    assert starttls_server.secured == [True, True]


def test_starttls_with_a_certificate_that_nobody_trusts(starttls_server: MailServer) -> None:
    delivery = send("localhost", starttls_server.port, "starttls", None)
    assert answers(delivery) == {Answer.UNSENT}
    assert "certificate cannot be trusted" in delivery.stopped
    assert "ca_file" in delivery.stopped
    assert not starttls_server.taken


def test_starttls_with_a_certificate_for_another_name(starttls_server: MailServer, ca_file: Path) -> None:
    delivery = send("127.0.0.1", starttls_server.port, "starttls", ca_file)
    assert answers(delivery) == {Answer.UNSENT}
    assert "certificate cannot be trusted" in delivery.stopped


def test_starttls_is_not_left_out_where_the_server_does_not_offer_it(ca_file: Path) -> None:
    with MailServer() as server:
        delivery = send("127.0.0.1", server.port, "starttls", ca_file)
    assert answers(delivery) == {Answer.UNSENT}
    assert "STARTTLS" in delivery.stopped
    assert "delivery.smtp.security" in delivery.stopped
    assert not server.taken


def test_starttls_that_is_offered_and_then_refused(ca_file: Path) -> None:
    def script(moment: str, times: int) -> str | None:
        return {"EHLO": "250-ready\r\n250 STARTTLS", "STARTTLS": "454 4.7.0 not now"}.get(moment, "")

    with ScriptedServer(script) as server:
        delivery = send("127.0.0.1", server.port, "starttls", ca_file)
    assert answers(delivery) == {Answer.UNSENT}
    assert "454 4.7.0 not now" in delivery.trouble


def test_what_is_slipped_in_behind_starttls_is_not_believed(ca_file: Path) -> None:
    """CVE-2011-0411: replies that a stranger adds in the clear must not count inside TLS."""

    def script(moment: str, times: int) -> str | None:
        slipped = "220 go on\r\n250-ready\r\n250 AUTH PLAIN\r\n235 welcome"
        return {"EHLO": "250-ready\r\n250 STARTTLS", "STARTTLS": slipped}.get(moment, "")

    with ScriptedServer(script) as server:
        delivery = send("127.0.0.1", server.port, "starttls", ca_file, username="reader", password=PASSWORD)
    assert answers(delivery) == {Answer.UNSENT}
    assert "in the clear after STARTTLS" in delivery.stopped
    assert not [command for command in server.commands if command.startswith("AUTH")]


def test_a_server_that_breaks_off_the_handshake_is_trouble_that_may_pass(ca_file: Path) -> None:
    def script(moment: str, times: int) -> str | None:
        return {"EHLO": "250-ready\r\n250 STARTTLS", "STARTTLS": f"220 go on{HANG_UP}"}.get(moment, "")

    with ScriptedServer(script) as server:
        delivery = send("127.0.0.1", server.port, "starttls", ca_file)
    assert answers(delivery) == {Answer.UNSENT}
    assert delivery.trouble
    assert not delivery.stopped


def test_implicit_tls(authority: trustme.CA, ca_file: Path) -> None:
    with MailServer(tls=server_context(authority, "localhost")) as server:
        delivery = send("localhost", server.port, "tls", ca_file)
    assert answers(delivery) == {Answer.TAKEN}
    assert len(server.taken) == 2


@pytest.mark.parametrize("trusted", [True, False])
def test_implicit_tls_with_a_wrong_certificate(authority: trustme.CA, ca_file: Path, trusted: bool) -> None:
    with MailServer(tls=server_context(authority, "elsewhere.example" if trusted else "localhost")) as server:
        delivery = send("localhost", server.port, "tls", ca_file if trusted else None)
    assert answers(delivery) == {Answer.UNSENT}
    assert "certificate cannot be trusted" in delivery.stopped
    assert not server.taken


def test_implicit_tls_to_a_server_that_speaks_in_the_clear(ca_file: Path) -> None:
    with MailServer() as server:
        delivery = send("127.0.0.1", server.port, "tls", ca_file)
    assert answers(delivery) == {Answer.UNSENT}
    assert "cannot connect" in delivery.stopped


def test_a_login_inside_tls(authority: trustme.CA, ca_file: Path) -> None:
    context = server_context(authority, "localhost")
    with MailServer(tls_context=context, require_starttls=True, auth_required=True) as server:
        delivery = send("localhost", server.port, "starttls", ca_file, username="reader", password=PASSWORD)
    assert answers(delivery) == {Answer.TAKEN}
    assert len(server.logins) == 1


def test_a_login_in_the_clear_on_this_machine() -> None:
    with MailServer(auth_required=True, auth_require_tls=False) as server:
        delivery = send("127.0.0.1", server.port, "none", None, username="reader", password=PASSWORD)
    assert answers(delivery) == {Answer.TAKEN}


def test_a_login_that_is_refused_stops_and_shows_no_password(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with MailServer(auth_required=True, auth_require_tls=False) as server:
        delivery = send("127.0.0.1", server.port, "none", None, username="reader", password="wrong horse")
    assert answers(delivery) == {Answer.UNSENT}
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
    assert answers(delivery) == {Answer.UNSENT}
    assert "AUTH" in delivery.stopped


def test_a_login_that_is_wanted_and_not_configured() -> None:
    with MailServer(auth_required=True, auth_require_tls=False) as server:
        delivery = send("127.0.0.1", server.port, "none", None)
    assert answers(delivery) == {Answer.UNSENT}
    assert "530" in delivery.stopped


LOGINS = {
    "PLAIN": ["AUTH PLAIN AHJlYWRlcgBjb3JyZWN0IGhvcnNl"],
    "LOGIN": ["AUTH LOGIN", "cmVhZGVy", "Y29ycmVjdCBob3JzZQ=="],
}


@pytest.mark.parametrize("mechanism", LOGINS)
def test_the_ways_to_log_in(mechanism: str) -> None:
    said = iter([*["334 more"] * (len(LOGINS[mechanism]) - 1), "235 welcome"])

    def script(moment: str, times: int) -> str | None:
        if moment == "EHLO":
            return f"250-ready\r\n250 AUTH NTLM {mechanism}"
        return next(said) if moment not in {"CONNECT", "MAIL", "RCPT", "DATA", "END", "QUIT"} else ""

    with ScriptedServer(script) as server:
        delivery = send("127.0.0.1", server.port, "none", None, username="reader", password=PASSWORD)
    assert answers(delivery) == {Answer.TAKEN}
    assert server.commands[1 : 1 + len(LOGINS[mechanism])] == LOGINS[mechanism]


def test_the_example_of_rfc_2195() -> None:
    challenge = "334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+"
    answer = "dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw"

    def script(moment: str, times: int) -> str | None:
        return {"AUTH": challenge, answer.upper(): "235 welcome"}.get(moment, "")

    with ScriptedServer(script, ("AUTH CRAM-MD5",)) as server:
        delivery = send("127.0.0.1", server.port, "none", None, username="tim", password="tanstaaftanstaaf")
    assert answers(delivery) == {Answer.TAKEN}
    assert server.commands[1:3] == ["AUTH CRAM-MD5", answer]


@pytest.mark.parametrize("reply", ["454 4.7.0 busy", "421 4.7.0 too many"])
def test_a_login_that_cannot_be_checked_now_may_pass(reply: str) -> None:
    with ScriptedServer(always("AUTH", reply), ("AUTH PLAIN",)) as server:
        delivery = send("127.0.0.1", server.port, "none", None, username="reader", password=PASSWORD)
    assert answers(delivery) == {Answer.UNSENT}
    assert reply in delivery.trouble
    assert not delivery.stopped


def test_a_password_that_the_server_repeats_is_not_shown() -> None:
    repeated = "535 5.7.8 bad: correct horse AHJlYWRlcgBjb3JyZWN0IGhvcnNl Y29ycmVjdCBob3JzZQ=="
    with ScriptedServer(always("AUTH", repeated), ("AUTH PLAIN",)) as server:
        delivery = send("127.0.0.1", server.port, "none", None, username="reader", password=PASSWORD)
    assert "535 5.7.8 bad: … … …" in delivery.stopped


def test_tls_carries_letters_of_any_size_and_pipelines(authority: trustme.CA, ca_file: Path) -> None:
    context = server_context(authority, "localhost")
    with MailServer(tls_context=context, require_starttls=True, pipelining=True) as server:
        settings = Smtp(host="localhost", port=server.port, ca_file=ca_file, timeout=5)
        line = SmtpProvider(settings).line()
        for size in (1, 16_000, 16_384, 70_000, 1_000_000):
            big = campaign(issue=rendered(html="x" * size))
            assert answers(line.send(big, batch(letters(2)), OpenGate())) == {Answer.TAKEN}
            assert MailServer.bytes_of(server.taken[-1]) == MessageTemplate.of(big).message(letters(2)[1])
        line.close()
    assert len(server.taken) == 10
    assert server.connections == 2  # it greets once in the clear and once inside
