"""The letters of a file: which encoding a list was saved in, told from a sample of its bytes. Never fails; at worst a
name looks odd."""

from __future__ import annotations

import codecs
import re

SAMPLE = 1 << 14
"""How many bytes are enough to tell."""

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


def given_away(start: bytes) -> str:
    """The Python name of the encoding that the first bytes of a file give away; empty where only the whole can tell."""
    return _marked(start) or _two_bytes(start)


def is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def eight_bit(sample: bytes) -> str:
    """The Python name of the encoding of lines that are no UTF-8.

    Western words have a letter with an accent here and there, Cyrillic ones have nothing else. General detectors need
    running text: on a list with a dozen names they err in either direction.
    """
    words = b"".join(_WORD_WITH_HIGH_BYTES.findall(sample))
    return _CYRILLIC if 2 * len(_HIGH_BYTE.findall(words)) > len(words) else _WESTERN


def _marked(start: bytes) -> str:
    return next((encoding for mark, encoding in _MARKS if start.startswith(mark)), "")


def _two_bytes(start: bytes) -> str:
    """UTF-16 that lost its mark: addresses are ASCII, so that every other byte of many pairs is zero."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if max(even, odd) * 4 < len(start) or even == odd:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"
