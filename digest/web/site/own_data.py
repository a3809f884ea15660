"""A reader's own data, by the link of a letter that they asked for. Looking (GET, HEAD) changes nothing."""

from __future__ import annotations

import json
import logging

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from digest.errors import DigestError
from digest.model.forms import Form, first
from digest.office.data_page import DataPage, Erased, NoData
from digest.office.pages import Pages
from digest.web.site.forms import fields_of
from digest.web.site.speaking import language_of, page

_log = logging.getLogger(__name__)
_GONE = 410
_UNDERSTOOD = "yes"
"""What the box says that must be ticked before anybody is erased. Whatever else stands there was not ticked by them."""
_HIDDEN = {"x-robots-tag": "noindex"}
_PAGES = {NoData.LATE: "data-late.html", NoData.ERASED: "erased.html"}


def routes(pages: Pages) -> list[BaseRoute]:
    """Their addresses."""
    desk = _Desk(pages)
    return [
        Route("/data/{token}", desk.look, methods=["GET"]),
        Route("/data/{token}/download", desk.download, methods=["GET"]),
        Route("/data/{token}/erase", desk.post, methods=["POST"]),
    ]


class _Desk:
    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._data = DataPage(pages)

    def look(self, request: Request) -> Response:
        return self._shown(request)

    def download(self, request: Request) -> Response:
        """The same as JSON, to be saved as a file."""
        found = self._data.look(request.path_params["token"])
        if isinstance(found, NoData):
            return self._none(request, found)
        headers = {**_HIDDEN, "content-disposition": 'attachment; filename="my-data.json"'}
        written = json.dumps(dict(found), ensure_ascii=False, indent=2) + "\n"
        return Response(written, media_type="application/json", headers=headers)

    async def post(self, request: Request) -> Response:
        form = await fields_of(request)
        return await run_in_threadpool(self._erase, request, form)

    def _erase(self, request: Request, form: Form) -> Response:
        if first(form, "understood") != _UNDERSTOOD:
            return self._shown(request, status=422, wrong=True)
        try:
            done = self._data.erase(request.path_params["token"])
        except DigestError as error:
            # Nobody but the operator can see to it, and nobody else would tell them.
            _log.error("a reader is not erased as a whole: %s. %s", error, error.hint)
            raise
        if isinstance(done, Erased):
            return page(request, self._pages, "erased.html", headers=_HIDDEN, done=done)
        return self._none(request, done)

    def _shown(self, request: Request, *, status: int = 200, wrong: bool = False) -> Response:
        found = self._data.look(request.path_params["token"])
        if isinstance(found, NoData):
            return self._none(request, found)
        return page(
            request,
            self._pages,
            "data.html",
            status=status,
            headers=_HIDDEN,
            told=found,
            day=self._data.days(language_of(request, self._pages)),
            token=request.path_params["token"],
            wrong=wrong,
        )

    def _none(self, request: Request, found: NoData) -> Response:
        return page(request, self._pages, _PAGES[found], status=_GONE, headers=_HIDDEN)
