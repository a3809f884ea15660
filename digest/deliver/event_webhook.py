"""Whether a request to our webhook is the provider's own: SendGrid signs each one. Pure, but for the mathematics.

https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features:
ECDSA with P-256 over the SHA-256 of timestamp and body, byte for byte as they came. A body that was read as JSON and
written again has another signature.

The library is imported with the first request: who only reads what was told does without.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from digest.errors import ConfigurationError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"
_LONGEST_TIMESTAMP = 16


class NotGenuine(Exception):
    """The request is not the provider's, or was kept back and posted again; the text says which."""


def verify(
    body: bytes, *, signature: str, timestamp: str, public_key: str, now: datetime, tolerance: timedelta
) -> None:
    """Raises NotGenuine unless `body` was signed with `timestamp` (seconds since 1970, as the header has it) by the
    owner of `public_key`, and that is no further than `tolerance` from `now`, to either side.

    `signature` is the header's: base64 of a DER pair. `public_key` is base64 of a DER SubjectPublicKeyInfo; raises
    ConfigurationError when it is none, or of another kind.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.hashes import SHA256

    key = _key(public_key)
    try:
        key.verify(b64decode(signature, validate=True), timestamp.encode() + body, ec.ECDSA(SHA256()))
    except (InvalidSignature, binascii.Error, ValueError):
        raise NotGenuine("its signature is not the provider's") from None
    # Asked last, and of what was signed: so it says nothing to who only guesses.
    if abs(now - _signed_at(timestamp)) > tolerance:
        raise NotGenuine("it was signed too long ago, or a clock is wrong")


def _signed_at(timestamp: str) -> datetime:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _LONGEST_TIMESTAMP):
        raise NotGenuine("its timestamp is none")
    try:
        return datetime.fromtimestamp(int(timestamp), UTC)
    except (ValueError, OverflowError, OSError):
        raise NotGenuine("its timestamp is none") from None


@lru_cache(maxsize=4)
def _key(public_key: str) -> EllipticCurvePublicKey:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(b64decode(public_key, validate=True))
    except (ValueError, binascii.Error):
        key = None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ConfigurationError(
            "webhook.public_key is no key that SendGrid signs with",
            hint="copy the verification key from SendGrid's settings of the event webhook",
        )
    return key
