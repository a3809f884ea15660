"""What SendGrid's answer means, as a table."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from digest.deliver.kept_connection import Response
from digest.deliver.sendgrid_answers import outcome, wait_of
from digest.model import Answer, Delivery
from tests.unit.deliver.correspondence import letters

NOW = 1000.0
TAKEN, NOT_TAKEN, UNSENT, UNHEARD = Answer.TAKEN, Answer.NOT_TAKEN, Answer.UNSENT, Answer.UNHEARD
FAILING, TOO_FAST, CUT_SHORT = Answer.FAILING, Answer.TOO_FAST, Answer.CUT_SHORT


def response(status: int, errors: Any = None, **headers: str) -> Response:
    body = b"" if errors is None else orjson.dumps({"errors": errors})
    return Response(
        status=status, headers={name.replace("_", "-"): value for name, value in headers.items()}, body=body
    )


def error(field: str | None, message: str = "wrong") -> dict[str, str | None]:
    return {"field": field, "message": message, "help": None}


def answers(delivery: Delivery) -> list[Answer]:
    return [receipt.answer for receipt in delivery.receipts]


@pytest.mark.parametrize(
    ("status", "answer", "stopped", "trouble"),
    [
        (200, UNSENT, "sandbox", ""),
        (202, TAKEN, "", ""),
        (201, TAKEN, "", ""),
        (302, UNSENT, "302", ""),
        (400, UNSENT, "400", ""),
        (401, UNSENT, "api_key", ""),
        (403, UNSENT, "publication.from", ""),
        (404, UNSENT, "address", ""),
        (405, UNSENT, "405", ""),
        (408, CUT_SHORT, "", "408"),
        (413, UNSENT, "readers_per_request", ""),
        (415, UNSENT, "415", ""),
        (429, TOO_FAST, "", "429"),
        (500, FAILING, "", "500"),
        (503, FAILING, "", "503"),
        (502, UNHEARD, "", "502"),
        (504, UNHEARD, "", "504"),
        (520, UNHEARD, "", "520"),
    ],
)
def test_a_status_is_one_answer_for_all(status: int, answer: Answer, stopped: str, trouble: str) -> None:
    delivery = outcome(response(status), letters(3), NOW)
    assert answers(delivery) == [answer] * 3
    assert [receipt.key for receipt in delivery.receipts] == [1, 2, 3]
    assert (stopped in delivery.stopped, trouble in delivery.trouble) == (True, True)
    assert (bool(delivery.stopped), bool(delivery.trouble)) == (bool(stopped), bool(trouble))


def test_a_taken_request_has_the_providers_id() -> None:
    delivery = outcome(response(202, x_message_id="abc.def"), letters(2), NOW)
    assert {receipt.provider_id for receipt in delivery.receipts} == {"abc.def"}


@pytest.mark.parametrize(
    "field", ["personalizations.1.to.0.email", "personalizations.1.to", "personalizations[1].to[0].email"]
)
def test_a_named_reader_is_not_taken_and_the_others_unsent(field: str) -> None:
    delivery = outcome(response(400, [error(field, "Does not contain a valid address.")]), letters(3), NOW)
    assert answers(delivery) == [UNSENT, NOT_TAKEN, UNSENT]
    assert delivery.receipts[1].words == "Does not contain a valid address."
    assert not delivery.stopped


def test_several_named_readers() -> None:
    errors = [
        error("personalizations.0.to.0.email"),
        error("personalizations.2"),
        error("personalizations.0.to.0.name"),
    ]
    assert answers(outcome(response(400, errors), letters(3), NOW)) == [NOT_TAKEN, UNSENT, NOT_TAKEN]


@pytest.mark.parametrize(
    "errors",
    [
        [error("from.email", "The from address does not match a verified Sender Identity")],
        [error("personalizations")],
        [error("personalizations.0.headers")],
        [error("personalizations.0.substitutions")],
        [error("personalizations.7.to")],
        [error("personalizations.0.to"), error("content.0.value")],
        [error(None)],
        [],
        "text",
        [["list"]],
    ],
)
def test_a_wrong_request_is_no_readers_fault(errors: Any) -> None:
    delivery = outcome(response(400, errors), letters(3), NOW)
    assert answers(delivery) == [UNSENT] * 3
    assert delivery.stopped.startswith("SendGrid answers 400")


@pytest.mark.parametrize(
    ("errors", "answer"),
    [
        ([error(None)], NOT_TAKEN),
        ([error("null")], NOT_TAKEN),
        ([error("from.email")], UNSENT),
        ([error("subject")], UNSENT),
    ],
)
def test_a_request_of_one_reader(errors: Any, answer: Answer) -> None:
    delivery = outcome(response(400, errors), letters(1), NOW)
    assert answers(delivery) == [answer]
    assert bool(delivery.stopped) == (answer is UNSENT)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b'{"errors": null}', b"\xff", b"1"])
@pytest.mark.parametrize("status", [400, 401, 500])
def test_any_body_is_survived(status: int, body: bytes) -> None:
    delivery = outcome(Response(status=status, headers={}, body=body), letters(2), NOW)
    assert (delivery.stopped or delivery.trouble).startswith(f"SendGrid answers {status}")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, 0.0),
        ({"x_ratelimit_reset": "1030"}, 30.0),
        ({"x_ratelimit_reset": "900"}, 0.0),
        ({"x_ratelimit_reset": "soon"}, 0.0),
        ({"retry_after": "12"}, 12.0),
        ({"retry_after": "Thu, 01 Jan 1970 00:17:00 GMT"}, 20.0),
        ({"retry_after": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0.0),
        ({"retry_after": "nonsense"}, 0.0),
        ({"x_ratelimit_reset": "1005", "retry_after": "7"}, 7.0),
    ],
)
def test_the_wait_that_is_asked_for(headers: dict[str, str], expected: float) -> None:
    assert wait_of(response(429, **headers), NOW) == expected
    too_fast = outcome(response(429, **headers), letters(2), NOW)
    assert [receipt.wait for receipt in too_fast.receipts] == [max(1.0, expected)] * 2


def test_a_service_in_trouble_may_say_for_how_long() -> None:
    delivery = outcome(response(503, retry_after="90", x_ratelimit_reset="5000"), letters(1), NOW)
    assert delivery.receipts[0].wait == 90.0
