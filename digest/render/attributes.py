"""Attributes for the compiler, which writes some of their characters as `\\u{a0}`, in a programmer's notation.

mjml-python 1.4 prints the values of attributes as Rust prints strings in debugging: spaces other than the plain one,
combining marks, joiners, marks of direction and backslashes come out escaped, and readers would see it in descriptions
of pictures. Character references pass through as they are.
"""

from __future__ import annotations

import re
import unicodedata

_GARBLED = frozenset(["Cc", "Cf", "Cn", "Co", "Me", "Mn", "Mc", "Zl", "Zp", "Zs"])
_ALSO = frozenset("\\\n\t")
_SUSPECTS = re.compile(r"[^\x20-\x5b\x5d-\x7e]")


def referenced(source: str) -> str:
    """`source` with a character reference, in the values of attributes, for each character that would be garbled."""
    garbled = [character for character in set(_SUSPECTS.findall(source)) if _is_garbled(character)]
    if not garbled:
        return source
    table = {ord(character): f"&#{ord(character)};" for character in garbled}
    some = re.escape("".join(garbled))
    marked = re.compile(f'="[^"<{some}]*[{some}][^"<]*"')
    return marked.sub(lambda value: value[0].translate(table), source)


def _is_garbled(character: str) -> bool:
    return character in _ALSO or (not character.isascii() and unicodedata.category(character) in _GARBLED)
