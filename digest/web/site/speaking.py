"""The language that a page is spoken in: what the address asks for, else what the browser does, else the letter's."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse

from digest.office.pages import Pages


def page(
    request: Request,
    pages: Pages,
    name: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: object,
) -> HTMLResponse:
    """The answer with the page `name` in the visitor's language."""
    return spoken(request, pages, written(request, pages, name, status=status, **values), status, headers)


def written(request: Request, pages: Pages, name: str, **values: object) -> str:
    """The page `name` in the visitor's language."""
    return pages.write(name, language=language_of(request, pages), chosen=is_chosen(request), **values)


def spoken(
    request: Request, pages: Pages, html: str, status: int = 200, headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """The answer with a page that is written already."""
    language = language_of(request, pages)
    return HTMLResponse(html, status, {"vary": "accept-language", "content-language": language, **(headers or {})})


def is_chosen(request: Request) -> bool:
    """Whether the address names a language: then the page's links keep it."""
    return "language" in request.query_params


def language_of(request: Request, pages: Pages) -> str:
    """One of `pages.languages`."""
    asked = request.query_params.get("language", "")
    return asked if asked in pages.languages else _preferred(request.headers.get("accept-language", ""), pages)


def _preferred(header: str, pages: Pages) -> str:
    """The first language of Accept-Language that we have; of `de-AT` also `de`. Browsers write them in their order."""
    for part in header.split(","):
        code = part.partition(";")[0].strip()
        for known in (code, code.partition("-")[0]):
            if known in pages.languages:
                return known
    return pages.languages[0]
