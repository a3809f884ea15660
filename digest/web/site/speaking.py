"""The language that a page is spoken in: what the address asks for, else what the browser does, else the letter's."""

from __future__ import annotations

from starlette.requests import Request

from digest.office.pages import Pages


def language_of(request: Request, pages: Pages) -> str:
    """One of `pages.languages`."""
    asked = request.query_params.get("language", "")
    if asked in pages.languages:
        return asked
    for part in request.headers.get("accept-language", "").split(","):
        code = part.partition(";")[0].strip()
        for known in (code, code.partition("-")[0]):
            if known in pages.languages:
                return known
    return pages.languages[0]
