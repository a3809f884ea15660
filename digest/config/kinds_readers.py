"""The kinds of values of the tables about readers."""

from __future__ import annotations

import base64
import binascii
import ipaddress
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator

from digest.config import places
from digest.config.kinds import fault
from digest.config.mailbox import BadMailbox, bare_address, canonical_mailbox

# How a SubjectPublicKeyInfo of P-256 begins in DER (RFC 5480, section 2), and how many bytes of a point follow.
_P256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
_POINT = 64


def _origin(text: str) -> str:
    parts = urlsplit(text.strip())
    if not places.is_web_address(text.strip()) or parts.path.strip("/") or parts.query or parts.fragment:
        raise fault(f'"{text[:60]}" is not the address of a site; write it like "https://docket.example"')
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _origins(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(map(_origin, texts)))


def _address(text: str) -> str:
    try:
        return bare_address(canonical_mailbox(text))
    except BadMailbox as bad:
        raise fault(f'{bad}; write it like "bounces@docket.example"') from None


def _networks(texts: list[str]) -> list[str]:
    for text in texts:
        try:
            ipaddress.ip_network(text.strip())
        except ValueError:
            raise fault(f'"{text[:60]}" is no IP address and no network; write it like "10.0.0.0/8"') from None
    return [text.strip() for text in texts]


def _public_key(text: str) -> str:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise fault("not a key in base64; copy the verification key from SendGrid's settings of the webhook") from None
    if key and not (key.startswith(_P256) and len(key) == len(_P256) + _POINT):
        raise fault("not a key that SendGrid signs with (ECDSA, P-256); copy the verification key as a whole")
    return text.strip()


Origins = Annotated[list[str], AfterValidator(_origins)]
Address = Annotated[str, AfterValidator(_address)]
Networks = Annotated[list[str], AfterValidator(_networks)]
PublicKey = Annotated[str, AfterValidator(_public_key)]
