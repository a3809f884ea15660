"""A Resend that takes letters, refuses some, breaks down, falls silent and is asked again: what each letter gets."""

from __future__ import annotations

import ssl
import threading
from dataclasses import replace
from typing import Any

import pytest
import trustme

from digest.deliver.resend import ResendProvider
from digest.errors import ConfigurationError
from digest.model import Batch, Recall
from digest.settings import Resend
from tests.contract.deliver.deliveries import NOT_TAKEN, TAKEN, UNHEARD, UNSENT, answers, keyed
from tests.contract.deliver.gates import OpenGate
from tests.contract.deliver.local_resend import Given, LocalResend
from tests.contract.deliver.ports import closed_port, hangs_up_while_it_is_told
from tests.contract.deliver.resend_line import ANA, KEY, provider, send
from tests.unit.deliver.correspondence import HTML, TEXT, campaign, letter, letters, marked, rendered


def test_a_call_takes_a_hundred_letters() -> None:
    with LocalResend() as server:
        line = provider(server.address + "/").line()
        delivery = send(line, letters(100), "a-key")
    assert [(each.key, each.answer, each.provider_id) for each in delivery.receipts] == [
        (number, TAKEN, f"id-{number}") for number in range(1, 101)
    ]
    (headers,) = server.headers
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert headers["Idempotency-Key"] == "a-key"
    assert headers["Content-Type"] == "application/json"
    assert len(server.taken) == 100


def test_one_wrong_reader_does_not_keep_the_others_back() -> None:
    written = [letters(1)[0], letter("refused@example.com"), replace(ANA, address="nobody"), ANA]
    with LocalResend() as server:
        delivery = send(provider(server.address).line(), written)
    assert answers(delivery) == [TAKEN, NOT_TAKEN, NOT_TAKEN, TAKEN]
    assert [each.key for each in delivery.receipts] == [1, 2, 3, 4]
    assert delivery.receipts[1].words == "Invalid `to` field."
    assert [each.provider_id for each in delivery.receipts] == ["id-1", "", "", "id-2"]


def test_lines_keep_their_connection_and_open_another_after_it_was_closed() -> None:
    with LocalResend() as server:
        line = provider(server.address).line()
        assert answers(send(line)) + answers(send(line)) == [TAKEN] * 2
        assert server.connections == 1
        line.close()
        line.close()
        assert answers(send(line)) == [TAKEN]
        assert server.connections == 2


def test_every_reserved_key_is_new() -> None:
    line = provider("http://127.0.0.1:1").line()
    keys = {line.reserve() for _ in range(100)}
    assert len(keys) == 100
    assert all(1 <= len(key) <= 256 for key in keys)


def test_a_call_whose_answer_was_cut_off_is_repeated_and_counts_once() -> None:
    with LocalResend(Given(cut=True)) as server:
        line = provider(server.address).line()
        first = send(line, letters(3), "a-key")
        second = send(line, letters(3), "a-key")
    assert answers(first) == [UNHEARD] * 3
    assert first.trouble
    assert not first.stopped
    assert answers(second) == [TAKEN] * 3
    assert [each.provider_id for each in second.receipts] == ["id-1", "id-2", "id-3"]
    assert len(server.taken) == 3


@pytest.mark.parametrize("given", [Given(half=True), Given(500, "application_error", kept=True), Given(502, kept=True)])
def test_an_answer_that_leaves_a_doubt_is_one_to_ask_again(given: Given) -> None:
    with LocalResend(given) as server:
        line = provider(server.address).line()
        assert answers(send(line, letters(3), "a-key")) == [UNHEARD] * 3
        assert answers(send(line, letters(3), "a-key")) == [TAKEN] * 3
    assert len(server.taken) == 3


def test_a_service_that_takes_nothing_when_it_fails_takes_the_repeat() -> None:
    with LocalResend(Given(500, "application_error")) as server:
        line = provider(server.address).line()
        assert answers(send(line, letters(3), "a-key")) == [UNHEARD] * 3
        assert not server.taken
        assert answers(send(line, letters(3), "a-key")) == [TAKEN] * 3
    assert len(server.taken) == 3


def test_a_call_that_is_still_under_way_is_not_taken_for_done() -> None:
    done = threading.Event()
    with LocalResend(Given(until=done)) as server:
        impatient = provider(server.address, timeout=0.2).line()
        assert answers(send(impatient, letters(3), "a-key")) == [UNHEARD] * 3
        meanwhile = send(provider(server.address).line(), letters(3), "a-key")
        assert answers(meanwhile) == [UNHEARD] * 3
        assert "concurrent_idempotent_requests" in meanwhile.trouble
        assert meanwhile.receipts[0].wait > 0
        done.set()
        heard = (answers(send(provider(server.address).line(), letters(3), "a-key")) for _ in range(1000))
        assert next(each for each in heard if each != [UNHEARD] * 3) == [TAKEN] * 3
    assert len(server.taken) == 3


def test_a_key_that_was_used_for_other_content_leaves_a_doubt() -> None:
    with LocalResend() as server:
        line = provider(server.address).line()
        send(line, letters(3), "a-key")
        delivery = send(line, letters(3), "a-key", issue=rendered(subject="Another subject"))
    assert answers(delivery) == [UNHEARD] * 3
    assert "with other content" in delivery.trouble
    assert {email["subject"] for email in server.taken} == {"Closing Arguments: the court’s week"}


def test_nobody_at_home_leaves_everything_unsent() -> None:
    with closed_port() as port:
        delivery = send(provider(f"http://127.0.0.1:{port}").line(), letters(3))
    assert answers(delivery) == [UNSENT] * 3
    assert str(port) in delivery.trouble
    assert KEY not in delivery.trouble
    assert not delivery.stopped


def test_a_connection_that_breaks_before_the_call_was_whole_has_sent_nothing() -> None:
    whole = rendered(text=marked(TEXT), html=marked(HTML) + "x" * 4_000_000)
    with hangs_up_while_it_is_told() as port:
        delivery = send(provider(f"http://127.0.0.1:{port}").line(), letters(3), issue=whole)
    assert answers(delivery) == [UNSENT] * 3
    assert delivery.trouble


def test_a_certificate_that_cannot_be_trusted_gets_no_key() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with LocalResend(tls=context) as server:
        delivery = send(provider(server.address).line())
    assert answers(delivery) == [UNSENT]
    assert "certificate" in delivery.trouble
    assert not server.bodies


def test_a_redirect_is_not_followed() -> None:
    with (
        LocalResend() as other,
        LocalResend(Given(307, headers={"Location": f"{other.address}/emails/batch"})) as server,
    ):
        delivery = send(provider(server.address).line())
    assert answers(delivery) == [UNSENT]
    assert "307" in delivery.stopped
    assert not other.bodies


def test_an_address_where_no_service_answers_stops() -> None:
    with LocalResend() as server:
        delivery = send(provider(f"{server.address}/proxied").line())
    assert "404" in delivery.stopped
    assert "delivery.resend.address" in delivery.stopped


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"api_key": " "}, "api_key"),
        ({"api_key": "re_two words"}, "api_key"),
        ({"api_key": "re_ü"}, "api_key"),
        ({"readers_per_request": 0}, "readers_per_request"),
        ({"readers_per_request": 101}, "readers_per_request"),
        ({"address": "http://api.resend.com"}, "address"),
        ({"address": "https://user@api.resend.com"}, "address"),
        ({"address": "api.resend.com"}, "address"),
        ({"address": "https://[api"}, "address"),
    ],
)
def test_settings_that_cannot_work(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        ResendProvider(replace(Resend(api_key=KEY), **changes))
    assert f"delivery.resend.{named}" in str(refusal.value)
    assert refusal.value.hint
    assert "two words" not in str(refusal.value)


def test_nothing_is_held_and_so_nothing_is_called_back() -> None:
    resend = provider("https://api.resend.com")
    assert resend.abilities.repeatable
    assert not resend.abilities.holds
    assert resend.recall("a-key")[0] is Recall.TOO_LATE


def test_a_call_may_go_without_a_key() -> None:
    with LocalResend() as server:
        batch = Batch(number=1, letters=keyed([ANA]))
        assert answers(provider(server.address).line().send(campaign(), batch, OpenGate())) == [TAKEN]
    assert server.keys == [""]
