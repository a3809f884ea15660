"""What a program is told that asked for something which it cannot have: problem details (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from digest.errors import DigestError

KIND = "application/problem+json"
_A_MINUTE = {"retry-after": "60"}


def problem(
    status: int,
    detail: str = "",
    *,
    faults: Sequence[tuple[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The answer. Each of `faults` names a field by its JSON pointer as a fragment (RFC 6901, section 6), and what is
    wrong with it; they stand in `errors`, as in the example of RFC 9457, section 3."""
    told: dict[str, object] = {"title": HTTPStatus(status).phrase, "status": status}
    if detail:
        told["detail"] = detail
    if faults:
        told["errors"] = [{"pointer": pointer, "detail": wrong} for pointer, wrong in faults]
    return JSONResponse(told, status, headers, KIND)


def of_exception(_request: Request, error: Exception) -> JSONResponse:
    """The answer to what broke off. Nothing of an error of ours is told: it may name files or readers."""
    if isinstance(error, HTTPException):
        return problem(error.status_code, headers=error.headers)
    if isinstance(error, DigestError):
        return problem(503, "The store is busy. Please try again in a minute.", headers=_A_MINUTE)
    return problem(500)
