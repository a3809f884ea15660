"""What a request tells of who sends it: for the limits, and for the record of consent."""

from __future__ import annotations

from starlette.requests import Request

_LONGEST_PAGE = 300


def network_of(request: Request) -> str:
    """The visitor's IP address, empty where it is not known."""
    return request.client.host if request.client else ""


def page_of(request: Request) -> str:
    """The page that a form stood in, as far as the browser tells: never to be trusted."""
    told = request.headers.get("referer") or request.headers.get("origin", "")
    return "".join(sign for sign in told if sign.isprintable())[:_LONGEST_PAGE]
