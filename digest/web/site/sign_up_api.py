"""The sign-up for programs, as JSON: what a site's own script asks in place of a form. The door behind it is the same.

No form is seen here, so there is no field to lure robots with and no time to measure. Of these sign-ups as few are
taken from one network as of the plain forms of other sites, and the letter that confirms asks the reader themselves.
"""

from __future__ import annotations

from math import ceil

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from digest.errors import DigestError
from digest.office.pages import Pages
from digest.office.signing_up import Outcome, SigningUp, Visit
from digest.web.site.openapi import Offer, description
from digest.web.site.problems import of_exception, problem
from digest.web.site.sign_up_json import BadFields, NoJson, SignUpJson, pointer
from digest.web.site.speaking import language_of
from digest.web.site.visitor import network_of, page_of

_JSON = "application/json"
_PREFLIGHT_LASTS = 600  # seconds
_WRONG = {
    Outcome.NO_ADDRESS: "There is no address.",
    Outcome.NO_AT: "An address has a name, an @ and a domain, such as reader@example.com.",
    Outcome.NO_ENDING: "The part after the @ has no ending such as .com.",
    Outcome.BAD_ADDRESS: "No letter can be sent to such an address.",
}


def routes(pages: Pages) -> list[BaseRoute]:
    """`/api/`: an application of its own, because its troubles are told as JSON, and other sites may ask it."""
    desk = _Desk(pages)
    inside = [
        Route("/sign-up", desk.sign_up, methods=["GET", "POST"]),
        Route("/openapi.json", desk.describe, methods=["GET"]),
    ]
    others = Middleware(
        CORSMiddleware,
        allow_origins=pages.settings.readers.sign_up.sites,
        allow_methods=("GET", "POST"),
        expose_headers=("Retry-After",),
        max_age=_PREFLIGHT_LASTS,
    )
    handlers = {HTTPException: of_exception, DigestError: of_exception, Exception: of_exception}
    return [Mount("/api", app=Starlette(routes=inside, middleware=[others], exception_handlers=handlers))]


class _Desk:
    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._signing_up = SigningUp(pages)

    async def sign_up(self, request: Request) -> Response:
        if request.method != "POST":
            return await run_in_threadpool(self._offer, request)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _JSON:
            return problem(415, f"Send {_JSON}.")
        return await run_in_threadpool(self._take, request, await request.body())

    def describe(self, _request: Request) -> Response:
        signing_up, languages = self._signing_up, self._pages.languages
        offer = Offer(
            publication=self._pages.settings.publication.name,
            web=self._pages.settings.publication.web,
            sections=signing_up.sections,
            languages=languages,
            consents=tuple(signing_up.terms(code).mark for code in languages),
        )
        return JSONResponse(description(offer, SignUpJson))

    def _offer(self, request: Request) -> Response:
        asked = request.query_params.getlist("language")
        if asked and (len(asked) > 1 or asked[0] not in self._pages.languages):
            return problem(422, f"`language` is one of these: {', '.join(self._pages.languages)}.")
        language = language_of(request, self._pages)
        terms = self._signing_up.terms(language)
        told = {
            "words": terms.words,
            "language": terms.language,
            "consent": terms.mark,
            "sections": self._signing_up.sections,
            "languages": self._pages.languages,
        }
        return JSONResponse(told, headers={"vary": "accept-language", "content-language": language})

    def _take(self, request: Request, body: bytes) -> Response:
        try:
            asked = SignUpJson.read(body)
        except NoJson as error:
            return problem(400, str(error))
        except BadFields as error:
            return problem(422, faults=error.faults)
        language = self._signing_up.agreed(asked.consent)
        faults = [*asked.unknown(sections=self._signing_up.sections, languages=self._pages.languages)]
        if language is None:
            faults.append((pointer("consent"), "These are not the words that we say now. Ask for them again."))
        if language is None or faults:
            return problem(422, faults=faults)
        visit = Visit(how="api", network=network_of(request), page=page_of(request), language=language)
        return self._answer(self._signing_up.ask(asked.form(), visit).outcome)

    def _answer(self, outcome: Outcome) -> Response:
        """The same for every address that a letter can go to."""
        if outcome is Outcome.ASKED:
            return JSONResponse({"status": "check_your_mail"}, 202)
        if outcome in _WRONG:
            return problem(422, faults=[(pointer("address"), _WRONG[outcome])])
        headers = {"retry-after": str(ceil(self._signing_up.again_in().total_seconds()))}
        if outcome is Outcome.NETWORK_FULL:
            return problem(429, "There were many sign-ups from this network within the hour.", headers=headers)
        return problem(503, "No sign-up can be taken at the moment.", headers=headers)
