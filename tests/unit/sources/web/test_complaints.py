from __future__ import annotations

import inspect

import pytest
from urllib3 import exceptions
from urllib3.connection import HTTPConnection

from digest.sources.web import complaints

KINDS = [
    kind
    for _, kind in inspect.getmembers(exceptions, inspect.isclass)
    if issubclass(kind, exceptions.HTTPError) and kind is not exceptions.HTTPError
]

ARGUMENTS: dict[type[Exception], tuple[object, ...]] = {
    exceptions.IncompleteRead: (5, 995),
    exceptions.MaxRetryError: (None, "/feed/", None),
}
"""Of those that are looked into; the others are made without theirs, as no two take the same ones."""


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_exception_of_urllib3_has_words(kind: type[Exception]) -> None:
    error = kind(*ARGUMENTS[kind]) if kind in ARGUMENTS else kind.__new__(kind)
    words = str(complaints.of_exception(error, "docket.example", 20.0))
    assert words
    assert "urllib3" not in words
    assert "{" not in words


def test_the_reason_counts_not_the_number_of_attempts() -> None:
    reason = exceptions.ReadTimeoutError(None, "/feed/", "Read timed out")  # type: ignore[arg-type]
    error = exceptions.MaxRetryError(None, "/feed/", reason)  # type: ignore[arg-type]
    assert str(complaints.of_exception(error, "docket.example", 20.0)) == "no answer from docket.example within 20 s"


def test_a_connection_that_is_not_made_says_why() -> None:
    error = exceptions.NewConnectionError(HTTPConnection("docket.example"), "failed")
    error.__cause__ = OSError(113, "No route to host")
    assert (
        str(complaints.of_exception(error, "docket.example", 20.0))
        == "no connection to docket.example: no route to host"
    )


@pytest.mark.parametrize(
    ("status", "reason", "said"),
    [
        (404, "Not Found", "the server answered 404 Not Found"),
        (404, "Nowhere To Be Seen", "the server answered 404 Nowhere To Be Seen"),
        (500, None, "the server answered 500 Internal Server Error"),
        (599, "", "the server answered 599"),
    ],
)
def test_a_status_is_said_with_the_server_s_reason(status: int, reason: str | None, said: str) -> None:
    assert str(complaints.of_status(status, reason)) == said


@pytest.mark.parametrize(("status", "hint"), [(404, "address"), (410, "remove"), (503, "later"), (401, "password")])
def test_a_status_comes_with_what_to_do(status: int, hint: str) -> None:
    assert hint in complaints.of_status(status, "").hint
