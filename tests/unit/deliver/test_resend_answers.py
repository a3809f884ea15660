"""What each of Resend's answers means, as a table; and that no answer, however odd, loses a letter or its order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.deliver.kept_connection import Response
from digest.deliver.resend_answers import outcome, unheard
from digest.model import Answer, Delivery
from tests.unit.deliver.correspondence import letters

THREE = [replace(letter, key=key) for key, letter in enumerate(letters(3), start=1)]
TAKEN, NOT_TAKEN, UNHEARD, UNSENT, TOO_FAST = (
    Answer.TAKEN,
    Answer.NOT_TAKEN,
    Answer.UNHEARD,
    Answer.UNSENT,
    Answer.TOO_FAST,
)


def response(status: int, told: Any = None, **headers: str) -> Response:
    body = told if isinstance(told, bytes) else b"" if told is None else orjson.dumps(told)
    return Response(
        status=status, headers={name.replace("_", "-"): value for name, value in headers.items()}, body=body
    )


def fault(status: int, name: str, message: str = "words of theirs") -> Response:
    return response(status, {"statusCode": status, "name": name, "message": message}, retry_after="7")


def ids(*numbers: int) -> dict[str, Any]:
    return {"data": [{"id": f"id-{number}"} for number in numbers]}


def answers(delivery: Delivery) -> list[Answer]:
    return [receipt.answer for receipt in delivery.receipts]


def test_ids_come_in_the_order_of_the_letters() -> None:
    delivery = outcome(response(200, ids(1, 2, 3)), THREE)
    assert [(each.key, each.provider_id) for each in delivery.receipts] == [(1, "id-1"), (2, "id-2"), (3, "id-3")]
    assert answers(delivery) == [TAKEN] * 3
    assert not delivery.stopped + delivery.trouble


def test_ids_pass_over_the_letters_that_are_refused() -> None:
    told = {**ids(1, 2), "errors": [{"index": 1, "message": "The `to` field is missing."}]}
    delivery = outcome(response(200, told), THREE)
    assert answers(delivery) == [TAKEN, NOT_TAKEN, TAKEN]
    assert [each.provider_id for each in delivery.receipts] == ["id-1", "", "id-2"]
    assert delivery.receipts[1].words == "The `to` field is missing."
    assert not delivery.stopped + delivery.trouble


def test_what_is_wrong_with_one_letter_among_others_is_its_own_fault() -> None:
    told = {**ids(1, 2), "errors": [{"index": 0, "message": "something else"}]}
    assert answers(outcome(response(200, told), THREE)) == [NOT_TAKEN, TAKEN, TAKEN]


@pytest.mark.parametrize("status", [200, 422])
def test_what_is_wrong_with_all_letters_refuses_no_reader_and_stops(status: int) -> None:
    errors = [{"index": place, "message": "Invalid `from` field."} for place in range(3)]
    delivery = outcome(response(status, {"data": [], "errors": errors}), THREE)
    assert answers(delivery) == [UNSENT] * 3
    assert "`from`" in delivery.stopped


@pytest.mark.parametrize("status", [200, 422])
def test_readers_who_are_all_wrong_are_refused_and_nothing_stops(status: int) -> None:
    errors = [{"index": place, "message": "Invalid `to` field."} for place in range(3)]
    delivery = outcome(response(status, {"data": [], "errors": errors}), THREE)
    assert answers(delivery) == [NOT_TAKEN] * 3
    assert not delivery.stopped + delivery.trouble


def test_a_refusal_of_the_whole_call_for_one_reader_leaves_the_others_owed() -> None:
    told = {"name": "validation_error", "errors": [{"index": 2, "message": "Invalid `to` field."}]}
    delivery = outcome(response(422, told), THREE)
    assert answers(delivery) == [UNSENT, UNSENT, NOT_TAKEN]
    assert not delivery.stopped


def test_a_refusal_without_a_place_is_the_readers_fault_only_where_there_is_one_reader() -> None:
    refusal = fault(422, "validation_error", "Invalid `to` field.")
    assert answers(outcome(refusal, THREE[:1])) == [NOT_TAKEN]
    assert answers(outcome(refusal, THREE)) == [UNSENT] * 3
    assert outcome(refusal, THREE).stopped == "Resend answers 422 (validation_error): Invalid `to` field."


@pytest.mark.parametrize(
    ("status", "name", "advice"),
    [
        (400, "invalid_idempotency_key", ""),
        (401, "missing_api_key", "DIGEST_RESEND_API_KEY"),
        (403, "invalid_api_key", "check the key"),
        (403, "validation_error", "domain"),
        (404, "not_found", "delivery.resend.address"),
        (405, "method_not_allowed", ""),
        (413, "", "readers_per_request"),
        (422, "missing_required_field", ""),
        (429, "daily_quota_exceeded", "wait for the new day"),
        (429, "monthly_quota_exceeded", "larger plan"),
        (451, "security_error", ""),
        (302, "", ""),
    ],
)
def test_what_a_person_must_mend_stops_and_nothing_counts_as_sent(status: int, name: str, advice: str) -> None:
    delivery = outcome(fault(status, name), THREE)
    assert answers(delivery) == [UNSENT] * 3
    assert delivery.stopped.startswith(f"Resend answers {status}")
    assert name in delivery.stopped
    assert "words of theirs" in delivery.stopped
    assert advice in delivery.stopped
    assert not delivery.trouble


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (408, ""),
        (409, "concurrent_idempotent_requests"),
        (409, "invalid_idempotent_request"),
        (409, "of a kind to come"),
        (500, "application_error"),
        (500, "internal_server_error"),
        (502, ""),
        (503, ""),
        (504, ""),
    ],
)
def test_whatever_may_have_been_taken_is_in_doubt(status: int, name: str) -> None:
    delivery = outcome(fault(status, name), THREE)
    assert answers(delivery) == [UNHEARD] * 3
    assert delivery.trouble == delivery.receipts[0].words
    assert name in delivery.trouble
    assert not delivery.stopped


def test_a_call_that_is_under_way_is_asked_about_a_little_later() -> None:
    assert outcome(fault(409, "concurrent_idempotent_requests"), THREE).receipts[0].wait > 0


@pytest.mark.parametrize(
    ("headers", "wait"),
    [({}, 1.0), ({"retry_after": "7"}, 7.0), ({"ratelimit_reset": "3"}, 3.0), ({"retry_after": "soon"}, 1.0)],
)
def test_too_fast_waits_as_long_as_it_asks_for(headers: dict[str, str], wait: float) -> None:
    delivery = outcome(response(429, {"name": "rate_limit_exceeded"}, **headers), THREE)
    assert [(each.answer, each.wait) for each in delivery.receipts] == [(TOO_FAST, wait)] * 3
    assert delivery.trouble
    assert not delivery.stopped


@pytest.mark.parametrize(
    "told",
    [
        None,
        b"<html>",
        [],
        {},
        {"data": "all"},
        ids(1, 2),
        ids(1, 2, 3, 4),
        {"data": [{"id": ""}, {}, 7]},
        {**ids(1, 2), "errors": [{"index": 3, "message": "there is no such letter"}]},
        {**ids(1, 2), "errors": [{"index": True, "message": "this is no place"}]},
    ],
)
def test_a_success_that_does_not_say_whose_is_in_doubt(told: Any) -> None:
    delivery = outcome(response(200, told), THREE)
    assert answers(delivery) == [UNHEARD] * 3
    assert "for 3 letters" in delivery.trouble


def test_no_answer_is_in_doubt() -> None:
    delivery = unheard(THREE, "no answer in time")
    assert answers(delivery) == [UNHEARD] * 3
    assert delivery.trouble == "Resend gave no answer: no answer in time"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 5) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["data", "errors", "id", "index", "message", "name"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(status=st.integers(200, 599), told=_JSON)
def test_any_answer_gives_every_letter_its_receipt_in_order(status: int, told: Any) -> None:
    delivery = outcome(response(status, told), THREE)
    assert [each.key for each in delivery.receipts] == [1, 2, 3]
    taken = [each for each in delivery.receipts if each.answer is TAKEN]
    assert not taken or 200 <= status < 300
    assert all(each.provider_id for each in taken)
