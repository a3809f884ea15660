"""The sign-up: its page, the same for a frame of another site, plain forms of other sites, and the link that confirms.

Looking (GET, HEAD) changes nothing: what follows every link of a letter puts nobody on the list.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from digest.model.back_issues import BackIssue
from digest.model.forms import Form, first
from digest.office.pages import Pages
from digest.office.signing_up import HONEYPOT, Given, Outcome, SigningUp, Visit
from digest.web.site.forms import fields_of
from digest.web.site.guard import PAGE_POLICY
from digest.web.site.speaking import language_of, page
from digest.web.site.visitor import network_of, page_of

_STATUS = {Outcome.ASKED: 200, Outcome.CLOSED: 404, Outcome.NETWORK_FULL: 429, Outcome.ALL_FULL: 503}
_UNCLEAR = 422


def routes(pages: Pages) -> list[BaseRoute]:
    """Their addresses."""
    desk = _Desk(pages)
    return [
        Route("/", desk.look, methods=["GET"]),
        Route("/", desk.post, methods=["POST"]),
        Route("/embed", desk.look, methods=["GET"]),
        Route("/embed", desk.post, methods=["POST"]),
        Route("/confirm/{token}", desk.look_at_link, methods=["GET"]),
        Route("/confirm/{token}", desk.confirm, methods=["POST"]),
        Route("/privacy", desk.privacy, methods=["GET"]),
    ]


class _Desk:
    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._signing_up = SigningUp(pages)

    def look(self, request: Request) -> Response:
        return self._form(request, None)

    async def post(self, request: Request) -> Response:
        form = await fields_of(request)
        return await run_in_threadpool(self._ask, request, form)

    def look_at_link(self, request: Request) -> Response:
        asked = self._signing_up.look(request.path_params["token"])
        if asked is None:
            return page(request, self._pages, "confirm-late.html", status=410)
        return page(request, self._pages, "confirm.html", asked=asked, token=request.path_params["token"])

    def confirm(self, request: Request) -> Response:
        if not self._signing_up.confirm(request.path_params["token"]):
            return page(request, self._pages, "confirm-late.html", status=410)
        next_issue = self._signing_up.next_issue()
        return page(request, self._pages, "confirmed.html", next_issue=next_issue, latest=self._latest())

    def privacy(self, request: Request) -> Response:
        return page(request, self._pages, "privacy.html", measured=self._signing_up.measures_reading)

    def _ask(self, request: Request, form: Form) -> Response:
        given = self._signing_up.ask(form, self._visit(request, form))
        if given.outcome is not Outcome.ASKED:
            return self._form(request, given)
        again = [(name, text) for name, texts in form.items() if name in _ASKED_FOR for text in texts]
        return self._page(request, "asked.html", given=given, again=again, action=request.url.path)

    def _form(self, request: Request, given: Given | None) -> Response:
        is_framed = _is_framed(request)
        terms = self._signing_up.terms(language_of(request, self._pages))
        return self._page(
            request,
            "sign-up.html",
            status=200 if given is None else _STATUS.get(given.outcome, _UNCLEAR),
            given=given or Given(outcome=Outcome.ASKED if self._signing_up.is_open else Outcome.CLOSED),
            sections=self._signing_up.sections,
            ticked=given.choice.sections if given and given.choice.sections else self._signing_up.sections,
            consent=terms.words,
            honeypot=HONEYPOT,
            latest=None if is_framed else self._latest(),
            measured=self._signing_up.measures_reading,
            token=self._signing_up.form_token(terms, page_of(request) if is_framed else "", is_short=is_framed),
        )

    def _latest(self) -> BackIssue | None:
        """The issue that was sent last, for whoever wants to see what they would get."""
        return next(iter(self._pages.back_issues.catalogue().issues), None)

    def _page(self, request: Request, name: str, *, status: int = 200, **values: object) -> Response:
        is_framed = _is_framed(request)
        framers = " ".join(self._signing_up.sites) or "'none'"
        policy = PAGE_POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {framers}")
        headers = {"content-security-policy": policy} if is_framed else {}
        return page(request, self._pages, name, status=status, headers=headers, framed=is_framed, **values)

    def _visit(self, request: Request, form: Form) -> Visit:
        is_ours = not _is_framed(request) and bool(first(form, "token"))
        return Visit(
            how="page" if is_ours else "form",
            network=network_of(request),
            page=self._pages.settings.publication.web if is_ours else page_of(request),
            language=language_of(request, self._pages),
        )


_ASKED_FOR = ("address", "name", "section", "rhythm", "language", "token")


def _is_framed(request: Request) -> bool:
    return request.url.path.endswith("/embed")
