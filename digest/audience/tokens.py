"""Signed tokens for the links and forms of the readers' pages: bound to one purpose, and good for so long.

itsdangerous signs them (HMAC of SHA-256). The links of letters are no tokens: they never expire, and a campaign makes
50,000 of them a second (`deliver/letters.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from itsdangerous import BadData, SignatureExpired, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_decode, base64_encode


class Purpose(StrEnum):
    """What a token is for. One that was made for something else does nothing."""

    FORM = "sign-up form"
    CONFIRM = "confirm"
    UNDO = "undo leaving"
    DATA = "my data"


class BadToken(Exception):
    """Forged, altered, cut short, or made for another purpose."""


class ExpiredToken(BadToken):
    """It was good once."""


class Tokens:
    """Makes and reads tokens. `keys` are texts that nobody can guess, the newest first: it signs, all are believed."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = list(reversed(keys))  # itsdangerous signs with the last

    def make(self, purpose: Purpose, payload: Mapping[str, Any], *, now: datetime) -> str:
        """A token in letters, digits, `-`, `_` and `.`. The payload can be read by everybody."""
        return str(self._serializer(purpose, now).dumps(dict(payload)))

    def read(self, purpose: Purpose, token: str, *, lasts: timedelta, now: datetime) -> dict[str, Any]:
        """The payload. Raises BadToken, ExpiredToken."""
        try:
            payload = self._serializer(purpose, now).loads(token, max_age=int(lasts.total_seconds()))
        except SignatureExpired as error:
            raise ExpiredToken(str(error)) from None
        except BadData as error:
            raise BadToken(str(error)) from None
        if not isinstance(payload, dict):
            raise BadToken("not what this purpose holds")
        signature = token.rpartition(".")[2]
        if base64_encode(base64_decode(signature)).decode() != signature:
            # Its last letter has two bits to spare, so three others would pass for it.
            raise BadToken("not as it was written")
        return payload

    def _serializer(self, purpose: Purpose, now: datetime) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(
            self._keys,
            salt=f"digest {purpose.value}",
            signer=_Signer,
            signer_kwargs={"now": now, "key_derivation": "hmac", "digest_method": sha256},
        )


class _Signer(TimestampSigner):
    """The library's, told the time."""

    def __init__(self, *arguments: Any, now: datetime, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._now = now

    def get_timestamp(self) -> int:
        return int(self._now.timestamp())
