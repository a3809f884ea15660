"""Keys for signatures, as the name servers give them."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from digest.health.answers import Answer
from digest.health.dkim import judge_selector, judge_unknown
from digest.health.sender import Selector, Sender
from digest.model.health import DnsRecord, Verdict
from tests.unit.health.naming import SERVFAIL

SELECTOR = Selector(name="mail", domain="docket.example")
SENDER = Sender(domain="docket.example")


@lru_cache
def rsa_key(bits: int) -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits).public_key()
    return b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def other_key() -> str:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def ed_key() -> str:
    return b64encode(ed25519.Ed25519PrivateKey.generate().public_key().public_bytes_raw()).decode()


@pytest.mark.parametrize(
    ("text", "verdict", "words"),
    [
        ("v=DKIM1; k=rsa; p={2048}", Verdict.OK, "2048 bits"),
        ("p={2048}", Verdict.OK, "2048 bits"),
        ("k=rsa; t=s; p={2048};", Verdict.OK, "2048 bits"),
        ("v=DKIM1; p={1024}", Verdict.LOOK, "1024 bits"),
        ("v=DKIM1; k=ed25519; p={ed}", Verdict.LOOK, "Ed25519"),
        ("v=DKIM1; t=y; p={2048}", Verdict.LOOK, "t=y"),
        ("v=DKIM1; t=s:y; p={2048}", Verdict.LOOK, "t=y"),
        ("v=DKIM1; p=", Verdict.WRONG, "withdrawn"),
        ("v=DKIM1; k=rsa", Verdict.WRONG, "no key of DKIM"),
        ("v=DKIM2; p={2048}", Verdict.WRONG, "no key of DKIM"),
        ("v=spf1 -all", Verdict.WRONG, "no key of DKIM"),
        ("some words", Verdict.WRONG, "is no tag"),
        ("p={2048}; p={2048}", Verdict.WRONG, "twice"),
        ("v=DKIM1; p={cut}", Verdict.WRONG, "part of it is missing"),
        ("v=DKIM1; p=§§§", Verdict.WRONG, "no base64"),
        ("v=DKIM1; h=sha1; p={2048}", Verdict.WRONG, "SHA-256"),
        ("v=DKIM1; k=ed25519; p={2048}", Verdict.WRONG, "Ed25519"),
        ("v=DKIM1; p={ec}", Verdict.WRONG, "do not know"),
    ],
)
def test_verdicts(text: str, verdict: Verdict, words: str) -> None:
    keys = {"{2048}": rsa_key(2048), "{1024}": rsa_key(1024), "{ed}": ed_key(), "{ec}": other_key()}
    keys["{cut}"] = keys["{2048}"][:200]
    for name, key in keys.items():
        text = text.replace(name, key)
    found = judge_selector(SELECTOR, Answer(found=(text,)), Answer(), SENDER)
    assert found.verdict is verdict, found.words
    assert words in found.words


def test_a_key_in_pieces_with_spaces_is_one() -> None:
    key = rsa_key(2048)
    text = f"v=DKIM1; p={key[:80]} {key[80:160]}\n {key[160:]}"
    assert judge_selector(SELECTOR, Answer(found=(text,)), Answer(), SENDER).verdict is Verdict.OK


@pytest.mark.parametrize(
    ("answer", "alias", "verdict", "words"),
    [
        (Answer(), Answer(), Verdict.WRONG, "has no key"),
        (Answer(), Answer(found=("s1.u7.example",)), Verdict.WRONG, "alias of s1.u7.example"),
        (Answer(found=("p=a", "p=b")), Answer(), Verdict.WRONG, "2 texts"),
        (SERVFAIL, Answer(), Verdict.NOT_ASKED, SERVFAIL.trouble),
    ],
)
def test_no_key(answer: Answer, alias: Answer, verdict: Verdict, words: str) -> None:
    found = judge_selector(SELECTOR, answer, alias, SENDER)
    assert (found.verdict, words in found.words) == (verdict, True)


def test_the_providers_record_is_there_to_be_copied() -> None:
    wanted = DnsRecord(host="mail._domainkey.docket.example", kind="CNAME", value="s1.u7.example")
    sender = Sender(
        domain="docket.example", records=(wanted, DnsRecord(host="em1.docket.example", kind="CNAME", value="x"))
    )
    assert judge_selector(SELECTOR, Answer(), Answer(), sender).records == (wanted,)


@pytest.mark.parametrize(
    ("by_provider", "troubles", "verdict"),
    [(False, (), Verdict.LOOK), (True, (), Verdict.NOT_ASKED), (False, ("no answer",), Verdict.NOT_ASKED)],
)
def test_nobody_knows_the_selector(by_provider: bool, troubles: tuple[str, ...], verdict: Verdict) -> None:
    assert judge_unknown(Sender(domain="docket.example", by_provider=by_provider), troubles).verdict is verdict
