"""A server before a site that lets a test act between two requests: what it answers is the site's, with its own address
in place of the site's in headers and bodies."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

Before = Callable[[str, int], None]
"""Gets the address of a request, and which of its kind it is: REST's lists of posts and all others count from 1."""

_NOT_OURS = {"transfer-encoding", "connection", "content-length", "host", "date", "server"}
POSTS = "/wp-json/wp/v2/posts?"


class Proxy:
    def __init__(self, url: str, before: Before = lambda path, count: None) -> None:
        self._site = url.removeprefix("http://")
        self._before = before
        self.asked: list[str] = []
        self.moved: dict[str, str] = {}
        """Addresses that answer 301, and where they lead."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._address = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self._address}"

    def __enter__(self) -> Proxy:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                proxy.asked.append(self.path)
                if self.path in proxy.moved:
                    self.send_response(301)
                    self.send_header("Location", proxy.url + proxy.moved[self.path])
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                same_kind = [path for path in proxy.asked if path.startswith(POSTS) == self.path.startswith(POSTS)]
                proxy._before(self.path, len(same_kind))
                self._pass_on()

            def _pass_on(self) -> None:
                site = http.client.HTTPConnection(proxy._site, timeout=60)
                headers = {name: value for name, value in self.headers.items() if name.lower() not in _NOT_OURS}
                site.request("GET", self.path, headers={**headers, "Host": proxy._site, "Accept-Encoding": "identity"})
                answer = site.getresponse()
                body = answer.read().replace(proxy._site.encode(), proxy._address.encode())
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in _NOT_OURS:
                        self.send_header(name, value.replace(proxy._site, proxy._address))
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                site.close()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                pass

        return Handler
