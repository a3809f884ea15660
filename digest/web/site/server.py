"""The server of the readers' pages: one process behind a reverse proxy, until a signal comes."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn

from digest.errors import ConfigurationError
from digest.office.pages import Pages
from digest.web.site.application import application

_TIME_TO_END = 5  # seconds


def serve(pages: Pages, *, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serves the pages; gives `announce` their address once the port is ours. Port 0 is any that is free. Raises
    ConfigurationError when the port cannot be had."""
    listener, proxies = _listening(host, port), pages.settings.readers.serve.proxies
    announce(f"http://{host}:{listener.getsockname()[1]}{pages.root}")
    server = uvicorn.Server(
        uvicorn.Config(
            application(pages),
            http="h11",
            ws="none",
            loop="asyncio",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            # Behind a proxy every visitor would seem to come from one network. Nobody else's word is taken for it.
            proxy_headers=bool(proxies),
            forwarded_allow_ips=list(proxies),
            timeout_graceful_shutdown=_TIME_TO_END,
        )
    )
    with listener:
        server.run(sockets=[listener])


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
