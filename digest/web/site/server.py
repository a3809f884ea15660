"""The server of the readers' pages: one process behind a reverse proxy, until a signal comes."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence

import uvicorn
from starlette.types import ASGIApp

from digest.errors import ConfigurationError
from digest.office.pages import Pages
from digest.web.site.application import application
from digest.web.site.patience import PatientProtocol

_TIME_TO_END = 5  # seconds
_HEAD_SECONDS = 10
_LONGEST_HEAD = 16_384  # bytes
_MOST_CONNECTIONS = 500
"""More get 503 at once. Systems commonly let a process open 1024 files."""


def serve(pages: Pages, *, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serves the pages; gives `announce` their address once the port is ours. Port 0 is any that is free. Raises
    ConfigurationError when the port cannot be had."""
    listener = _listening(host, port)
    announce(f"http://{host}:{listener.getsockname()[1]}{pages.root}")
    with listener:
        server_of(application(pages), pages.settings.readers.serve.proxies).run(sockets=[listener])


def server_of(inner: ASGIApp, proxies: Sequence[str], *, head_seconds: int = _HEAD_SECONDS) -> uvicorn.Server:
    """The server, not yet running. `proxies` are believed when they name a visitor; `head_seconds` are how long a
    connection may be open without having brought the whole head of a request."""
    return uvicorn.Server(
        uvicorn.Config(
            inner,
            http=PatientProtocol,
            ws="none",
            loop="asyncio",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            # Behind a proxy every visitor would seem to come from one network. Nobody else's word is taken for it.
            proxy_headers=bool(proxies),
            forwarded_allow_ips=list(proxies),
            timeout_keep_alive=head_seconds,
            limit_concurrency=_MOST_CONNECTIONS,
            h11_max_incomplete_event_size=_LONGEST_HEAD,
            timeout_graceful_shutdown=_TIME_TO_END,
        )
    )


def _listening(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1024)
    except OSError as error:
        listener.close()
        raise ConfigurationError(
            f"{host}, port {port} cannot be had: {error.strerror}",
            hint="change serve.host or serve.port, or stop who has it",
        ) from error
    return listener
