"""The server of the readers' pages, behind a reverse proxy, until a signal comes: one process, or several."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from digest.errors import ConfigurationError
from digest.office.pages import Pages
from digest.reader_settings import ServeSettings
from digest.settings import Settings
from digest.web.site.application import application
from digest.web.site.patience import PatientProtocol

_TIME_TO_END = 5  # seconds
_HEAD_SECONDS = 10
_MOST_CONNECTIONS = 500
"""More get 503 at once. Systems commonly let a process open 1024 files."""


def serve(pages: Pages, place: ServeSettings, *, announce: Callable[[str], None]) -> None:
    """Serves the pages at `place`; gives `announce` their address once the port is ours. Port 0 is any that is free.
    Raises ConfigurationError when the port cannot be had."""
    listener = _listening(place.host, place.port)
    announce(f"http://{place.host}:{listener.getsockname()[1]}{pages.root}")
    with listener:
        if place.processes > 1:
            # This process has the letters to send, and looks after the others: who dies is started anew.
            config = _config(Opening(pages.settings), place.proxies, processes=place.processes)
            Multiprocess(config, [listener]).run()
        else:
            server_of(application(pages), place.proxies).run(sockets=[listener])


@dataclass(frozen=True, slots=True)
class Opening:
    """Opens the pages in a process of their own, until the one that started it is gone."""

    settings: Settings

    def __call__(self) -> ASGIApp:
        from digest import app, clock

        threading.Thread(target=_end_with_parent, daemon=True).start()
        # Whoever started this process closes the store last, and with that puts its log away.
        return application(app.open_pages(self.settings, clock.now).__enter__())


def server_of(
    inner: ASGIApp,
    proxies: Sequence[str],
    *,
    head_seconds: int = _HEAD_SECONDS,
    most_connections: int = _MOST_CONNECTIONS,
) -> uvicorn.Server:
    """The server, not yet running. `proxies` are believed when they name a visitor; `head_seconds` are how long a
    connection may be open without having brought the whole head of a request."""
    return uvicorn.Server(_config(inner, proxies, head_seconds=head_seconds, most_connections=most_connections))


def _config(
    inner: ASGIApp | Opening,
    proxies: Sequence[str],
    *,
    head_seconds: int = _HEAD_SECONDS,
    most_connections: int = _MOST_CONNECTIONS,
    processes: int = 1,
) -> uvicorn.Config:
    return uvicorn.Config(
        inner,
        factory=isinstance(inner, Opening),
        workers=processes,
        http=PatientProtocol,
        ws="none",
        loop="uvloop",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        # Behind a proxy every visitor would seem to come from one network. Nobody else's word is taken for it.
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        timeout_keep_alive=head_seconds,
        limit_concurrency=most_connections // processes,
        timeout_graceful_shutdown=_TIME_TO_END,
    )


def _end_with_parent() -> None:
    """A server that nobody looks after any more would keep the port from the next one."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


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
