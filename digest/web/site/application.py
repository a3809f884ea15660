"""The readers' pages as one application: each of its modules gives its routes, the guard stands before all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from digest.errors import DigestError
from digest.office.pages import Pages
from digest.web.site import back_issues, choices, hooks, leaving, own_data, sign_up_api, signing_up
from digest.web.site.guard import Bounds, Guard
from digest.web.site.speaking import page

BOUNDS = Bounds(larger={hooks.SENDGRID: hooks.LONGEST})

_AT_ONCE = 3
"""Pages that are written at the same time. With more (Starlette has 40) the threads of a busy server get in each
other's way, as `python -m bench.pages` shows."""


def application(pages: Pages, bounds: Bounds = BOUNDS) -> Guard:
    """The whole application. It answers under the path of `web.address`, and at the root for proxies that strip it."""
    routes: list[BaseRoute] = _routes(pages)
    places: list[BaseRoute] = [Mount(pages.root.rstrip("/"), routes=routes)] if pages.root != "/" else []

    def missing(request: Request, error: Exception) -> Response:
        status, headers = (error.status_code, error.headers) if isinstance(error, HTTPException) else (500, None)
        return page(request, pages, "trouble.html", status=status, headers=headers)

    inner = Starlette(
        lifespan=_few_threads,
        routes=[*places, *routes],
        exception_handlers={HTTPException: missing, DigestError: missing, Exception: missing},
    )
    return Guard(inner, bounds)


@asynccontextmanager
async def _few_threads(_: Starlette) -> AsyncIterator[None]:
    to_thread.current_default_thread_limiter().total_tokens = _AT_ONCE
    yield


def _routes(pages: Pages) -> list[BaseRoute]:
    """Each module's routes; a module is a function of the pages."""
    return [
        Route("/style-{mark}.css", partial(_style_sheet, pages)),
        *leaving.routes(pages),
        *choices.routes(pages),
        *own_data.routes(pages),
        *(_for_strangers(pages) if pages.takes_sign_ups else ()),
        *hooks.routes(pages),
        *back_issues.routes(pages),
    ]


def _for_strangers(pages: Pages) -> list[BaseRoute]:
    return [*signing_up.routes(pages), *sign_up_api.routes(pages)]


def _style_sheet(pages: Pages, request: Request) -> Response:
    """The sheet as it is now. Under its own name it never changes; an older name comes from a page that was kept."""
    sheet = pages.style_sheet()
    is_named = request.url.path.endswith(sheet.name)
    kept = "public, max-age=31536000, immutable" if is_named else "public, max-age=60"
    return Response(sheet.css, media_type="text/css", headers={"cache-control": kept})
