"""What SendGrid's answer means, as a table."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from digest.deliver.sendgrid_answers import outcome, pause
from digest.deliver.sendgrid_wire import Answer
from digest.model import Fate
from tests.unit.deliver.correspondence import letters

ACCEPTED, REFUSED, DEFERRED, UNSENT, UNKNOWN = Fate.ACCEPTED, Fate.REFUSED, Fate.DEFERRED, Fate.UNSENT, Fate.UNKNOWN


def answer(status: int, errors: Any = None, **headers: str) -> Answer:
    body = b"" if errors is None else orjson.dumps({"errors": errors})
    return Answer(status=status, headers={name.replace("_", "-"): value for name, value in headers.items()}, body=body)


def error(field: str | None, message: str = "wrong") -> dict[str, str | None]:
    return {"field": field, "message": message, "help": None}


@pytest.mark.parametrize(
    ("status", "fate", "stopped"),
    [
        (200, UNSENT, "sandbox"),
        (202, ACCEPTED, ""),
        (201, ACCEPTED, ""),
        (302, UNSENT, "302"),
        (400, UNSENT, "400"),
        (401, UNSENT, "api_key"),
        (403, UNSENT, "publication.from"),
        (404, UNSENT, "address"),
        (405, UNSENT, "405"),
        (413, UNSENT, "readers_per_request"),
        (415, UNSENT, "415"),
        (429, UNSENT, "429"),
        (500, DEFERRED, "500"),
        (503, DEFERRED, "503"),
        (502, UNKNOWN, "502"),
        (504, UNKNOWN, "504"),
    ],
)
def test_a_status_is_one_fate_for_all(status: int, fate: Fate, stopped: str) -> None:
    batch = letters(3)
    delivery = outcome(answer(status), batch)
    assert [receipt.fate for receipt in delivery.receipts] == [fate] * 3
    assert [receipt.address for receipt in delivery.receipts] == [letter.address for letter in batch]
    assert stopped in delivery.stopped
    assert bool(delivery.stopped) == bool(stopped)


def test_an_accepted_request_has_the_providers_id() -> None:
    delivery = outcome(answer(202, x_message_id="abc.def"), letters(2))
    assert {receipt.provider_id for receipt in delivery.receipts} == {"abc.def"}


@pytest.mark.parametrize(
    "field", ["personalizations.1.to.0.email", "personalizations.1.to", "personalizations[1].to[0].email"]
)
def test_a_named_reader_is_refused_and_the_others_unsent(field: str) -> None:
    delivery = outcome(answer(400, [error(field, "Does not contain a valid address.")]), letters(3))
    assert [receipt.fate for receipt in delivery.receipts] == [UNSENT, REFUSED, UNSENT]
    assert delivery.receipts[1].words == "Does not contain a valid address."
    assert not delivery.stopped


def test_several_named_readers() -> None:
    errors = [
        error("personalizations.0.to.0.email"),
        error("personalizations.2"),
        error("personalizations.0.to.0.name"),
    ]
    delivery = outcome(answer(400, errors), letters(3))
    assert [receipt.fate for receipt in delivery.receipts] == [REFUSED, UNSENT, REFUSED]


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
    delivery = outcome(answer(400, errors), letters(3))
    assert [receipt.fate for receipt in delivery.receipts] == [UNSENT] * 3
    assert delivery.stopped.startswith("SendGrid answers 400")


@pytest.mark.parametrize(
    ("errors", "fate"),
    [
        ([error(None)], REFUSED),
        ([error("null")], REFUSED),
        ([error("from.email")], UNSENT),
        ([error("subject")], UNSENT),
    ],
)
def test_a_request_of_one_reader(errors: Any, fate: Fate) -> None:
    delivery = outcome(answer(400, errors), letters(1))
    assert delivery.receipts[0].fate is fate
    assert bool(delivery.stopped) == (fate is UNSENT)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b'{"errors": null}', b"\xff", b"1"])
def test_any_body_is_survived(body: bytes) -> None:
    for status in (400, 401, 500):
        delivery = outcome(Answer(status=status, headers={}, body=body), letters(2))
        assert delivery.stopped.startswith(f"SendGrid answers {status}")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, 1.0),
        ({"x_ratelimit_reset": "1030"}, 30.0),
        ({"x_ratelimit_reset": "900"}, 1.0),
        ({"x_ratelimit_reset": "soon"}, 1.0),
        ({"retry_after": "12"}, 12.0),
        ({"retry_after": "Thu, 01 Jan 1970 00:17:00 GMT"}, 20.0),
        ({"retry_after": "nonsense"}, 1.0),
        ({"x_ratelimit_reset": "1005", "retry_after": "7"}, 7.0),
    ],
)
def test_pause(headers: dict[str, str], expected: float) -> None:
    assert pause(answer(429, **headers), 1000.0) == expected
