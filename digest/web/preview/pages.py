"""The preview's addresses: its page, the letter in it, what is told of it, and the two things that it can do."""

from __future__ import annotations

import asyncio
import json
import mimetypes
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from digest.errors import DigestError
from digest.model.preview import Look, Specimen, View
from digest.office.proofs import Proofs
from digest.web.preview import words
from digest.web.preview.galley import Galley, unexpected
from digest.web.preview.guard import LETTER_POLICY, Guard
from digest.web.preview.ticker import Ticker

PAGE = Path(__file__).parent / "page"
MOST_READERS = 20
MOST_OF_A_POST = 10_000  # bytes
# A link opens beside the preview, and the page's own rail stands for the scroll bar.
_IN_FRAME = '<base target="_blank"><style>html{scrollbar-width:none}</style>'
_OF_PICTURES = {
    "content-security-policy": "default-src 'none'; sandbox",
    "cache-control": "private, max-age=3600, immutable",
}
_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pages:
    """Answers for one galley. What takes time happens in threads."""

    galley: Galley
    ticker: Ticker
    token: str
    ready: Callable[[], None]
    """Called once the server answers."""

    def application(self, port: int) -> Guard:
        """The whole application, guarded."""
        routes = [
            Route("/", self.page),
            Route("/sheet", self.sheet),
            Route("/letter", self.letter),
            Route("/specimen", self.specimen),
            Route("/readers", self.readers),
            Route("/events", self.events),
            Route("/pictures/{number:int}/{path:path}", self.picture),
            Route("/test-copy", self.test_copy, methods=["POST"]),
            Route("/links", self.links, methods=["POST"]),
            Mount("/page", StaticFiles(directory=PAGE)),
        ]
        inner = Starlette(routes=routes, lifespan=self._watching, exception_handlers={DigestError: _said})
        return Guard(inner, token=self.token, port=port)

    async def page(self, request: Request) -> Response:
        text = (PAGE / "preview.html").read_text(encoding="utf-8")
        return HTMLResponse(text.replace("{{ token }}", escape(self.token)))

    async def sheet(self, request: Request) -> Response:
        sheet = self.galley.sheet
        shown = words.shown(sheet, self.galley.settings, self.galley.number) if sheet else None
        return JSONResponse({"sheet": shown, "trouble": words.trouble(self.galley.trouble)})

    def letter(self, request: Request) -> Response:
        view = View(
            look=_look(request.query_params.get("look", "")),
            pictures=request.query_params.get("pictures") != "off",
            clipped=request.query_params.get("clipped") == "on",
        )
        specimen = self._specimen(request)
        with self.galley.proofs() as proofs:
            html = proofs.page(specimen, view, partial(_picture_address, proofs))
        html = _HEAD.sub(lambda found: found.group() + _IN_FRAME, html, count=1)
        return HTMLResponse(html, headers={"content-security-policy": LETTER_POLICY})

    def specimen(self, request: Request) -> Response:
        specimen = self._specimen(request)
        return JSONResponse({"headers": specimen.headers, "text": specimen.text, "source": specimen.html})

    def readers(self, request: Request) -> Response:
        with self.galley.proofs() as proofs:
            found = proofs.readers(request.query_params.get("q", ""), MOST_READERS)
        return JSONResponse(words.readers(found))

    def picture(self, request: Request) -> Response:
        number, path = request.path_params["number"], quote(request.path_params["path"])
        with self.galley.proofs() as proofs:
            file = proofs.picture(number, path)
        kind = mimetypes.guess_type(file.name)[0] or "" if file else ""
        if file is None or not kind.startswith("image/"):
            return Response(status_code=404)
        return FileResponse(file, media_type=kind, headers=_OF_PICTURES)

    async def events(self, request: Request) -> Response:
        return StreamingResponse(self._events(), media_type="text/event-stream")

    async def test_copy(self, request: Request) -> Response:
        address = str((await _posted(request)).get("address", ""))
        return await _outcome(lambda: {"words": f"Taken: {self.galley.send_test_copy(address)}"})

    async def links(self, request: Request) -> Response:
        sheet = self.galley.sheet
        issue, readers = (sheet.proof.issue.id, sheet.readers) if sheet else ("", None)
        return await _outcome(lambda: words.preflight(self.galley.with_links(), issue, readers))

    @asynccontextmanager
    async def _watching(self, application: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(self.ticker.run())
        await run_in_threadpool(self.ready)
        yield
        watching.cancel()

    async def _events(self) -> AsyncIterator[str]:
        async for number in self.ticker.changes():
            yield f"data: {number}\n\n"

    def _specimen(self, request: Request) -> Specimen:
        sheet = self.galley.sheet
        if sheet is None:
            return Specimen(headers="", html="", text="")
        with self.galley.proofs() as proofs:
            return proofs.specimen(
                sheet.proof.issue, sheet.proof.rendered, proofs.reader(request.query_params.get("reader", ""))
            )


def _picture_address(proofs: Proofs, number: int, file: Path) -> str:
    folder = proofs.publication.picture_folders[number][1].resolve()
    # A picture that has changed has another address: the browser need not ask again for the others.
    return f"/pictures/{number}/{quote(file.relative_to(folder).as_posix())}?{file.stat().st_mtime_ns}"


def _look(text: str) -> Look:
    return Look(text) if text in set(Look) else Look.LIGHT


async def _posted(request: Request) -> dict[str, object]:
    """The object that was posted; an empty one for anything else."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_OF_A_POST:
            return {}
    try:
        posted = json.loads(body)
    except ValueError:
        return {}
    return posted if isinstance(posted, dict) else {}


async def _outcome(act: Callable[[], words.Values]) -> Response:
    """What came of an action, in words; status 409 when it could not be done."""
    try:
        return JSONResponse(await run_in_threadpool(act))
    except DigestError as error:
        return _said_of(error)
    except Exception as fault:
        return _said_of(unexpected(fault))


async def _said(request: Request, error: Exception) -> Response:
    return _said_of(error if isinstance(error, DigestError) else unexpected(error))


def _said_of(error: DigestError) -> Response:
    return JSONResponse({"trouble": words.trouble(error)}, status_code=409)
