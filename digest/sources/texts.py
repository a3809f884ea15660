"""Single texts of a feed: freed of control characters, kept within bounds, links made absolute."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

MAX_TITLE = 10_000
MAX_SUMMARY = 200_000
MAX_CONTENT = 2_000_000
MAX_NAME = 500
MAX_LINK = 4_000

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_BRACKETS = re.compile(r"[(<]")
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_INSIDE_LINK = re.compile(r"[\t\r\n]+")


def without_controls(text: str) -> str:
    """The text without NUL, control characters, lone surrogates and non-characters; line ends are `\\n`."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def on_one_line(text: str) -> str:
    """The text with every run of white space, line breaks included, as one blank."""
    return " ".join(without_controls(text).split())


def plain_name(text: str) -> str:
    """A person's or category's name: entities decoded once, on one line, at most `MAX_NAME` characters."""
    return on_one_line(html.unescape(text))[:MAX_NAME]


def name_of_person(written: str) -> str:
    """The name in `desk@docket.example (Zoë Hartmann)` or `Zoë Hartmann <desk@docket.example>`; never the address."""
    if "@" not in written:
        return written
    in_brackets = [name for name in _IN_BRACKETS.findall(written) if "@" not in name]
    name = in_brackets[0] if in_brackets else _BRACKETS.split(written)[0]
    return "" if "@" in name else name.strip(" \"'")


def names(texts: Iterable[str]) -> tuple[str, ...]:
    """The names in order, without empty ones and repeats."""
    return tuple(dict.fromkeys(name for name in map(plain_name, texts) if name))


def is_web_address(address: str) -> bool:
    """Whether this is an absolute http or https address with a host."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def absolute(address: str, *bases: str) -> str:
    """The address made absolute against the first base that serves; empty when that gives no http or https address."""
    address = _INSIDE_LINK.sub("", without_controls(address)).strip().replace(" ", "%20")
    if not address or len(address) > MAX_LINK:
        return ""
    candidates = (_joined(base, address) for base in ("", *bases))
    return next((candidate for candidate in candidates if is_web_address(candidate)), "")


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return ""
