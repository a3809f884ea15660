"""Chromium or Chrome, driven through its DevTools protocol over a pair of pipes: no port is opened, and nothing stays.

The protocol: https://chromedevtools.github.io/devtools-protocol/. Over pipes each message is JSON that ends in a zero
byte; the browser reads from its file descriptor 3 and writes to 4.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from digest.errors import ConfigurationError

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)
# The pipes have any number here and must have 3 and 4 there.
_WITH_PIPES = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); os.execv(sys.argv[3], sys.argv[3:])"
)
_FIRST_FREE = 10
_TALLEST = 16_000  # px; what is longer does not fit into a picture of a browser


class BrowserFailed(ConfigurationError):
    """The browser ended, or said no."""


def find_browser() -> str:
    """The path of Chromium or Chrome. Raises ConfigurationError when there is none."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        raise ConfigurationError(
            "pictures are taken by Chromium or Chrome, and there is none here",
            hint="install one: `apt-get install chromium`, `brew install --cask chromium`, or from google.com/chrome",
        )
    return found


def _without_sandbox() -> tuple[str, ...]:
    """Chromium starts for root only without its sandbox; anybody else keeps it."""
    return ("--no-sandbox",) if os.geteuid() == 0 else ()


class Tab:
    """One page of the browser."""

    def __init__(self, process: subprocess.Popen[bytes], writing: int, reading: int) -> None:
        self._process, self._writing, self._reading = process, writing, reading
        self._number, self._buffer, self._session, self._loaded = 0, b"", "", False
        self.heed: Callable[[dict[str, Any]], None] | None = None
        """Is told everything that the browser says, if there is one."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")

    def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """The answer to one command. Raises BrowserFailed."""
        self._number += 1
        session = {"sessionId": self._session} if self._session else {}
        message = {"id": self._number, "method": method, "params": parameters, **session}
        self._write(json.dumps(message).encode() + b"\0")
        while True:
            heard = self._heard()
            if heard.get("id") == self._number:
                break
        if "error" in heard:
            raise BrowserFailed(f"the browser refused {method}: {heard['error'].get('message')}")
        result: dict[str, Any] = heard["result"]
        return result

    def resize(self, width: int, height: int, *, dark: bool = False) -> None:
        """Sets the window's size in px, and whether its reader prefers the dark."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def open(self, address: str) -> None:
        """Goes to a page and waits until it and its pictures are loaded."""
        self._loaded = False
        self.call("Page.navigate", url=address)
        while not self._loaded:
            self._heard()

    def evaluate(self, script: str) -> Any:
        """The value of a script, a promise's when it is settled. Raises BrowserFailed when it throws."""
        made = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in made:
            told = made["exceptionDetails"]
            raise BrowserFailed(told.get("exception", {}).get("description") or told.get("text", "a script failed"))
        return made["result"].get("value")

    def picture(self, *, whole: bool = True) -> bytes:
        """A PNG of the page, of all of it or of what the window shows."""
        clip = {}
        if whole:
            size = self.call("Page.getLayoutMetrics")["cssContentSize"]
            height = min(size["height"], _TALLEST)
            clip = {"clip": {"x": 0, "y": 0, "width": size["width"], "height": height, "scale": 1}}
        made = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole, **clip)
        return base64.b64decode(made["data"])

    def _write(self, data: bytes) -> None:
        try:
            while data:
                data = data[os.write(self._writing, data) :]
        except OSError as error:
            raise BrowserFailed("the browser ended") from error

    def _heard(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            piece = os.read(self._reading, 1 << 20)
            if not piece:
                raise BrowserFailed(f"the browser ended with {self._process.wait()}")
            self._buffer += piece
        message, _, self._buffer = self._buffer.partition(b"\0")
        heard: dict[str, Any] = json.loads(message)
        self._loaded |= heard.get("method") == "Page.loadEventFired"
        if self.heed:
            self.heed(heard)
        return heard


@contextmanager
def browsing() -> Iterator[Tab]:
    """A browser with one page and a profile of its own, both gone at the end. Raises ConfigurationError."""
    browser = find_browser()
    # Its last processes may still write to the profile while it is removed.
    with tempfile.TemporaryDirectory(prefix="digest-browser-", ignore_cleanup_errors=True) as profile:
        process, writing, reading = _started(
            [browser, *_FLAGS, *_without_sandbox(), f"--user-data-dir={profile}", "about:blank"]
        )
        try:
            yield (tab := Tab(process, writing, reading))
            with suppress(BrowserFailed):
                tab.call("Browser.close")
        finally:
            os.close(writing)
            os.close(reading)
            _end(process)


def _started(command: list[str]) -> tuple[subprocess.Popen[bytes], int, int]:
    to_read, writing = os.pipe()
    reading, to_write = os.pipe()
    theirs = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, _FIRST_FREE) for end in (to_read, to_write)]
    process = subprocess.Popen(  # noqa: S603  # the browser that was found, and flags of ours
        [sys.executable, "-c", _WITH_PIPES, *map(str, theirs), *command],
        pass_fds=theirs,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for end in (to_read, to_write, *theirs):
        os.close(end)
    return process, writing, reading


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
