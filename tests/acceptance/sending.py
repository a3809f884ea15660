"""`digest send` as a process of its own, through a mail server."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

from tests.acceptance.publication import Publication
from tests.contract.deliver.servers import ScriptedServer


def through_smtp(port: int) -> dict[str, str]:
    """The environment that has letters leave through a mail server of this machine."""
    return {
        "DIGEST_DELIVERY_PROVIDER": "smtp",
        "DIGEST_DELIVERY_SMTP_HOST": "127.0.0.1",
        "DIGEST_DELIVERY_SMTP_PORT": str(port),
        "DIGEST_DELIVERY_SMTP_SECURITY": "none",
    }


def sender_of(publication: Publication, *options: str, **environment: str) -> subprocess.Popen[bytes]:
    """A sender at work, which nobody asks anything."""
    return subprocess.Popen(
        [sys.executable, "-m", "digest", "send", "--yes", *options],
        cwd=publication.folder,
        env=publication.environment(**environment),
    )


def until_whole(server: ScriptedServer, letters: int, sender: subprocess.Popen[bytes]) -> None:
    """Waits until so many letters have come, while the sender lives."""
    while len(server.whole) < letters:
        assert sender.poll() is None
        time.sleep(0.02)


def killed_with_the_fourth_on_the_wire(publication: Publication, *options: str) -> None:
    """Sends until three letters were answered and the fourth was not, and then kills the sender."""
    with ScriptedServer(
        lambda moment, times: (time.sleep(60) or "") if (moment, times) == ("END", 4) else ""
    ) as server:
        sender = sender_of(publication, *options, **through_smtp(server.port))
        until_whole(server, 4, sender)
        sender.send_signal(signal.SIGKILL)
        sender.wait(10)
