"""A SendGrid that refuses, is busy, breaks down and falls silent: what is said of each letter."""

from __future__ import annotations

import socket
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from digest.errors import ConfigurationError
from digest.model import Answer
from tests.contract.deliver.deliveries import NOT_TAKEN, TAKEN, UNHEARD, UNSENT, answers
from tests.contract.deliver.local_sendgrid import Given, LocalSendGrid
from tests.contract.deliver.ports import closed_port, hangs_up_while_it_is_told
from tests.contract.deliver.sendgrid_line import HOLD, KEY, NOW, provider, send, send_once
from tests.unit.deliver.correspondence import campaign, letter, letters, rendered


def error(field: str | None, message: str = "wrong") -> dict[str, Any]:
    return {"field": field, "message": message, "help": None}


def test_what_it_can_do() -> None:
    abilities = provider("http://127.0.0.1:1", readers_per_request=500, at_once=3).abilities
    assert (abilities.readers_per_call, abilities.calls_at_once) == (500, 3)
    assert not (abilities.letter_by_letter or abilities.repeatable or abilities.holds)
    assert provider("http://127.0.0.1:1", hold=HOLD).abilities.holds


def test_a_request_that_is_taken() -> None:
    batch = letters(1000)
    with LocalSendGrid() as server:
        delivery = send_once(server.address + "/", batch)
    assert answers(delivery) == [TAKEN] * 1000
    assert [receipt.key for receipt in delivery.receipts] == [each.key for each in batch]
    assert {receipt.provider_id for receipt in delivery.receipts} == {"message-1"}
    assert not (delivery.stopped or delivery.trouble)
    assert server.paths == ["/v3/mail/send"]
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"
    assert server.headers[0]["Content-Type"] == "application/json"
    assert server.headers[0]["User-Agent"].startswith("sendgrid/")
    assert len(server.requests[0]["personalizations"]) == 1000
    assert not {"batch_id", "send_at"} & set(server.requests[0])


def test_readers_whom_it_finds_wrong_are_told_and_nothing_is_posted_again() -> None:
    wrong = Given(
        400,
        [error("personalizations.0.to.0.email", "Does not contain a valid address."), error("personalizations.2.to")],
    )
    with LocalSendGrid(wrong) as server:
        delivery = send_once(server.address, letters(4))
    assert answers(delivery) == [NOT_TAKEN, UNSENT, NOT_TAKEN, UNSENT]
    assert delivery.receipts[0].words == "Does not contain a valid address."
    assert not (delivery.stopped or delivery.trouble)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("given", "answer", "words"),
    [
        (Given(400, [error("from.email", "not a verified sender")]), UNSENT, "not a verified sender [from.email]"),
        (Given(401, [error(None, "The provided authorization grant is invalid")]), UNSENT, "delivery.sendgrid.api_key"),
        (Given(401, [error(None, "Maximum credits exceeded")]), UNSENT, "Maximum credits exceeded"),
        (Given(403, [error("from", "does not match a verified Sender Identity")]), UNSENT, "verified sender"),
        (Given(413), UNSENT, "readers_per_request"),
        (Given(200), UNSENT, "sandbox"),
    ],
)
def test_what_stops_the_run(given: Given, answer: Answer, words: str) -> None:
    with LocalSendGrid(given) as server:
        delivery = send_once(server.address, letters(3))
    assert answers(delivery) == [answer] * 3
    assert words in delivery.stopped
    assert KEY not in delivery.stopped
    assert not delivery.trouble
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("given", "answer", "words"),
    [
        (Given(500), Answer.FAILING, "SendGrid answers 500"),
        (Given(503), Answer.FAILING, "SendGrid answers 503"),
        (Given(429), Answer.TOO_FAST, "SendGrid answers 429"),
        (Given(502), UNHEARD, "SendGrid answers 502"),
        (Given(504), UNHEARD, "SendGrid answers 504"),
        (Given(cut=True), UNHEARD, "no answer to a whole request"),
        (Given(cut=True, kept=True), UNHEARD, "no answer to a whole request"),
    ],
)
def test_what_may_pass_by_itself(given: Given, answer: Answer, words: str) -> None:
    with LocalSendGrid(given) as server:
        delivery = send_once(server.address, letters(3))
    assert answers(delivery) == [answer] * 3
    assert words in delivery.trouble
    assert not delivery.stopped
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("headers", "wait"),
    [({"X-RateLimit-Reset": str(int(NOW) + 3600)}, 3600.0), ({"Retry-After": "3"}, 3.0), ({}, 1.0)],
)
def test_it_does_not_wait_but_says_how_long(headers: dict[str, str], wait: float) -> None:
    with LocalSendGrid(Given(429, headers=headers)) as server:
        delivery = send_once(server.address, letters(2))
    assert [receipt.wait for receipt in delivery.receipts] == [wait] * 2
    assert len(server.requests) == 1


def test_silence_after_the_whole_request_leaves_it_unheard() -> None:
    with LocalSendGrid(Given(silent=1.0)) as server:
        delivery = send_once(server.address, letters(2), timeout=0.2)
    assert answers(delivery) == [UNHEARD, UNHEARD]
    assert "no answer in time" in delivery.trouble


def test_an_answer_that_breaks_off_after_its_status_counts() -> None:
    with LocalSendGrid(Given(202, half=True)) as server:
        delivery = send_once(server.address, letters(2))
    assert answers(delivery) == [TAKEN, TAKEN]
    assert delivery.receipts[0].provider_id == "message-1"


def test_a_request_that_did_not_get_through_whole_is_not_in_doubt() -> None:
    with hangs_up_while_it_is_told() as port:
        delivery = send_once(f"http://127.0.0.1:{port}", letters(2), campaign(issue=rendered(html="x" * 16_000_000)))
    assert answers(delivery) == [UNSENT, UNSENT]
    assert f"cannot post to http://127.0.0.1:{port}" in delivery.trouble


def test_nobody_listens() -> None:
    with closed_port() as port:
        delivery = send_once(f"http://127.0.0.1:{port}", letters(2))
    assert answers(delivery) == [UNSENT, UNSENT]
    assert "Connection refused" in delivery.trouble


def test_a_server_that_answers_no_http_leaves_it_unheard() -> None:
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
        delivery = send_once(f"http://127.0.0.1:{listener.getsockname()[1]}", letters(1))
        thread.join(10)
    assert answers(delivery) == [UNHEARD]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    with LocalSendGrid() as elsewhere, LocalSendGrid(Given(status, headers={"Location": elsewhere.address})) as server:
        delivery = send_once(server.address, letters(2))
    assert answers(delivery) == [UNSENT, UNSENT]
    assert f"answers {status}" in delivery.stopped
    assert not elsewhere.paths


def test_what_cannot_be_asked_is_not_posted() -> None:
    with LocalSendGrid() as server:
        line = provider(server.address).line()
        delivery = send(line, [letter("josé@example.com"), letter("ana@example.com"), letter("nobody")])
        alone = send(line, [letter("josé@example.com")])
    assert answers(delivery) == [NOT_TAKEN, TAKEN, NOT_TAKEN]
    assert "not ASCII" in delivery.receipts[0].words
    assert answers(alone) == [NOT_TAKEN]
    assert not (alone.stopped or alone.trouble)
    assert len(server.requests) == 1


def test_nobody_is_a_batch_too() -> None:
    with LocalSendGrid() as server:
        delivery = send_once(server.address, [])
    assert delivery.receipts == ()
    assert not server.requests


def test_a_campaign_that_cannot_be_written_is_found_before_it_is_sent() -> None:
    wrong = campaign(from_="nobody")
    with LocalSendGrid() as server:
        with pytest.raises(ConfigurationError, match=r"publication\.from"):
            provider(server.address).check(wrong)
        delivery = send_once(server.address, letters(2), wrong)
    assert answers(delivery) == [UNSENT, UNSENT]
    assert "publication.from" in delivery.stopped
    assert not server.requests


def test_lines_work_side_by_side() -> None:
    batch = letters(40)
    with LocalSendGrid() as server:
        sender, campaign_ = provider(server.address), campaign()

        def run(first: int) -> None:
            line = sender.line()
            for place in range(first, 40, 4):
                assert answers(send(line, [batch[place]], campaign_)) == [TAKEN]
            line.close()

        threads = [threading.Thread(target=run, args=(first,)) for first in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(address for address, _ in server.delivered) == sorted(each.address for each in batch)
    assert len(server.connections) == 4


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"api_key": ""}, "api_key is not set"),
        ({"api_key": "two words"}, "api_key holds characters"),
        ({"readers_per_request": 1001}, "readers_per_request"),
        ({"readers_per_request": 0}, "readers_per_request"),
        ({"address": "http://api.sendgrid.com"}, "not an https address"),
        ({"address": "https://user@api.sendgrid.com"}, "not an https address"),
        ({"hold": timedelta(hours=73)}, r"delivery\.hold"),
        ({"hold": timedelta(seconds=-1)}, r"delivery\.hold"),
    ],
)
def test_settings_that_cannot_work(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words) as raised:
        provider(**{"address": "https://api.sendgrid.com", **changes})
    assert raised.value.hint


@pytest.mark.parametrize(
    "given", [Given(), Given(400, [error("from.email", "wrong")]), Given(401), Given(429), Given(cut=True)]
)
def test_no_log_line_holds_key_payload_or_address(
    given: Given, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    one = replace(letter("ana@example.com", "Ana Silva"), key=7)
    with LocalSendGrid(given) as server:
        sender = provider(server.address, hold=HOLD)
        sender.recall("a-batch")
        delivery = send(sender.line(), [one])
    assert len(server.requests) == 1
    said = repr(sender) + repr(vars(sender)["_settings"]) + repr(delivery) + "".join(capfd.readouterr())
    logged = "".join(record.getMessage() for record in caplog.records)
    for secret in (KEY, "Court", "ana@example.com", "Ana Silva", one.one_click, one.message_id):
        assert secret not in logged + said
