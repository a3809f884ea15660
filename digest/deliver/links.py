"""The links of letters that lead to a reader's own pages: to leave, and to choose.

A link's token is 22 characters of base64url, 16 bytes: the reader's number (5 bytes) and a keyed hash (11 bytes, 88
bits) over purpose, number and address. So who it is for is found by their number, and is only believed when the hash is
right. Links never expire. The address is in the hash because numbers are a store's own: in another store nobody is
mistaken for somebody else.

The hash is keyed BLAKE2b (RFC 7693, section 2.9): one call for both links of a letter, on a copy of a state that has
the key in it already. HMAC through OpenSSL costs five times as much, and a campaign makes 50,000 letters a second.
"""

from __future__ import annotations

import re
from binascii import a2b_base64, b2a_base64
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from hmac import compare_digest

UNSUBSCRIBE = "unsubscribe"
PREFERENCES = "preferences"
NOBODY = 0
"""The number in the links of letters that are no reader's: test copies and samples."""

_PLACES = {UNSUBSCRIBE: 0, PREFERENCES: 1}  # in a pair of links
_NUMBER_BYTES = 5
_TOKEN = re.compile(r"[A-Za-z0-9_-]{21}[AQgw]")  # the last one carries two bits
_URL_SAFE = bytes.maketrans(b"+/", b"-_")  # RFC 4648, section 5
_STANDARD = bytes.maketrans(b"-_", b"+/")


def secret_key(secret: str) -> bytes:
    """A secret of any length as the 32 bytes of a key."""
    return blake2b(secret.encode(), digest_size=32, person=b"digest secret").digest()


class LinkKey:
    """One key. Threads may share it."""

    __slots__ = ("_links", "_old")

    def __init__(self, secret: str) -> None:
        key = secret_key(secret)
        self._links = blake2b(key=key, digest_size=22, person=b"numbered links")
        self._old = blake2b(key=key, digest_size=32, person=b"reader links")

    def pair(self, number: int, address: str) -> tuple[str, str]:
        """A reader's tokens, to leave and to choose. Written for speed: the sizes are those of the module's text."""
        who = number.to_bytes(5, "big")
        mac = self._links.copy()
        mac.update(who + address.lower().encode())
        digest = mac.digest()
        # Zeros make each half 18 bytes, a whole number of base64's groups: one call for two tokens.
        both = who + digest[:11] + b"\0\0" + who + digest[11:]
        text = b2a_base64(both, newline=False).translate(_URL_SAFE).decode("ascii")
        return text[:22], text[24:46]

    def old_pair(self, address: str) -> tuple[str, str]:
        """The same as versions before 0.4 made them: a hash of the address, without a number."""
        mac = self._old.copy()
        mac.update(address.encode())
        digest = mac.digest()
        return _token(digest[:16]), _token(digest[16:])


class LinkKeys:
    """All keys that are believed."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._keys = tuple(map(key_of, secrets))

    def believe(self, token: str, purpose: str, number: int, address: str) -> bool:
        """Whether the token was made for that reader, under one of the keys."""
        place = _PLACES[purpose]
        return any(compare_digest(key.pair(number, address)[place].encode(), token.encode()) for key in self._keys)

    def believe_old(self, token: str, purpose: str, address: str) -> bool:
        """The same of a token that an earlier version made."""
        place = _PLACES[purpose]
        return any(compare_digest(key.old_pair(address)[place].encode(), token.encode()) for key in self._keys)


@lru_cache(maxsize=16)
def key_of(secret: str) -> LinkKey:
    """The key that a secret makes."""
    return LinkKey(secret)


def number_in(token: str) -> int | None:
    """Whom a token claims to be for; None for what cannot be a token at all."""
    if not _TOKEN.fullmatch(token):
        return None
    return int.from_bytes(a2b_base64(token.encode().translate(_STANDARD) + b"==")[:_NUMBER_BYTES], "big")


def token_of(link: str) -> str:
    """The token in a link as a reader or a mail program may hand it back: with a query, or a slash at its end."""
    return re.split(r"[?#]", link, maxsplit=1)[0].rstrip("/").rpartition("/")[2]


def _token(sixteen_bytes: bytes) -> str:
    return b2a_base64(sixteen_bytes, newline=False).translate(_URL_SAFE).decode("ascii").rstrip("=")
