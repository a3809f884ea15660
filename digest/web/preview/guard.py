"""Who may see the preview: the browser on this machine that was given the token, and nobody else.

A page from elsewhere reaches a server on loopback through the browser: by a name that it makes point here (so Host must
be ours), by posting (so Origin must be ours, and the token stand in a header that only our page can set), by embedding
(so nobody may frame us). Other users of the machine lack the token.
"""

from __future__ import annotations

import hmac
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOKEN_HEADER = "x-digest-token"  # noqa: S105  # its name
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data: http: https:; base-uri 'self'; "
    "form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)
_ON_ALL = {
    "content-security-policy": PAGE_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Guard:
    """Lets requests through that come from our own page, and puts the headers that keep it ours on every answer."""

    def __init__(self, inner: ASGIApp, *, token: str, port: int) -> None:
        self.inner, self.token, self.port = inner, token, port
        self.cookie = f"digest-preview-{port}"  # cookies do not know ports
        self.hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        await (self.answer(scope) or self.inner)(scope, receive, _guarded(send))

    def answer(self, scope: Scope) -> Response | None:
        """What is said instead of the page; None to let the request through."""
        headers = Headers(scope=scope)
        if headers.get("host", "").lower() not in self.hosts:
            return _no("This page answers to 127.0.0.1 only.")
        if headers.get("sec-fetch-site", "none") not in {"none", "same-origin"} and scope["path"] != "/":
            return _no("Another site's page asked for this.")
        return self.of_look(scope, headers) if scope["method"] in {"GET", "HEAD"} else self.of_action(headers)

    def of_look(self, scope: Scope, headers: Headers) -> Response | None:
        """The token comes once in the address; from then on as a cookie, so that it stands in no history or log."""
        asked = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        if self.is_token(asked.pop("token", "")):
            answer = RedirectResponse(f"{scope['path']}{'?' if asked else ''}{urlencode(asked)}", status_code=303)
            answer.set_cookie(self.cookie, self.token, httponly=True, samesite="strict", path="/")
            return answer
        return (
            None if self.is_token(self.cookie_of(headers)) else _no("Open the address that `digest preview` printed.")
        )

    def of_action(self, headers: Headers) -> Response | None:
        """An action wants the token in a header too, and comes from our own page or from no page at all."""
        origin = headers.get("origin", "")
        if origin and origin.lower() not in {f"http://{host}" for host in self.hosts}:
            return _no("Another site's page asked for this.")
        return None if self.is_token(headers.get(TOKEN_HEADER, "")) else _no("The token is missing.")

    def cookie_of(self, headers: Headers) -> str:
        try:
            held = SimpleCookie(headers.get("cookie", "")).get(self.cookie)
        except CookieError:
            return ""
        return held.value if held else ""

    def is_token(self, text: str) -> bool:
        return hmac.compare_digest(text.encode(), self.token.encode())


def _no(words: str) -> Response:
    return PlainTextResponse(f"{words}\n", status_code=403)


def _guarded(send: Send) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _ON_ALL.items():
                headers.setdefault(name, value)
        await send(message)

    return guarded
