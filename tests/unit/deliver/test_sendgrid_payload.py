"""The request to SendGrid, against its published description and against the letters that SMTP carries."""

from __future__ import annotations

import html
import json
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from digest.deliver.mailbox import wire_address
from digest.deliver.message import MessageTemplate
from digest.deliver.one_call import Unsendable
from digest.deliver.sendgrid_payload import Payloads
from digest.errors import ConfigurationError
from digest.model import ISSUE_SLOTS, Letter, Slot
from digest.settings import SendGrid
from tests.unit.deliver.correspondence import ISSUE, MARKERS, campaign, letter, letters, marked, rendered, unstuffed

CONTRACT = Path(__file__).resolve().parents[4] / "shared" / "contracts" / "sendgrid" / "tsg_mail_v3.json"
RESERVED = {
    "x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding",
    "to", "from", "subject", "reply-to", "cc", "bcc",
}  # fmt: skip


def payload(batch: list[Letter], settings: SendGrid | None = None, **changes: Any) -> dict[str, Any]:
    made = Payloads.of(campaign(**changes), settings or SendGrid(api_key="k"))
    request: dict[str, Any] = orjson.loads(made.body([made.personalization(each) for each in batch]))
    return request


def as_sent(request: dict[str, Any], number: int) -> dict[str, str]:
    """The parts as the service makes them: every substitution replaced in every part, in any order."""
    substitutions = request["personalizations"][number]["substitutions"]
    parts = {content["type"]: content["value"] for content in request["content"]}
    for order in (list(substitutions), list(substitutions)[::-1]):
        made = dict(parts)
        for key in order:
            made = {kind: value.replace(key, substitutions[key]) for kind, value in made.items()}
    return made


@pytest.fixture(scope="module")
def described() -> Draft202012Validator:
    if not CONTRACT.exists():
        pytest.skip("the shared contracts are not beside this repository")
    document = json.loads(CONTRACT.read_text())
    registry: Registry[Any] = Registry().with_resource("urn:mail", DRAFT202012.create_resource(document))
    schema = {"$ref": "urn:mail#/components/requestBodies/PostMailSend/content/application~1json/schema"}
    return Draft202012Validator(schema, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.mark.parametrize(
    "changes",
    [{}, {"reply_to": ""}, {"test": True}, {"unsubscribe_mail": ""}, {"from_": "letters@docket.example"}],
)
def test_every_request_is_as_described(described: Draft202012Validator, changes: dict[str, Any]) -> None:
    batch = [*letters(3), letter("ana@straße.example", 'Ána "A" Silva, Esq.'), letter("eve@example.com", "")]
    described.validate(payload(batch, **changes))


def test_a_request_that_is_held_is_as_described(described: Draft202012Validator) -> None:
    made = Payloads.of(campaign(), SendGrid(api_key="k"))
    send_at = datetime(2026, 11, 20, 14, 20, 0, 900_000, tzinfo=UTC)
    request = orjson.loads(made.body([made.personalization(letter())], reference='Hk"J5', send_at=send_at))
    described.validate(request)
    assert (request["batch_id"], request["send_at"]) == ('Hk"J5', 1795184400)
    assert not {"batch_id", "send_at"} & set(payload(letters(1)))


def test_the_description_would_find_a_fault(described: Draft202012Validator) -> None:
    request = payload(letters(2))
    request["personalizations"][0]["substitutions"] = {"key": 1}
    assert not described.is_valid(request)


def test_what_the_description_does_not_say() -> None:
    request = payload(letters(1000))
    assert len(request["personalizations"]) == 1000
    assert [len(each["to"]) for each in request["personalizations"]] == [1] * 1000
    assert [content["type"] for content in request["content"]] == ["text/plain", "text/html"]
    assert all(content["value"] for content in request["content"])
    sent = {name.lower() for each in request["personalizations"] for name in each["headers"]} | {
        name.lower() for name in request["headers"]
    }
    assert not sent & RESERVED
    assert len(orjson.dumps(request)) < 30 * 1024 * 1024


def test_one_readers_part() -> None:
    ana = letter("ana@straße.example", "Ána Silva")
    part = payload([ana])["personalizations"][0]
    assert part["to"] == [{"email": "ana@xn--strae-oqa.example", "name": "Ána Silva"}]
    assert part["headers"] == {
        "Message-ID": ana.message_id,
        "List-Unsubscribe": f"<{ana.one_click}>, <mailto:unsubscribe@docket.example?subject=unsubscribe>",
    }
    assert part["custom_args"] == {"issue": ISSUE, "letter": ana.message_id[1:].partition("@")[0].rpartition(".")[2]}
    assert payload([letter(name="")])["personalizations"][0]["to"] == [{"email": "ana@example.com"}]


def test_what_all_readers_share() -> None:
    request = payload(letters(1))
    assert request["from"] == {"email": "letters@docket.example", "name": "Closing Arguments"}
    assert request["reply_to"] == {"email": "editor@docket.example", "name": "The Docket"}
    assert request["subject"] == "Closing Arguments: the court’s week"
    assert request["headers"] == {
        "List-Id": "Closing Arguments <closing-arguments.docket.example>",
        "List-Archive": "<https://docket.example/issues/>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "bulk",
        "Auto-Submitted": "auto-generated",
    }
    assert request["categories"] == ["digest", ISSUE]
    assert request["tracking_settings"] == {
        "click_tracking": {"enable": False, "enable_text": False},
        "open_tracking": {"enable": False},
        "subscription_tracking": {"enable": False},
        "ganalytics": {"enable": False},
    }
    assert payload(letters(1), test=True)["subject"].startswith("[Test] ")


def test_tracking_is_as_configured() -> None:
    tracking = payload(letters(1), SendGrid(api_key="k", track_clicks=True, track_opens=True))["tracking_settings"]
    assert tracking["click_tracking"] == {"enable": True, "enable_text": True}
    assert tracking["open_tracking"] == {"enable": True}
    assert tracking["subscription_tracking"] == {"enable": False}


def test_readers_get_what_smtp_would_bring_them() -> None:
    """Only SMTP says `format=flowed`, so only there lines are stuffed."""
    batch = [letter("o'neill&co@example.com", "O'Neill <b>"), letter("ana@example.com", "Ana")]
    batch[0] = replace(batch[0], slots={**batch[0].slots, Slot.GREETING: 'Hi, <b>&"O\'Neill"'})
    request = payload(batch)
    for number, one in enumerate(batch):
        message = message_from_bytes(MessageTemplate.of(campaign()).message(one), policy=policy.SMTP)
        by_smtp = {part.get_content_type(): part.get_content().replace("\r\n", "\n") for part in message.iter_parts()}
        by_smtp["text/plain"] = unstuffed(by_smtp["text/plain"])
        by_sendgrid = {kind: value.rstrip("\n") + "\n" for kind, value in as_sent(request, number).items()}
        assert by_sendgrid == by_smtp


@pytest.mark.parametrize("character", ["&", "<", ">", '"', "'", "\\", "\t", "é", "\U0001f4f0", "{{", "%s"])
def test_a_single_character_arrives_as_it_is(character: str) -> None:
    one = replace(letter(), slots={**letter().slots, Slot.GREETING: character})
    made = Payloads.of(campaign(), SendGrid(api_key="k"))
    substitutions = payload([one])["personalizations"][0]["substitutions"]
    text_key, html_key = (
        next(key for key, slot in keys if slot is Slot.GREETING) for keys in (made.text_keys, made.html_keys)
    )
    assert (substitutions[text_key], substitutions[html_key]) == (character, html.escape(character))


@given(st.dictionaries(st.sampled_from(ISSUE_SLOTS), st.text(st.characters(codec="utf-8"), max_size=40)))
def test_whatever_stands_in_a_slot_arrives_as_it_is(values: dict[Slot, str]) -> None:
    one = replace(letter(), slots={**letter().slots, **values})
    (part,) = payload([one])["personalizations"]
    made = Payloads.of(campaign(), SendGrid(api_key="k"))
    assert {slot: part["substitutions"][key] for key, slot in made.text_keys} == one.slots
    assert {slot: part["substitutions"][key] for key, slot in made.html_keys} == {
        slot: html.escape(value) for slot, value in one.slots.items()
    }


def test_what_just_fits_is_sent() -> None:
    room = Payloads.of(campaign(), SendGrid(api_key="k")).room
    others = dict.fromkeys(Slot, "")
    fits = replace(letter(name=""), slots={**others, Slot.GREETING: "e" * (room // 2)})
    assert payload([fits])
    too_long = replace(fits, slots={**others, Slot.GREETING: "e" * (room // 2 + 1)})
    with pytest.raises(Unsendable, match="10000 bytes"):
        payload([too_long])


@given(st.emails())
def test_every_plain_address_stays_as_it_is(address: str) -> None:
    assert payload([letter(address)])["personalizations"][0]["to"][0]["email"] == wire_address(address)


def test_what_looks_like_a_substitution_stays_as_it_is() -> None:
    trap = (
        "-token- -name- %name% #name# {{ name }} {{{raw}}} <%body%> <% asm_group_unsubscribe_raw_url %> [unsubscribe]"
    )
    request = payload([letter(name="-name-")], issue=rendered(text=f"{trap}\n", html=html.escape(trap), subject=trap))
    assert as_sent(request, 0)["text/plain"] == f"{trap}\n"
    assert as_sent(request, 0)["text/html"] == html.escape(trap)
    assert request["subject"] == trap


def test_substitution_keys_are_not_part_of_one_another_and_not_the_markers() -> None:
    keys = list(payload(letters(1))["personalizations"][0]["substitutions"])
    assert len(keys) == 2 * len(ISSUE_SLOTS)
    assert not any(one in other for one in keys for other in keys if one is not other)
    assert not set(keys) & set(MARKERS.values())


def test_only_slots_that_a_part_has_are_sent() -> None:
    request = payload(letters(1), issue=rendered(text="plain\n", html=marked("<p>{unsubscribe}</p>")))
    assert list(request["personalizations"][0]["substitutions"].values()) == [letters(1)[0].one_click]


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (letter("josé@example.com"), "not ASCII"),
        (replace(letter(), address="nobody"), "not a mail address"),
        (replace(letter(), slots={**letter().slots, Slot.GREETING: "é" * 5000}), "10000 bytes"),
        (replace(letter(), slots={**letter().slots, Slot.GREETING: "e" * 5000}), "10000 bytes"),
        (replace(letter(), slots={**letter().slots, Slot.GREETING: "&" * 2000}), "10000 bytes"),
        (replace(letter(), slots={**letter().slots, Slot.GREETING: "half \ud83d"}), "cannot be written"),
        (replace(letter(), name="half \ud83d"), "cannot be written"),
    ],
)
def test_what_sendgrid_cannot_be_asked_is_said(one: Letter, why: str) -> None:
    with pytest.raises(Unsendable, match=why):
        Payloads.of(campaign(), SendGrid(api_key="k")).personalization(one)


def test_a_sender_that_cannot_be_is_a_matter_of_configuration() -> None:
    with pytest.raises(ConfigurationError, match=r"publication\.from"):
        Payloads.of(campaign(from_="nobody"), SendGrid(api_key="k"))
