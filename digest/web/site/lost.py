"""Links of letters that lead to nobody: what a visitor is told, and what they can do."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from digest.office.pages import Pages
from digest.office.reader_links import NoReader
from digest.web.site.speaking import page

_STATUS = {NoReader.TEST: 200, NoReader.UNKNOWN: 404, NoReader.BUSY: 503}
_AGAIN = "60"  # seconds


def no_reader(request: Request, pages: Pages, found: NoReader) -> Response:
    """The page that says so."""
    status = _STATUS[found]
    headers = {"retry-after": _AGAIN} if found is NoReader.BUSY else {}
    return page(request, pages, "lost.html", status=status, headers=headers, found=found.name.lower())
