"""A SendGrid that refuses, is busy, breaks down and falls silent: the fate that each letter is given."""

from __future__ import annotations

import socket
import threading
from dataclasses import replace
from typing import Any

import pytest

from digest.deliver.sendgrid import SendGridProvider
from digest.model import Delivery, Fate
from digest.settings import SendGrid
from tests.contract.deliver.servers import Given, LocalSendGrid, closed_port, hangs_up_while_it_is_told
from tests.unit.deliver.correspondence import campaign, letter, letters, rendered

KEY = "SG.a-key-of-the-tests"
ACCEPTED, REFUSED, DEFERRED, UNSENT, UNKNOWN = Fate.ACCEPTED, Fate.REFUSED, Fate.DEFERRED, Fate.UNSENT, Fate.UNKNOWN


class Waiting:
    """A clock that only waiting moves."""

    def __init__(self) -> None:
        self.time = 1_000_000.0
        self.pauses: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.time += seconds

    def now(self) -> float:
        return self.time


def provider(address: str, waiting: Waiting | None = None, **changes: Any) -> SendGridProvider:
    settings = replace(SendGrid(api_key=KEY, address=address, timeout=5), **changes)
    waiting = waiting or Waiting()
    return SendGridProvider(settings, sleep=waiting.sleep, now=waiting.now)


def fates(delivery: Delivery) -> list[Fate]:
    return [receipt.fate for receipt in delivery.receipts]


def error(field: str | None, message: str = "wrong") -> dict[str, Any]:
    return {"field": field, "message": message, "help": None}


def test_an_accepted_request() -> None:
    with LocalSendGrid() as server:
        delivery = provider(server.address + "/").send(campaign(), letters(1000))
    assert fates(delivery) == [ACCEPTED] * 1000
    assert {receipt.provider_id for receipt in delivery.receipts} == {"message-1"}
    assert server.paths == ["/v3/mail/send"]
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"
    assert server.headers[0]["Content-Type"] == "application/json"
    assert server.headers[0]["User-Agent"].startswith("sendgrid/")
    assert len(server.requests[0]["personalizations"]) == 1000


def test_readers_whom_it_finds_wrong_are_refused_and_the_others_get_theirs() -> None:
    wrong = Given(
        400,
        [error("personalizations.0.to.0.email", "Does not contain a valid address."), error("personalizations.2.to")],
    )
    with LocalSendGrid(wrong) as server:
        delivery = provider(server.address).send(campaign(), letters(4))
    assert fates(delivery) == [REFUSED, ACCEPTED, REFUSED, ACCEPTED]
    assert delivery.receipts[0].words == "Does not contain a valid address."
    assert not delivery.stopped
    (taken,) = server.taken
    assert [each["to"][0]["email"] for each in taken["personalizations"]] == [
        "reader1@example.com",
        "reader3@example.com",
    ]


def test_a_batch_of_nobody_but_wrong_readers_ends() -> None:
    with LocalSendGrid(Given(400, [error("personalizations.0.to"), error("personalizations.1.to")])) as server:
        delivery = provider(server.address).send(campaign(), letters(2))
    assert fates(delivery) == [REFUSED, REFUSED]
    assert len(server.requests) == 1


def test_it_does_not_go_on_for_ever() -> None:
    with LocalSendGrid(*[Given(400, [error("personalizations.0.to")])] * 50) as server:
        delivery = provider(server.address).send(campaign(), letters(40))
    assert fates(delivery) == [REFUSED] * 11 + [UNSENT] * 29
    assert len(server.requests) == 11


@pytest.mark.parametrize(
    ("given", "fate", "words"),
    [
        (Given(400, [error("from.email", "not a verified sender")]), UNSENT, "not a verified sender [from.email]"),
        (Given(401, [error(None, "The provided authorization grant is invalid")]), UNSENT, "delivery.sendgrid.api_key"),
        (Given(401, [error(None, "Maximum credits exceeded")]), UNSENT, "Maximum credits exceeded"),
        (Given(403, [error("from", "does not match a verified Sender Identity")]), UNSENT, "verified sender"),
        (Given(413), UNSENT, "readers_per_request"),
        (Given(500), DEFERRED, "SendGrid answers 500"),
        (Given(503), DEFERRED, "SendGrid answers 503"),
        (Given(504), UNKNOWN, "SendGrid answers 504"),
        (Given(200), UNSENT, "sandbox"),
        (Given(cut=True), UNKNOWN, "no answer to a whole request"),
    ],
)
def test_what_stops_the_run(given: Given, fate: Fate, words: str) -> None:
    with LocalSendGrid(given) as server:
        delivery = provider(server.address).send(campaign(), letters(3))
    assert fates(delivery) == [fate] * 3
    assert words in delivery.stopped
    assert KEY not in delivery.stopped
    assert len(server.requests) == 1


def test_silence_after_the_whole_request_leaves_it_unknown() -> None:
    with LocalSendGrid(Given(silent=1.0)) as server:
        delivery = provider(server.address, timeout=0.2).send(campaign(), letters(2))
    assert fates(delivery) == [UNKNOWN, UNKNOWN]
    assert "no answer in time" in delivery.stopped


def test_an_answer_that_breaks_off_after_its_status_counts() -> None:
    with LocalSendGrid(Given(202, half=True)) as server:
        delivery = provider(server.address).send(campaign(), letters(2))
    assert fates(delivery) == [ACCEPTED, ACCEPTED]
    assert delivery.receipts[0].provider_id == "message-1"


def test_a_request_that_did_not_get_through_whole_is_not_in_doubt() -> None:
    with hangs_up_while_it_is_told() as port:
        delivery = provider(f"http://127.0.0.1:{port}").send(
            campaign(issue=rendered(html="x" * 16_000_000)), letters(2)
        )
    assert fates(delivery) == [UNSENT, UNSENT]
    assert f"cannot post to http://127.0.0.1:{port}" in delivery.stopped


def test_nobody_listens() -> None:
    with closed_port() as port:
        delivery = provider(f"http://127.0.0.1:{port}").send(campaign(), letters(2))
    assert fates(delivery) == [UNSENT, UNSENT]
    assert "Connection refused" in delivery.stopped


def test_a_server_that_speaks_no_tls() -> None:
    with LocalSendGrid() as server:
        delivery = provider(server.address.replace("http:", "https:")).send(campaign(), letters(1))
    assert fates(delivery) == [UNSENT]
    assert not server.requests


def test_a_server_that_answers_no_http_leaves_it_unknown() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(0.5)
                try:
                    while connection.recv(65536):
                        pass
                except TimeoutError:
                    connection.sendall(b"220 mail.example.com ESMTP\r\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        delivery = provider(f"http://127.0.0.1:{listener.getsockname()[1]}").send(campaign(), letters(1))
        thread.join(10)
    assert fates(delivery) == [UNKNOWN]


def test_it_waits_as_it_is_told_and_goes_on() -> None:
    waiting = Waiting()
    busy = Given(429, headers={"X-RateLimit-Reset": str(int(waiting.time) + 7)})
    with LocalSendGrid(busy, Given(429, headers={"Retry-After": "3"})) as server:
        delivery = provider(server.address, waiting).send(campaign(), letters(2))
    assert fates(delivery) == [ACCEPTED, ACCEPTED]
    assert waiting.pauses == [7.0, 3.0]
    assert len(server.requests) == 3
    assert len(server.taken) == 1


def test_its_patience_ends() -> None:
    waiting = Waiting()
    with LocalSendGrid(*[Given(429, headers={"Retry-After": "8"})] * 9) as server:
        delivery = provider(server.address, waiting, patience=20.0).send(campaign(), letters(2))
    assert fates(delivery) == [UNSENT, UNSENT]
    assert "429" in delivery.stopped
    assert waiting.pauses == [8.0, 8.0]
    assert len(server.requests) == 3


def test_it_does_not_begin_to_wait_for_what_is_too_far_off() -> None:
    waiting = Waiting()
    with LocalSendGrid(Given(429, headers={"X-RateLimit-Reset": str(int(waiting.time) + 3600)})) as server:
        delivery = provider(server.address, waiting).send(campaign(), letters(2))
    assert fates(delivery) == [UNSENT, UNSENT]
    assert not waiting.pauses


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    with LocalSendGrid() as elsewhere, LocalSendGrid(Given(status, headers={"Location": elsewhere.address})) as server:
        delivery = provider(server.address).send(campaign(), letters(2))
    assert fates(delivery) == [UNSENT, UNSENT]
    assert f"answers {status}" in delivery.stopped
    assert not elsewhere.paths


def test_what_cannot_be_asked_is_not_posted() -> None:
    with LocalSendGrid() as server:
        delivery = provider(server.address).send(campaign(), [letter("josé@example.com"), letter("ana@example.com")])
        alone = provider(server.address).send(campaign(), [letter("josé@example.com")])
    assert fates(delivery) == [REFUSED, ACCEPTED]
    assert "not ASCII" in delivery.receipts[0].words
    assert fates(alone) == [REFUSED]
    assert not alone.stopped
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "given", [Given(), Given(400, [error("from.email", "wrong")]), Given(401), Given(429), Given(cut=True)]
)
def test_no_log_line_holds_key_payload_or_address(given: Given, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    one = letter("ana@example.com", "Ana Silva")
    with LocalSendGrid(given) as server:
        sender = provider(server.address, patience=0.0)
        sender.send(campaign(), [one])
    assert len(server.requests) == 1
    logged = "".join(record.getMessage() for record in caplog.records) + repr(sender) + repr(vars(sender)["_settings"])
    for secret in (KEY, "Court", "ana@example.com", "Ana Silva", one.one_click, one.message_id):
        assert secret not in logged


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
