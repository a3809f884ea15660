"""What SendGrid's answers to a cancellation and to a request for a batch id mean, as tables."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from digest.deliver.kept_connection import Response
from digest.deliver.seam import CannotReserve
from digest.deliver.sendgrid_holds import batch_id, refusal, status_of
from digest.model import Recall


def response(status: int, body: Any = None) -> Response:
    return Response(status=status, headers={}, body=b"" if body is None else orjson.dumps(body))


def errors(message: str) -> dict[str, Any]:
    return {"errors": [{"field": None, "message": message}]}


def test_a_batch_id() -> None:
    assert batch_id(response(201, {"batch_id": "HkJ5yLYULb7Rj8GKSx7u025ouWVlMgAi"})).startswith("HkJ5")
    assert batch_id(response(201, {"batch_id": "a-b_c.d="})) == "a-b_c.d="


@pytest.mark.parametrize(
    ("status", "body", "stopped", "words"),
    [
        (401, errors("authorization required"), True, "api_key"),
        (403, errors("access forbidden"), True, "delivery.hold = 0"),
        (429, errors("too many requests"), False, "too many requests"),
        (500, None, False, "500"),
        (302, None, False, "302"),
        (201, None, False, "without one"),
        (201, {"batch_id": ""}, False, "without one"),
        (201, {"batch_id": "two words"}, False, "without one"),
        (201, {"batch_id": 5}, False, "without one"),
        (201, ["batch_id"], False, "without one"),
    ],
)
def test_no_batch_id(status: int, body: Any, stopped: bool, words: str) -> None:
    with pytest.raises(CannotReserve, match=words) as raised:
        batch_id(response(status, body))
    assert raised.value.stopped is stopped


@pytest.mark.parametrize(
    ("status", "message", "meaning"),
    [
        (400, "max limit reached", Recall.NOT_NOW),
        (400, "You cannot pause or cancel more than 10 batches", Recall.NOT_NOW),
        (400, "a status for this batch id exists, try PATCH to update the status", Recall.NOT_NOW),
        (400, "invalid batch id", Recall.TOO_LATE),
        (404, "batch id not found", Recall.TOO_LATE),
        (400, "a scheduled send cannot be changed less than 10 minutes before its time", Recall.TOO_LATE),
        (400, "", Recall.TOO_LATE),
    ],
)
def test_a_refusal(status: int, message: str, meaning: Recall) -> None:
    recall, words = refusal(response(status, errors(message)))
    assert recall is meaning
    assert message in words


def test_a_refusal_without_a_word_may_be_the_wrong_address() -> None:
    assert refusal(response(404))[0] is Recall.NOT_NOW
    assert refusal(response(400))[0] is Recall.TOO_LATE


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (response(200, [{"batch_id": "b", "status": "cancel"}]), "cancel"),
        (response(200, [{"batch_id": "a", "status": "cancel"}, {"batch_id": "b", "status": "pause"}]), "pause"),
        (response(200, {"batch_id": "b", "status": "cancel"}), "cancel"),
        (response(200, [{"batch_id": "a", "status": "cancel"}]), ""),
        (response(200, []), ""),
        (response(200), ""),
        (response(200, ["b"]), ""),
        (response(404, [{"batch_id": "b", "status": "cancel"}]), ""),
    ],
)
def test_how_a_batch_stands(answer: Response, status: str) -> None:
    assert status_of(answer, "b") == status
