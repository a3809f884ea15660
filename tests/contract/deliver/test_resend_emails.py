"""The emails as they are written for Resend: names, addresses, readers' values; and what cannot be written."""

from __future__ import annotations

from dataclasses import replace
from email.header import decode_header, make_header
from email.utils import parseaddr
from typing import Any

import orjson
import pytest

from digest.errors import ConfigurationError
from digest.model import Slot
from tests.contract.deliver.deliveries import NOT_TAKEN, TAKEN, UNSENT, answers
from tests.contract.deliver.local_resend import LocalResend
from tests.contract.deliver.resend_line import ANA, provider, send
from tests.unit.deliver.correspondence import campaign, letter, letters, marked, rendered


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


def test_the_whole_body_is_json() -> None:
    with LocalResend() as server:
        send(provider(server.address).line(), written := letters(3))
    emails = orjson.loads(server.bodies[0])
    assert [parseaddr(email["to"][0])[1] for email in emails] == [one.address for one in written]


def test_the_same_batch_is_the_same_bytes_for_any_process() -> None:
    with LocalResend() as server:
        for _ in range(2):
            assert answers(send(provider(server.address).line(), letters(3), "a-key")) == [TAKEN] * 3
    assert server.bodies[0] == server.bodies[1]
    assert len(server.taken) == 3
