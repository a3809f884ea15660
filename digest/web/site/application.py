"""The readers' pages as one application: each of its modules gives its routes, the guard stands before all of them."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from digest.errors import DigestError
from digest.office.pages import Pages
from digest.web.site import hooks
from digest.web.site.guard import Guard
from digest.web.site.speaking import language_of


def application(pages: Pages) -> Guard:
    """The whole application. It answers under the path of `web.address`, and at the root for proxies that strip it."""
    routes: list[BaseRoute] = _routes(pages)
    places: list[BaseRoute] = [Mount(pages.root.rstrip("/"), routes=routes)] if pages.root != "/" else []

    def missing(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return HTMLResponse(
            pages.write("trouble.html", language=language_of(request, pages), status=status), status_code=status
        )

    inner = Starlette(
        routes=[*places, *routes], exception_handlers={HTTPException: missing, DigestError: missing, Exception: missing}
    )
    return Guard(inner)


def _routes(pages: Pages) -> list[BaseRoute]:
    """Each module's routes; a module is a function of the pages."""
    return [Route("/style.css", lambda request: _style_sheet(pages)), *hooks.routes(pages)]


def _style_sheet(pages: Pages) -> Response:
    return Response(pages.write("style.css"), media_type="text/css", headers={"cache-control": "max-age=3600"})
