"""The characters of a feed: its bytes as UTF-8, whatever they were and whatever they said they were."""

from __future__ import annotations

import codecs
import re

_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]*\bencoding\s*=\s*["']([\w.:-]+)["']""")
_CHARSET = re.compile(r"""\bcharset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_REPLACED = "\N{REPLACEMENT CHARACTER}"
_LAST_RESORT = "windows-1252"
_UTF_8 = ("utf-8", "utf8", "us-ascii", "ascii")

# By its first bytes, a byte order mark or a `<`: XML 1.0, appendix F. The longer stand before the shorter.
_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
# What stands in for an encoding because it is a superset that is often meant: https://encoding.spec.whatwg.org/#names-and-labels
_MEANT = {"gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "windows-1252", "euc_kr": "cp949", "shift_jis": "cp932"}
_NO_ENCODINGS_OF_TEXTS = ("punycode", "idna", "unicode-escape", "raw-unicode-escape", "utf-7", "undefined")


def in_utf8(body: bytes, content_type: str = "") -> tuple[bytes, str]:
    """The body in UTF-8, and a warning where it is not what it calls itself (else empty).

    What is valid UTF-8 is taken as UTF-8: other text does not look like it by chance. Else the server's charset, the
    XML declaration and windows-1252 are tried (in RFC 7303's order). UTF-8 with a few broken bytes loses only these.
    """
    wide = next((encoding for start, encoding in _WIDE if body.startswith(start)), "")
    if wide:
        return body.decode(wide, errors="replace").encode(), ""
    names = _names(body, content_type)
    body = body.removeprefix(codecs.BOM_UTF8)
    if b"\x1b" not in body and _decodes(body, "utf-8"):
        return body, ""
    text = body.decode(errors="replace")
    if all(name in _UTF_8 for name in names) and _is_mostly_whole(text):
        return text.encode(), f"{text.count(_REPLACED):,} broken characters of UTF-8 were replaced"
    return _by_name(body, names)


def _names(body: bytes, content_type: str) -> list[str]:
    """What the server and the XML declaration call the encoding."""
    charset, declared = _CHARSET.search(content_type), _DECLARED.match(body)
    names = (charset[1] if charset else "", declared[1].decode() if declared else "")
    return [name.lower() for name in names if name]


def _by_name(body: bytes, names: list[str]) -> tuple[bytes, str]:
    used = next((name for name in (*names, _LAST_RESORT) if _decodes(body, name)), _LAST_RESORT)
    warning = f"named as {names[0]}, read as {used}" if names and used != names[0] else ""
    codec = next((codec for codec in (_meant(used), used) if _decodes(body, codec)), _LAST_RESORT)
    return body.decode(codec, errors="replace").encode(), warning


def _meant(name: str) -> str:
    canonical = codecs.lookup(name).name
    return _MEANT.get(canonical, canonical)


def _decodes(body: bytes, name: str) -> bool:
    try:
        if codecs.lookup(name).name not in _NO_ENCODINGS_OF_TEXTS:
            body.decode(name)
            return True
    except (UnicodeError, LookupError):
        pass
    return False


def _is_mostly_whole(text: str) -> bool:
    broken = text.count(_REPLACED)
    whole = len(text) - len(text.encode("ascii", errors="ignore")) - broken
    return whole > 4 * broken
