"""Whose a request to the webhook is: the service's own vector, and everything that must fail."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from digest.deliver.event_webhook import NotGenuine, verify
from digest.errors import ConfigurationError

VECTOR = Path(__file__).resolve().parents[4] / "shared" / "contracts" / "sendgrid" / "event-webhook-signed.json"
TOLERANCE = timedelta(minutes=10)
NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
OWN = ec.generate_private_key(ec.SECP256R1())

at_hand = pytest.mark.skipif(not VECTOR.exists(), reason="the shared contracts are not beside this repository")


def public(key: Any = OWN) -> str:
    return base64.b64encode(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def signed(timestamp: str, body: bytes = b"[]") -> str:
    return base64.b64encode(OWN.sign(timestamp.encode() + body, ec.ECDSA(SHA256()))).decode()


def stamp(age: timedelta) -> str:
    return str(int((NOW - age).timestamp()))


def check(body: bytes = b"[]", **changes: Any) -> None:
    timestamp = changes.get("timestamp", stamp(timedelta()))
    verify(
        body,
        **{
            "signature": signed(timestamp),
            "timestamp": timestamp,
            "public_key": public(),
            "now": NOW,
            "tolerance": TOLERANCE,
            **changes,
        },
    )


@at_hand
def test_the_services_own_vector() -> None:
    verify(**vector({}))


@at_hand
def test_everything_that_must_fail() -> None:
    variants = json.loads(VECTOR.read_text())["must_fail"]
    assert len(variants) >= 5
    for variant in variants:
        with pytest.raises(NotGenuine):
            verify(**vector(variant))


def vector(variant: dict[str, str]) -> dict[str, Any]:
    said = {**json.loads(VECTOR.read_text()), **variant}
    signed_at = datetime.fromtimestamp(1600112502, UTC)
    return {
        "body": said["body"].encode(),
        "signature": said["signature"],
        "timestamp": said["timestamp"],
        "public_key": said["public_key"],
        "now": signed_at + timedelta(minutes=1),
        "tolerance": TOLERANCE,
    }


@pytest.mark.parametrize("age", [TOLERANCE, -TOLERANCE, timedelta()])
def test_within_the_tolerance(age: timedelta) -> None:
    check(timestamp=stamp(age))


@pytest.mark.parametrize("age", [TOLERANCE + timedelta(seconds=1), -TOLERANCE - timedelta(seconds=1)])
def test_too_old_or_of_the_future(age: timedelta) -> None:
    with pytest.raises(NotGenuine, match="too long ago"):
        check(timestamp=stamp(age))


@pytest.mark.parametrize("timestamp", ["", "soon", "-5", "1e9", "9" * 400, "9" * 16, "\u0661\u0662"])
def test_a_signed_timestamp_that_is_none(timestamp: str) -> None:
    with pytest.raises(NotGenuine, match="timestamp"):
        check(timestamp=timestamp)


@pytest.mark.parametrize("signature", ["", "?", "AAAA", "é", "MEUCIQ==", "AAAA " * 9])
def test_a_signature_that_is_none(signature: str) -> None:
    with pytest.raises(NotGenuine, match="signature"):
        check(signature=signature)


def test_another_body_and_another_key() -> None:
    check()
    with pytest.raises(NotGenuine):
        check(b"[ ]")
    with pytest.raises(NotGenuine):
        check(public_key=public(ec.generate_private_key(ec.SECP256R1())))


@pytest.mark.parametrize(
    "key",
    [
        "AAAA",
        "?",
        public(ec.generate_private_key(ec.SECP384R1())),
        public(rsa.generate_private_key(public_exponent=65537, key_size=2048)),
    ],
)
def test_a_public_key_that_is_none_is_the_operators_to_mend(key: str) -> None:
    with pytest.raises(ConfigurationError, match=r"webhook\.public_key"):
        check(public_key=key)
