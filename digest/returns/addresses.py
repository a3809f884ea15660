"""Addresses in what strangers wrote: found, not judged."""

from __future__ import annotations

import re

_LOCAL = r"[^\s<>()\[\]{}\"',:;@|]{1,64}+"
_DOMAIN = r"[^\s<>()\[\]{}\"',:;@|/=?#&*^]{1,253}+"
ADDRESS = rf"{_LOCAL}@{_DOMAIN}"
"""An address as a pattern, with bounds that keep a search from taking long."""

_ADDRESS = re.compile(rf"(?<![^\s<>()\[\]{{}}\"',:;|*=]){ADDRESS}")
_ENDS = ".…!*-_"


def addresses_in(text: str) -> tuple[str, ...]:
    """The addresses in a text, in small letters, each once, in their order."""
    return tuple(dict.fromkeys(clean(found) for found in _ADDRESS.findall(text)))


def clean(address: str) -> str:
    """An address without what punctuation left at its end, in small letters."""
    return address.strip().rstrip(_ENDS).lower()
