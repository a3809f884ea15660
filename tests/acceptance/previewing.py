"""A preview that runs: the real command in a process of its own, what it answers, and a browser that looks at it."""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from digest import clock
from digest.config.load import load
from digest.model import Preflight
from digest.web.preview.chromium import Tab
from digest.web.preview.galley import Galley
from digest.web.preview.server import serve
from tests.acceptance.publication import Publication

PATIENCE = 30.0  # seconds, for what takes a fraction of one


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Where a preview answers, and its token."""

    port: int
    token: str

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/?token={self.token}"

    def ask(self, path: str, method: str = "GET", body: object = None, **headers: str) -> Answer:
        """One request as it is, with no header but those given (`_` for `-`)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body=json.dumps(body) if body is not None else None, headers=named)
            answer = connection.getresponse()
            fields = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(status=answer.status, headers=fields, body=answer.read())
        finally:
            connection.close()

    def get(self, path: str) -> Answer:
        """As the page that has the cookie."""
        return self.ask(path, Cookie=f"digest-preview-{self.port}={self.token}")

    def post(self, path: str, body: object = None) -> Answer:
        return self.ask(path, "POST", body or {}, X_Digest_Token=self.token)


@contextmanager
def command(publication: Publication, *arguments: str) -> Iterator[tuple[Preview, subprocess.Popen[str]]]:
    """`digest preview`, until it is interrupted; it must end quietly then."""
    process = subprocess.Popen(
        [sys.executable, "-m", "digest", "preview", "--no-open", *arguments],
        cwd=publication.folder,
        env=publication.environment(PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield _preview(_printed(process)), process
    finally:
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, told
    assert told == ""


def _printed(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    assert process.stderr
    for line in process.stdout:
        if "http://" in line:
            return line
    raise AssertionError(process.stderr.read())


def _preview(address: str) -> Preview:
    found = re.search(r"http://127\.0\.0\.1:(\d+)/\?token=(\S+)", address)
    assert found, address
    return Preview(port=int(found[1]), token=found[2])


@contextmanager
def served(publication: Publication, found: Preflight) -> Iterator[Preview]:
    """The same page in a thread of this process, with a preflight made by hand."""
    path = publication.folder / "digest.toml"
    galley = Galley(lambda: load(path, {}), clock.now, examine=lambda proofs, issue, links: found)
    galley.refresh()
    assert galley.trouble is None
    told: list[str] = []
    over = threading.Event()
    thread = threading.Thread(target=lambda: serve(galley, announce=told.append, ended=over.is_set))
    thread.start()
    try:
        until(lambda: bool(told))
        yield _preview(told[0])
    finally:
        over.set()
        thread.join(PATIENCE)
        galley.close()


def until(holds: Callable[[], object]) -> None:
    """Waits until it is so."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.02)


@dataclass(frozen=True, slots=True)
class Page:
    """The preview's page in a browser, asked in the words of its own document."""

    tab: Tab

    def open(self, preview: Preview, *, width: int = 1280, height: int = 900, dark: bool = False) -> None:
        self.tab.resize(width, height, dark=dark)
        calm = {"name": "prefers-reduced-motion", "value": "reduce"}
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.tab.call("Emulation.setEmulatedMedia", features=[calm, scheme])
        self.tab.open("about:blank")
        self.tab.open(preview.address)
        self.wait("document.body.dataset.shown")

    def wait(self, script: str) -> None:
        until(lambda: self.tab.evaluate(f"Boolean({script})"))

    def press(self, key: str) -> None:
        """A real key, as a keyboard sends it to what has the focus."""
        text = {"text": key} if len(key) == 1 else {}
        for kind in ("keyDown", "keyUp"):
            self.tab.call("Input.dispatchKeyEvent", type=kind, key=key, **(text if kind == "keyDown" else {}))

    def click(self, selector: str) -> None:
        """A real click in the middle of an element."""
        box = self.tab.evaluate(
            f"(e => {{ e.scrollIntoView({{block: 'center', behavior: 'instant'}}); const b = e.getBoundingClientRect();"
            f" return [b.x + b.width / 2, b.y + b.height / 2]; }})(document.querySelector({selector!r}))"
        )
        for kind in ("mousePressed", "mouseReleased"):
            where = {"x": box[0], "y": box[1], "button": "left", "clickCount": 1}
            self.tab.call("Input.dispatchMouseEvent", type=kind, **where)

    def write(self, selector: str, text: str) -> None:
        self.tab.evaluate(f"document.querySelector({selector!r}).focus()")
        self.tab.call("Input.insertText", text=text)

    def text(self, selector: str) -> str:
        return str(self.tab.evaluate(f"document.querySelector({selector!r}).innerText"))

    def letter(self, script: str) -> Any:
        """The value of a script of which `letter` is the letter's document and `view` its window."""
        inside = (
            "const frame = document.querySelector('#sheet iframe:not(.coming)'); const letter = frame.contentDocument;"
        )
        return self.tab.evaluate(f"(() => {{ {inside} const view = frame.contentWindow; return {script}; }})()")

    def wait_for_letter(self, script: str) -> None:
        until(lambda: self.letter(f"Boolean({script})"))
