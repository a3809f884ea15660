"""Text as quoted-printable (RFC 2045, section 6.7), in pieces that can be joined with soft line breaks."""

from __future__ import annotations

import re
from email.quoprimime import body_encode

SOFT_BREAK = b"=\r\n"

_WIDTH = 74  # two less than the 76 allowed: a dot at the start of a line becomes three characters
_PLAIN = re.compile(r"(?!\.|From )[!-<>-~](?:[ !-<>-~]{0,73}[!-<>-~])?")
_BARE_LINE = r"(?!\.|From )[!#-%(-;?-~](?:[ !#-%(-;?-~]{0,73}[!#-%(-;?-~])?"
_BARE = re.compile(rf"{_BARE_LINE}(?:\n{_BARE_LINE})*")
_RISKY_START = re.compile(r"(?m)^(?:\.|F(?=rom ))")


def encode(text: str) -> bytes:
    """The text in lines of at most 76 characters that end in CRLF, the last of at most 75 without an end of its own.

    No line begins with a dot, which SMTP would have to double, or with `From `, which mailboxes mangle.
    """
    if _PLAIN.fullmatch(text):
        return text.encode("ascii")
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    octets = unix.encode("utf-8", "replace").decode("latin-1")
    encoded = body_encode(octets, maxlinelen=_WIDTH, eol="\r\n")
    return _RISKY_START.sub(lambda start: f"={ord(start[0]):02X}", encoded).encode("ascii")


def bare(texts: list[str]) -> list[bytes] | None:
    """All the texts at once, if each of them stays as it is in quoted-printable, and in HTML too; else None."""
    lines = "\n".join(texts)
    if not _BARE.fullmatch(lines):
        return None
    encoded = lines.encode("ascii").split(b"\n")
    return encoded if len(encoded) == len(texts) else None
