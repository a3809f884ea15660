"""Where the letters of a crash test arrive: servers in processes of their own, which count what they got."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.crash.service_sink import THREE_HOURS
from tests.forking import REPOSITORY
from tests.postfix_sink import smtp_sink

CONNECTIONS = 4
READERS_PER_REQUEST = 50
REQUESTS = 2
HOLD = 70
"""Minutes; batches are called back until ten minutes before."""


class Sink(Protocol):
    """A server that takes letters. `most_in_doubt` is how many one killed sender can leave in doubt. One that `holds`
    letters calls ten batches back at a time, and has to be given time between."""

    @property
    def most_in_doubt(self) -> int: ...

    @property
    def holds(self) -> bool: ...

    def delivery(self) -> str:
        """The lines of `[delivery]` in digest.toml that lead to it."""

    def runner(self) -> tuple[str, ...]:
        """What `tests.crash.victim` has to be told for a sender that goes with it."""

    def received(self) -> Counter[str]:
        """How many letters each address got so far."""

    def let_time_pass(self) -> None:
        """Lets everything arrive that is still under way."""


def _smtp(port: int, more: str = "") -> str:
    return f"""provider = "smtp"
retry_after = 0.002
{more}
[delivery.smtp]
host = "127.0.0.1"
port = {port}
security = "none"
connections = {CONNECTIONS}
"""


@dataclass(frozen=True, slots=True)
class MailSink:
    """`tests.crash.mail_sink`, by its port and its log. `more` are further lines of the table `[delivery]`."""

    port: int
    log: Path
    more: str = ""
    most_in_doubt: int = CONNECTIONS
    holds: bool = False

    def delivery(self) -> str:
        return _smtp(self.port, self.more)

    def runner(self) -> tuple[str, ...]:
        return ()

    def received(self) -> Counter[str]:
        return Counter(self.log.read_text(encoding="utf-8").split()) if self.log.exists() else Counter()

    def let_time_pass(self) -> None:
        """A letter is there once it is answered."""


@contextmanager
def mail_sink(
    *, aiosmtpd: bool = False, delay: float = 0, refuse: float = 0, cut_every: int = 0, more: str = ""
) -> Iterator[MailSink]:
    """A mail server as its own process; see `tests.crash.mail_sink` for what it can be told."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "letters"
        options = ["--log", str(log), "--delay", str(delay), "--refuse", str(refuse), "--cut-every", str(cut_every)]
        with _module("tests.crash.mail_sink", *options, *(["--aiosmtpd"] if aiosmtpd else [])) as (port, _):
            yield MailSink(port, log, more)


@dataclass(frozen=True, slots=True)
class PostfixSink:
    """Postfix's smtp-sink, by its port and the folder in which it puts each letter."""

    port: int
    letters: Path
    most_in_doubt: int = CONNECTIONS
    holds: bool = False

    def delivery(self) -> str:
        return _smtp(self.port)

    def runner(self) -> tuple[str, ...]:
        return ()

    def received(self) -> Counter[str]:
        return Counter(filter(None, map(_reader_of, self.letters.iterdir())))

    def let_time_pass(self) -> None:
        """A letter is there once it is answered."""


def _reader_of(letter: Path) -> str:
    """Whose letter it is; nobody's if its end is missing: the sink keeps the beginning of one that broke off, too."""
    content = letter.read_bytes()
    start = content.find(b"X-Rcpt-Args: <") + len(b"X-Rcpt-Args: <")
    return content[start : content.index(b">", start)].decode() if content.rstrip().endswith(b"--") else ""


@contextmanager
def postfix_sink() -> Iterator[PostfixSink]:
    with smtp_sink() as (port, letters):
        yield PostfixSink(port, letters)


@dataclass(slots=True)
class ServiceSink:
    """`tests.crash.service_sink`, by its port, its log and its process id."""

    port: int
    log: Path
    process: int
    most_in_doubt: int = REQUESTS * READERS_PER_REQUEST
    holds: bool = True
    _ahead: float = 0.0

    def delivery(self) -> str:
        return f"""provider = "sendgrid"
hold = {HOLD}
[delivery.sendgrid]
address = "http://127.0.0.1:{self.port}"
readers_per_request = {READERS_PER_REQUEST}
at_once = {REQUESTS}
"""

    def runner(self) -> tuple[str, ...]:
        return ("--later", str(self._ahead))

    def received(self) -> Counter[str]:
        lines = self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []
        return Counter(line.split("\t")[0] for line in lines)

    def let_time_pass(self) -> None:
        self._ahead += THREE_HOURS
        os.kill(self.process, signal.SIGUSR1)
        while self._summary()["held"]:
            time.sleep(0.05)

    def _summary(self) -> dict[str, int]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/__summary", timeout=30) as answer:
            summary: dict[str, int] = json.load(answer)
        return summary


@contextmanager
def service_sink(*, delay: float = 0, cut_every: int = 0) -> Iterator[ServiceSink]:
    """The local SendGrid as its own process; see `tests.crash.service_sink`."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "letters"
        options = ["--log", str(log), "--delay", str(delay), "--cut-every", str(cut_every)]
        with _module("tests.crash.service_sink", *options) as (port, process):
            yield ServiceSink(port, log, process)


@contextmanager
def _module(name: str, *options: str) -> Iterator[tuple[int, int]]:
    """A server of ours as a process; gives its port and its process id."""
    command: Sequence[str] = (sys.executable, "-m", name, *options)
    process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline()), process.pid
    finally:
        process.kill()
        process.wait()
