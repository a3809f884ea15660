"""The letters of a file: which encoding a list was saved in. Never fails; at worst a name looks odd."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins with the mark of UTF-16, so it is asked first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN, _CYRILLIC = "cp1252", "cp1251"
"""What Excel writes as plain "CSV" in western and in Cyrillic countries."""

_WORD_WITH_HIGH_BYTES = re.compile(rb"[A-Za-z]*[\x80-\xff][A-Za-z\x80-\xff]*")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_SAMPLE = 16_384


def decode(data: bytes) -> tuple[str, str]:
    """The text of a file and the Python name of its encoding. What cannot be read becomes U+FFFD."""
    encoding = _marked(data) or _two_bytes(data)
    if encoding:
        return data.decode(encoding, errors="replace"), encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _decode_odd(data)


def _marked(data: bytes) -> str:
    return next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "")


def _two_bytes(data: bytes) -> str:
    """UTF-16 that lost its mark: addresses are ASCII, so that every other byte of many pairs is zero."""
    sample = data[:_SAMPLE]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 4 < len(sample) or even == odd:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _decode_odd(data: bytes) -> tuple[str, str]:
    """No clean UTF-8: another encoding throughout, or lists of two encodings put together by hand."""
    lines = data.split(b"\n")
    strange = [line for line in lines if not line.isascii()]
    foreign = [line for line in strange if not _is_utf8(line)]
    eight_bit = _guess(b"\n".join(foreign)[:_SAMPLE])
    if 2 * len(foreign) >= len(strange):
        return data.decode(eight_bit, errors="replace"), eight_bit
    return "\n".join(line.decode("utf-8" if _is_utf8(line) else eight_bit, "replace") for line in lines), "utf-8"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _guess(sample: bytes) -> str:
    """Western words have a letter with an accent here and there, Cyrillic ones have nothing else.

    General detectors need running text: on a list with a dozen names they err in either direction.
    """
    words = b"".join(_WORD_WITH_HIGH_BYTES.findall(sample))
    return _CYRILLIC if 2 * len(_HIGH_BYTE.findall(words)) > len(words) else _WESTERN
