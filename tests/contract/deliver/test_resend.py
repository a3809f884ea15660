"""A Resend that takes letters, refuses some, breaks down, falls silent and is asked again: what each letter gets."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Sequence
from dataclasses import replace
from email.header import decode_header, make_header
from email.utils import parseaddr
from typing import Any

import orjson
import pytest
import trustme

from digest.deliver.resend import ResendProvider
from digest.deliver.seam import Line
from digest.errors import ConfigurationError
from digest.model import Answer, Batch, Delivery, Letter, Recall, Slot
from digest.settings import Resend
from tests.contract.deliver.gates import OpenGate
from tests.contract.deliver.local_resend import Given, LocalResend
from tests.contract.deliver.servers import closed_port, hangs_up_while_it_is_told
from tests.unit.deliver.correspondence import HTML, TEXT, campaign, letter, letters, marked, rendered

KEY = "re_a_key_of_the_tests"
ANA = letter()
TAKEN, NOT_TAKEN, UNHEARD, UNSENT = Answer.TAKEN, Answer.NOT_TAKEN, Answer.UNHEARD, Answer.UNSENT


def provider(address: str, **changes: Any) -> ResendProvider:
    return ResendProvider(replace(Resend(api_key=KEY, address=address, timeout=5), **changes))


def keyed(written: Sequence[Letter]) -> tuple[Letter, ...]:
    return tuple(replace(each, key=key) for key, each in enumerate(written, start=1))


def send(line: Line, written: Sequence[Letter] = (ANA,), reference: str = "", **changes: Any) -> Delivery:
    batch = Batch(number=1, letters=keyed(written), reference=reference or line.reserve())
    return line.send(campaign(**changes), batch, OpenGate())


def answers(delivery: Delivery) -> list[Answer]:
    return [receipt.answer for receipt in delivery.receipts]


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


def test_an_email_as_it_is_written() -> None:
    one = letter("ana@example.com", "Ana <Lúcia> & Silva")
    with LocalResend() as server:
        send(provider(server.address).line(), [one])
    (email,) = server.taken
    assert list(email) == sorted(email)
    assert email["from"] == "Closing Arguments <letters@docket.example>"
    assert email["reply_to"] == ["The Docket <editor@docket.example>"]
    assert email["subject"] == "Closing Arguments: the court’s week"
    assert email["headers"] == {
        "List-Id": "Closing Arguments <closing-arguments.docket.example>",
        "List-Archive": "<https://docket.example/issues/>",
        "List-Unsubscribe": f"<{one.one_click}>, <mailto:unsubscribe@docket.example?subject=unsubscribe>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "bulk",
        "Auto-Submitted": "auto-generated",
        "Message-ID": one.message_id,
    }
    assert email["tags"] == [
        {"name": "issue", "value": "2026-11-20"},
        {"name": "letter", "value": one.message_id.split(".")[1].split("@")[0]},
    ]
    name, address = parseaddr(email["to"][0])
    assert address == "ana@example.com"
    assert str(make_header(decode_header(name))) == "Ana <Lúcia> & Silva"


def test_readers_values_are_escaped_in_html_alone() -> None:
    one = replace(ANA, slots={**ANA.slots, Slot.GREETING: 'Good "morning", <Ana> & \\co\n'})
    with LocalResend() as server:
        send(provider(server.address).line(), [one])
    (email,) = server.taken
    assert 'Good "morning", <Ana> & \\co\n' in email["text"]
    assert "Good &quot;morning&quot;, &lt;Ana&gt; &amp; \\co\n" in email["html"]


def test_slots_that_come_twice_or_not_at_all() -> None:
    issue = rendered(text=marked("{greeting}{greeting}"), html="<p>nothing of anybody’s</p>")
    with LocalResend() as server:
        send(provider(server.address).line(), issue=issue)
    (email,) = server.taken
    assert email["text"] == ANA.slots[Slot.GREETING] * 2
    assert email["html"] == "<p>nothing of anybody’s</p>"


@pytest.mark.parametrize("name", ['The "Docket", Ltd.', "Ænigma: " + "long " * 18, "=?utf-8?q?x?=", ""])
def test_names_of_readers_reach_a_service_that_takes_no_quoted_ones(name: str) -> None:
    one = replace(ANA, name=name.strip())
    with LocalResend() as server:
        delivery = send(provider(server.address).line(), [one])
    assert answers(delivery) == [TAKEN]
    written, address = parseaddr(server.taken[0]["to"][0])
    assert address == "ana@example.com"
    assert str(make_header(decode_header(written))) == name.strip()


def test_an_address_of_another_script_is_written_in_ascii_or_refused() -> None:
    with LocalResend() as server:
        delivery = send(provider(server.address).line(), [letter("josé@example.com"), letter("ana@straße.example")])
    assert answers(delivery) == [NOT_TAKEN, TAKEN]
    assert "ASCII" in delivery.receipts[0].words
    assert "ana@xn--strae-oqa.example" in server.taken[0]["to"][0]


def test_halves_of_characters_cost_one_letter() -> None:
    broken = replace(ANA, slots={**ANA.slots, Slot.GREETING: "\ud800"})
    odd = replace(ANA, message_id="<no key in here>")
    with LocalResend() as server:
        delivery = send(provider(server.address).line(), [broken, ANA, odd])
    assert answers(delivery) == [NOT_TAKEN, TAKEN, NOT_TAKEN]
    assert all(each.words for each in delivery.receipts if each.answer is NOT_TAKEN)


def test_letters_that_cannot_be_written_make_no_call() -> None:
    with LocalResend() as server:
        delivery = send(provider(server.address).line(), [replace(ANA, address="nobody")])
    assert answers(delivery) == [NOT_TAKEN]
    assert not server.bodies


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


def test_the_same_batch_is_the_same_bytes_for_any_process() -> None:
    with LocalResend() as server:
        for _ in range(2):
            assert answers(send(provider(server.address).line(), letters(3), "a-key")) == [TAKEN] * 3
    assert server.bodies[0] == server.bodies[1]
    assert len(server.taken) == 3


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
    "changes",
    [
        {"from_": "nobody"},
        {"from_": "Docket, The <letters@docket.example>"},
        {"from_": '"Docket \\"daily\\"" <letters@docket.example>'},
        {"reply_to": "nobody"},
        {"unsubscribe_mail": "nobody"},
        {"list_id": "Ænigma"},
        {"issue": rendered(issue="week 47")},
    ],
)
def test_a_campaign_that_cannot_be_expressed_is_refused_before_anything_leaves(changes: dict[str, Any]) -> None:
    with LocalResend() as server:
        resend = provider(server.address)
        with pytest.raises(ConfigurationError):
            resend.check(campaign(**changes))
        delivery = send(resend.line(), **changes)
    assert answers(delivery) == [UNSENT]
    assert delivery.stopped
    assert not server.bodies


@pytest.mark.parametrize("from_", ["letters@docket.example", "Zoë’s Week <letters@docket.example>"])
def test_a_sender_that_it_takes(from_: str) -> None:
    with LocalResend() as server:
        resend = provider(server.address)
        resend.check(campaign(from_=from_))
        assert answers(send(resend.line(), from_=from_, reply_to="")) == [TAKEN]
    assert server.taken[0]["from"] == from_
    assert "reply_to" not in server.taken[0]


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


def test_the_whole_body_is_json() -> None:
    with LocalResend() as server:
        send(provider(server.address).line(), written := letters(3))
    emails = orjson.loads(server.bodies[0])
    assert [parseaddr(email["to"][0])[1] for email in emails] == [one.address for one in written]
