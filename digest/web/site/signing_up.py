"""The sign-up: its page, the same for a frame of another site, plain forms of other sites, and the link that confirms.

Looking (GET, HEAD) changes nothing: what follows every link of a letter puts nobody on the list.
"""

from __future__ import annotations

from collections.abc import Hashable

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
from digest.web.site.kept import Kept
from digest.web.site.speaking import is_chosen, language_of, page, spoken, written
from digest.web.site.visitor import network_of, page_of

_STATUS = {Outcome.ASKED: 200, Outcome.CLOSED: 404, Outcome.NETWORK_FULL: 429, Outcome.ALL_FULL: 503}
_UNCLEAR = 422
_TO_COME = "b41f0c3ad2e94a7f9d60"
"""Stands for a form's token while the form is written."""


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
        self._kept = Kept()

    async def look(self, request: Request) -> Response:
        """At once, if it is written already, as most people find it."""
        if self._kept.has(self._kind(request), now=self._pages.clock()):
            return self._form(request, None)
        return await run_in_threadpool(self._form, request, None)

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
        values = {"given": given, "again": again, "action": request.url.path, "framed": _is_framed(request)}
        return self._answer(request, written(request, self._pages, "asked.html", **values))

    def _form(self, request: Request, given: Given | None) -> Response:
        """The form, as it is or as `given` shows it again. Its token is of its own moment, and so is put in last."""
        signing_up, is_framed = self._signing_up, _is_framed(request)
        terms = signing_up.terms(language_of(request, self._pages))
        status = 200 if given is None else _STATUS.get(given.outcome, _UNCLEAR)

        def write() -> str:
            return written(
                request,
                self._pages,
                "sign-up.html",
                status=status,
                framed=is_framed,
                given=given or Given(outcome=Outcome.ASKED if signing_up.is_open else Outcome.CLOSED),
                sections=signing_up.sections,
                ticked=given.choice.sections if given and given.choice.sections else signing_up.sections,
                consent=terms.words,
                honeypot=HONEYPOT,
                latest=None if is_framed else self._latest(),
                measured=signing_up.measures_reading,
                token=_TO_COME,
            )

        html = write() if given else self._kept.of(self._kind(request), write, now=self._pages.clock())
        token = signing_up.form_token(terms, page_of(request) if is_framed else "", is_short=is_framed)
        return self._answer(request, html.replace(_TO_COME, token), status)

    def _kind(self, request: Request) -> Hashable:
        """What a form that nobody has filled in depends on."""
        return language_of(request, self._pages), is_chosen(request), _is_framed(request)

    def _latest(self) -> BackIssue | None:
        """The issue that was sent last, for whoever wants to see what they would get."""
        return next(iter(self._pages.back_issues.catalogue().issues), None)

    def _answer(self, request: Request, html: str, status: int = 200) -> Response:
        is_framed = _is_framed(request)
        framers = " ".join(self._signing_up.sites) or "'none'"
        policy = PAGE_POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {framers}")
        headers = {"content-security-policy": policy} if is_framed else {}
        return spoken(request, self._pages, html, status, headers)

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
