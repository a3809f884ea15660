"""A reader's choices, by the link in every letter. Looking (GET, HEAD) changes nothing."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from digest.model.forms import Form, first
from digest.model.readers import Choice, Origin, Reader
from digest.office.choosing_page import ChoosingPage, NoReader, Unclear
from digest.office.data_page import DataPage
from digest.office.pages import Pages
from digest.web.site.forms import fields_of
from digest.web.site.lost import no_reader
from digest.web.site.speaking import language_of, page
from digest.web.site.visitor import network_of


def routes(pages: Pages) -> list[BaseRoute]:
    """Their addresses."""
    desk = _Desk(pages)
    return [Route("/p/{token}", desk.look, methods=["GET"]), Route("/p/{token}", desk.post, methods=["POST"])]


class _Desk:
    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._choosing = ChoosingPage(pages)
        self._data = DataPage(pages)

    def look(self, request: Request) -> Response:
        found = self._choosing.look(request.path_params["token"])
        return self._answer(request, found)

    async def post(self, request: Request) -> Response:
        form = await fields_of(request)
        act = self._ask_for_data if first(form, "step") == "data" else self._choose
        return await run_in_threadpool(act, request, form)

    def _ask_for_data(self, request: Request, form: Form) -> Response:
        """The answer is the same whether a letter is sent or was sent too often: the page may be somebody else's."""
        network, language = _origin(request).network, language_of(request, self._pages)
        found = self._data.ask(request.path_params["token"], network=network, language=language)
        return self._answer(request, found, asked=True)

    def _choose(self, request: Request, form: Form) -> Response:
        token = request.path_params["token"]
        try:
            found = self._choosing.choose(token, form, _origin(request))
        except Unclear as error:
            found = self._choosing.look(token)
            return self._answer(request, found, error.given, status=422, wrong=error.field)
        return self._answer(request, found, saved=True)

    def _answer(
        self,
        request: Request,
        found: Reader | NoReader,
        given: Choice | None = None,
        *,
        status: int = 200,
        **values: Any,
    ) -> Response:
        if isinstance(found, NoReader):
            return no_reader(request, self._pages, found)
        ticked = given.sections if given else self._choosing.sections(found.choice)
        return page(
            request,
            self._pages,
            "choices.html",
            status=status,
            reader=found,
            given=given or found.choice,
            ticked=ticked,
            options=self._choosing.options,
            token=request.path_params["token"],
            leave=self._choosing.leave_token(found),
            **values,
        )


def _origin(request: Request) -> Origin:
    return Origin(how="page", network=network_of(request))
