"""A visitor in a real browser who has a keyboard and nothing else. axe-core looks at each page, and no request to
another site stays unseen."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit

from digest.web.preview.chromium import Tab
from tests.reference.packages import PACKAGES

WIDTHS = (360, 1280)  # px: a phone, and a desk
_HEIGHT = 900
_PATIENCE = 30.0  # seconds, for what takes a fraction of one
_AXE = PACKAGES / "axe-core" / "axe.min.js"
_VIOLATIONS = """axe.run({resultTypes: ["violations"]}).then(found => found.violations.flatMap(
  rule => rule.nodes.map(node => `${rule.id}: ${node.html} ${node.failureSummary}`)))"""
_TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What a screen reader says of the element that has the focus, and whether the eye sees that it has it.
_FOCUSED = """(e => ({kind: e.type || e.localName, at_the_end: e === document.body,
  words: [...(e.labels || []), e].map(each => each.innerText).join(" ").trim(),
  is_marked: getComputedStyle(e).outlineStyle !== "none" || getComputedStyle(e).boxShadow !== "none",
  address: e.href || ""}))(document.activeElement)"""
_MOST_STOPS = 150
_KEYS: dict[str, dict[str, Any]] = {
    "Tab": {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9},
    "Enter": {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"},
    "Space": {"key": " ", "code": "Space", "windowsVirtualKeyCode": 32, "text": " "},
    "ArrowDown": {"key": "ArrowDown", "code": "ArrowDown", "windowsVirtualKeyCode": 40},
}


class Visitor:
    """Goes through the pages of one server. `asked` are the addresses of all requests that the browser made."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self.asked: list[str] = []
        self._loads = 0
        tab.heed = self._heed
        tab.call("Network.enable")

    def _heed(self, told: dict[str, Any]) -> None:
        if told.get("method") == "Network.requestWillBeSent":
            self.asked.append(told["params"]["request"]["url"])
        self._loads += told.get("method") == "Page.loadEventFired"

    def open(self, address: str) -> None:
        """Goes there, as by a link in a mail program."""
        self.tab.resize(WIDTHS[-1], _HEIGHT)
        self.tab.open(address)

    def violations(self) -> list[str]:
        """What axe-core finds wrong with the page on a phone and on a desk, in the light and in the dark, and how many
        px it is too wide."""
        self.tab.evaluate(_AXE.read_text(encoding="utf-8"))
        found = []
        for width in WIDTHS:
            for dark in (False, True):
                self.tab.resize(width, _HEIGHT, dark=dark)
                where = f"{width} px, {'dark' if dark else 'light'}"
                found += [f"{where}: {each}" for each in self.tab.evaluate(_VIOLATIONS)]
                too_wide = self.tab.evaluate(_TOO_WIDE)
                found += [f"{where}: {too_wide} px too wide"] if too_wide else []
        return found

    def reach(self, words: str, *, kind: str = "") -> None:
        """Tabs on until what has the focus says these words. On its way each stop must be marked for the eye."""
        for _ in range(_MOST_STOPS):
            self.press("Tab")
            stop = self.tab.evaluate(_FOCUSED)
            assert stop["at_the_end"] or stop["is_marked"], f"nobody sees that {stop} has the focus"
            if words in stop["words"] and kind in ("", stop["kind"]):
                return
        raise AssertionError(f"no key leads to {words!r} on {self.address}:\n{self.words}")

    def follow(self, words: str, *, kind: str = "", key: str = "Enter") -> None:
        """Reaches a link or a button, presses it, and waits for the page behind it."""
        self.reach(words, kind=kind)
        self.go(key)

    def go(self, key: str = "Enter") -> None:
        """Presses a key that leads to another page, and waits for that."""
        before = self._loads
        self.press(key)
        end = time.monotonic() + _PATIENCE
        while self._loads == before:
            assert time.monotonic() < end, f"{key} on {self.address} led nowhere"
            self.tab.evaluate("1")  # hears what the browser has to tell meanwhile
            time.sleep(0.01)

    def press(self, key: str) -> None:
        """One of the keys, as a keyboard sends it."""
        named = _KEYS[key]
        self.tab.call("Input.dispatchKeyEvent", type="keyDown" if "text" in named else "rawKeyDown", **named)
        self.tab.call("Input.dispatchKeyEvent", type="keyUp", **{**named, "text": ""})

    def write(self, text: str) -> None:
        """Types into what has the focus."""
        for letter in text:
            self.tab.call("Input.dispatchKeyEvent", type="char", text=letter)

    @property
    def address(self) -> str:
        return str(self.tab.evaluate("location.href"))

    @property
    def place(self) -> str:
        """The path of the page."""
        return urlsplit(self.address).path

    @property
    def words(self) -> str:
        """What the page says."""
        return str(self.tab.evaluate("document.body.innerText"))
