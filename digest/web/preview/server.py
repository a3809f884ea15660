"""The preview's server: on loopback, for as long as the command runs."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable
from contextlib import closing

import uvicorn

from digest.errors import ConfigurationError
from digest.web.preview.galley import Galley
from digest.web.preview.pages import Pages
from digest.web.preview.ticker import Ticker

LOOPBACK = "127.0.0.1"
_TOKEN_BYTES = 24
_TIME_TO_END = 2  # seconds


def serve(
    galley: Galley, *, port: int = 0, announce: Callable[[str], None], ended: Callable[[], bool] = lambda: False
) -> None:
    """Serves the galley until a signal comes or `ended` says so; gives `announce` the address, token and all, once it
    answers. Port 0 is any that is free. Raises ConfigurationError when the port cannot be had."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    with closing(_listening(port)) as listener:
        taken = listener.getsockname()[1]
        address = f"http://{LOOPBACK}:{taken}/?token={token}"
        server = _Server(ended)
        # Announced from inside the server, when signals are its own: an early Ctrl-C ends it as quietly as a late one.
        pages = Pages(galley, Ticker(galley, server.is_to_end), token, lambda: announce(address))
        server.run(pages, taken, listener)


class _Server:
    """uvicorn, and how the streams that never end are told that it is to end."""

    def __init__(self, ended: Callable[[], bool]) -> None:
        self.ended = ended
        self.uvicorn: uvicorn.Server

    def run(self, pages: Pages, port: int, listener: socket.socket) -> None:
        self.uvicorn = uvicorn.Server(
            uvicorn.Config(
                pages.application(port),
                http="h11",
                ws="none",
                loop="asyncio",
                log_config=None,
                log_level="critical",  # what goes wrong is said in the page
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=_TIME_TO_END,
            )
        )
        self.uvicorn.run(sockets=[listener])

    def is_to_end(self) -> bool:
        if self.ended():
            self.uvicorn.should_exit = True
        return self.uvicorn.should_exit


def _listening(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise ConfigurationError(
            f"port {port} cannot be had: {error.strerror}", hint="give another --port, or none for any that is free"
        ) from error
    return listener
