"""The routes of the back issues: lists, issues as they were sent, their pictures, the search, feeds, for robots."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from digest.office.back_issue_pages import BackIssuePages, Made, Speech
from digest.office.pages import Pages
from digest.web.site.conditional import answer
from digest.web.site.speaking import language_of

LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'none'; base-uri 'none';"
    " frame-ancestors 'none'"
)
"""A letter brings its styles with it, and nothing else."""

_YEAR, _MONTH = re.compile(r"\d{4}", re.ASCII), re.compile(r"\d{2}", re.ASCII)
_A_MINUTE, _FIVE_MINUTES, _FOR_EVER = "public, max-age=60", "public, max-age=300", "public, max-age=31536000, immutable"
_KINDS = {"jpg": "image/jpeg", "png": "image/png"}


def routes(pages: Pages) -> list[BaseRoute]:
    """Everything under `issues/`, the sitemap and `robots.txt`."""
    back = BackIssues(BackIssuePages(pages), pages)
    # Letters name the root of the pages. Where nobody can sign up there, it leads to the list.
    root = [] if pages.takes_sign_ups else [Route("/", back.onward)]
    return [
        *root,
        Route("/issues/", back.first),
        Route("/issues/latest/", back.latest),
        Route("/issues/search", back.search),
        Route("/issues/feed.xml", lambda request: _fixed(request, back.made.rss)),
        Route("/issues/feed.json", lambda request: _fixed(request, back.made.json_feed)),
        Route("/issues/{which}/", back.which),
        Route("/issues/{year}/{month}/", back.month),
        Route("/issues/{day}/text", back.text),
        Route("/issues/{day}/text.txt", back.text),
        Route("/issues/{day}/pictures/{name}", back.picture),
        Route("/sitemap.xml", lambda request: _fixed(request, back.made.sitemap)),
        Route("/robots.txt", lambda request: _fixed(request, back.made.robots)),
    ]


class BackIssues:
    """What is answered at each place."""

    def __init__(self, made: BackIssuePages, pages: Pages) -> None:
        self.made = made
        self._pages = pages

    def first(self, request: Request) -> Response:
        """The first page of the list."""
        speech = self._speech(request)
        return _spoken(request, self.made.first(speech), speech, _A_MINUTE)

    def latest(self, request: Request) -> Response:
        """On to the newest issue, which is another one every week."""
        known = self.made.catalogue().issues
        if not known:
            raise HTTPException(404)
        query = f"?{request.url.query}" if request.url.query else ""
        return self._onward(f"issues/{known[0].id}/{query}")

    def onward(self, _request: Request) -> Response:
        """On to the list."""
        return self._onward("issues/")

    def which(self, request: Request) -> Response:
        """A year's list, or an issue."""
        name, speech = request.path_params["which"], self._speech(request)
        if _YEAR.fullmatch(name):
            return _spoken(request, self.made.of_year(int(name), speech=speech), speech, _A_MINUTE)
        made = self.made.issue(_day(name), speech)
        return _spoken(request, made, speech, _FIVE_MINUTES, policy=LETTER_POLICY)

    def month(self, request: Request) -> Response:
        """The list from a month on backwards."""
        year, month, speech = request.path_params["year"], request.path_params["month"], self._speech(request)
        if not _YEAR.fullmatch(year) or not _MONTH.fullmatch(month):
            raise HTTPException(404)
        return _spoken(request, self.made.of_year(int(year), int(month), speech), speech, _A_MINUTE)

    def text(self, request: Request) -> Response:
        """An issue's plain text."""
        return _fixed(request, lambda: self.made.text(_day(request.path_params["day"])))

    def picture(self, request: Request) -> Response:
        """A print that is kept with an issue. Its name changes with its content."""
        name = request.path_params["name"]
        content = self.made.back_issues.picture(_day(request.path_params["day"]), name)
        if content is None:
            raise HTTPException(404)
        stem, _, ending = name.partition(".")
        return answer(request, content, _KINDS[ending], mark=stem, headers={"cache-control": _FOR_EVER})

    def search(self, request: Request) -> Response:
        """What was looked for, as a page that nobody keeps."""
        before, speech = request.query_params.get("before", ""), self._speech(request)
        made = self.made.search(request.query_params.get("q", ""), before=_day(before) if before else "", speech=speech)
        headers = {"vary": "accept-language", "content-language": speech.language}
        return Response(made.content, media_type=made.kind, headers=headers)

    def _onward(self, place: str) -> Response:
        return RedirectResponse(f"{self._pages.root}{place}", 302, {"cache-control": "no-cache"})

    def _speech(self, request: Request) -> Speech:
        chosen = request.query_params.get("language", "") in self._pages.languages
        return Speech(language=language_of(request, self._pages), chosen=chosen)


def _spoken(request: Request, made: Made | None, speech: Speech, kept: str, *, policy: str = "") -> Response:
    """A page of HTML in the visitor's language."""
    headers = {"cache-control": kept, "vary": "accept-language", "content-language": speech.language}
    return _answer(request, made, headers | ({"content-security-policy": policy} if policy else {}))


def _fixed(request: Request, make: Callable[[], Made | None]) -> Response:
    """What is the same for everybody."""
    return _answer(request, make(), {"cache-control": _FIVE_MINUTES})


def _answer(request: Request, made: Made | None, headers: dict[str, str]) -> Response:
    if made is None:
        raise HTTPException(404)
    return answer(request, made.content, made.kind, mark=made.mark, changed=made.changed, headers=headers)


def _day(text: str) -> str:
    """The name of an issue. Raises HTTPException for what cannot be one."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise HTTPException(404) from None
    if day.isoformat() != text:
        raise HTTPException(404)
    return text
