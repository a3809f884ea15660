"""The way out: one click from a mail program (RFC 8058), and a page where a person sees first what will happen.

Both have one address, that of the letter's link. Looking (GET, HEAD) changes nothing, so that what follows every link
of a letter unsubscribes nobody. A mail program's POST has no field `step`; the forms of the page have one.
"""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from digest.model.forms import Form, first
from digest.model.readers import Origin, WhyLeft
from digest.office.leaving import Leaver, Leaving, NoReader
from digest.office.pages import Pages
from digest.web.site.forms import fields_of
from digest.web.site.lost import no_reader
from digest.web.site.speaking import page
from digest.web.site.visitor import network_of

_DONE = "You are unsubscribed.\n"
_TEST = "This is a test letter: nothing happened.\n"
_UNKNOWN = "This link leads to nobody.\n"
_BUSY = "Please try again in a minute.\n"
_ONE_CLICK = {NoReader.TEST: (200, _TEST), NoReader.UNKNOWN: (404, _UNKNOWN), NoReader.BUSY: (503, _BUSY)}


def routes(pages: Pages) -> list[BaseRoute]:
    """Their addresses."""
    door = _Door(pages)
    return [
        Route("/u/{token}", door.look, methods=["GET"]),
        Route("/u/{token}", door.post, methods=["POST"]),
        Route("/undo", door.undo, methods=["POST"]),
    ]


class _Door:
    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._leaving = Leaving(pages)

    def look(self, request: Request) -> Response:
        found = self._leaving.look(request.path_params["token"])
        return self._answer(request, "leave.html", found)

    async def post(self, request: Request) -> Response:
        form = await fields_of(request)
        step = first(form, "step")
        act = {"leave": self._leave, "monthly": self._get_monthly, "why": self._say_why}.get(step, self._one_click)
        return await run_in_threadpool(act, request, form)

    async def undo(self, request: Request) -> Response:
        form = await fields_of(request)
        return await run_in_threadpool(self._undo, request, form)

    def _one_click(self, request: Request, form: Form) -> Response:
        found = self._leaving.leave_at_once(request.path_params["token"], _origin(request, "one-click"))
        status, words = _ONE_CLICK[found] if isinstance(found, NoReader) else (200, _DONE)
        return PlainTextResponse(words, status)

    def _leave(self, request: Request, form: Form) -> Response:
        found = self._leaving.leave(request.path_params["token"], _origin(request, "page"))
        return self._answer(request, "left.html", found)

    def _get_monthly(self, request: Request, form: Form) -> Response:
        found = self._leaving.get_monthly(request.path_params["token"], _origin(request, "page"))
        return self._answer(request, "leave.html", found, changed=True)

    def _say_why(self, request: Request, form: Form) -> Response:
        found = self._leaving.say_why(request.path_params["token"], first(form, "why"))
        name = "left.html" if isinstance(found, NoReader) or found.reader.ground else "leave.html"
        return self._answer(request, name, found, thanked=True)

    def _undo(self, request: Request, form: Form) -> Response:
        reader = self._leaving.undo(first(form, "undo"), _origin(request, "page"))
        if reader is None:
            return page(request, self._pages, "undo-late.html", status=410)
        return page(request, self._pages, "undone.html", reader=reader)

    def _answer(self, request: Request, name: str, found: Leaver | NoReader, **values: Any) -> Response:
        if isinstance(found, NoReader):
            return no_reader(request, self._pages, found)
        token = request.path_params["token"]
        return page(request, self._pages, name, leaver=found, token=token, reasons=tuple(WhyLeft), **values)


def _origin(request: Request, how: str) -> Origin:
    return Origin(how=how, network=network_of(request))
