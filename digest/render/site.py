"""The name of a site, as readers know it."""

from __future__ import annotations

from urllib.parse import urlsplit


def host(address: str) -> str:
    """`bread.example` of `https://www.bread.example/rolls`: the words of a link that was given none."""
    return (urlsplit(address).hostname or address).removeprefix("www.")
