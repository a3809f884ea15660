"""A file of text read whole: what its reading in blocks must come to."""

from __future__ import annotations

from pathlib import Path

from digest.audience.encoding import SAMPLE, eight_bit, given_away, is_utf8
from digest.audience.lines import examine

OTHER_KINDS = (b"PK\x03\x04", b"%PDF", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")
"""How files begin that are refused."""


def decode(data: bytes) -> tuple[str, str]:
    """The text of a file and the Python name of its encoding. What cannot be read becomes U+FFFD."""
    encoding = given_away(data[:SAMPLE])
    if encoding:
        return data.decode(encoding, errors="replace"), encoding
    if is_utf8(data):
        return data.decode("utf-8"), "utf-8"
    return _decode_odd(data)


def in_blocks(path: Path) -> tuple[str, str]:
    """The same of a file, as the product reads it. Raises ConfigurationError."""
    file = examine(path)
    with file.opened() as blocks:
        return "".join("".join(block) for block in blocks), file.encoding


def _decode_odd(data: bytes) -> tuple[str, str]:
    """No clean UTF-8: another encoding throughout, or lists of two encodings put together by hand."""
    lines = data.split(b"\n")
    strange = [line for line in lines if not line.isascii()]
    foreign = [line for line in strange if not is_utf8(line)]
    encoding = eight_bit(b"\n".join(foreign)[:SAMPLE])
    if 2 * len(foreign) >= len(strange):
        return data.decode(encoding, errors="replace"), encoding
    return "\n".join(line.decode("utf-8" if is_utf8(line) else encoding, "replace") for line in lines), "utf-8"
