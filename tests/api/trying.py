"""Schemathesis against the sign-up for programs: a running server, a real store, no limits to how often it is asked."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from digest.web.site.application import application
from digest.web.site.server import server_of
from tests.unit.web.site.house import House, open_house

NO_LIMITS = "[sign_up]\n" + "".join(
    f"{limit} = 1000000\n" for limit in ("letters_per_address", "per_network", "per_hour", "per_day")
)
_PATIENCE = 60.0  # seconds
_CONFIG = """
[checks.positive_data_acceptance]
# What looks like an address need not be one that a letter can be sent to.
expected-statuses = [200, 202, 422]
"""


@contextmanager
def served(folder: Path) -> Iterator[tuple[House, str]]:
    """A publication's pages, and where they are."""
    with open_house(folder, NO_LIMITS) as house, socket.create_server(("127.0.0.1", 0)) as listener:
        server = server_of(application(house.pages), ())
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield house, f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(_PATIENCE)


def tried(place: str, folder: Path, *, examples: int, phases: str, seed: int) -> subprocess.CompletedProcess[str]:
    """What schemathesis says of the pages at that place; it ends with 0 when it has found nothing."""
    config = folder / "schemathesis.toml"
    config.write_text(_CONFIG, encoding="utf-8")
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run"]
    options = [f"--max-examples={examples}", f"--seed={seed}", "--continue-on-failure", "--no-color"]
    where = [f"{place}/api/openapi.json", f"--url={place}", f"--phases={phases}"]
    return subprocess.run([*command, *where, *options], cwd=folder, capture_output=True, text=True, check=False)
