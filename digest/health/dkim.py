"""DKIM: whether the key with which letters are signed can be read by those who get them (RFC 6376, RFC 8301)."""

from __future__ import annotations

import base64
import re

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from digest.health.answers import Answer
from digest.health.sender import Selector, Sender
from digest.health.tags import BadTags, tags_of
from digest.model.health import Diagnosis, DnsRecord, Verdict

CHECK = "dns.dkim"
READ_ON = "https://www.rfc-editor.org/rfc/rfc6376"
USUAL = (
    *("default", "dkim", "mail", "s1", "s2", "selector1", "selector2", "google", "k1", "k2", "k3", "fm1", "fm2"),
    *("fm3", "mx", "smtp", "key1", "dkim1", "sig1", "mxvault", "protonmail", "zoho", "202401", "2024", "2025", "2026"),
)
"""Selectors that many mail servers and services use, tried where nobody says which it is."""
_LEAST_BITS, _ENOUGH_BITS = 1024, 2048
"""RFC 8301, section 3.2."""
_ED25519 = 32


class _Bad(ValueError):
    """A key that cannot be used."""


def judge_selector(selector: Selector, answer: Answer, alias: Answer, sender: Sender) -> Diagnosis:
    """How one key stands. `alias` is what the name servers say of an alias (CNAME) at its host."""
    if answer.trouble:
        return _said(Verdict.NOT_ASKED, f"{selector.host}: {answer.trouble}")
    wanted = sender.record_at(selector.host)
    if not answer.found:
        return _absent(selector, alias, wanted)
    if len(answer.found) > 1:
        words = f"{selector.host} has {len(answer.found)} texts, and nobody can tell which one is the key"
        return _said(Verdict.WRONG, words, "Take out all but the one that your mail server signs with", wanted)
    return _judge_key(selector.host, answer.found[0], wanted)


def judge_unknown(sender: Sender, troubles: tuple[str, ...]) -> Diagnosis:
    """Nobody said under which selector letters are signed, and none of the usual ones is there."""
    if troubles:
        return _said(Verdict.NOT_ASKED, f"{sender.domain}: {troubles[0]}")
    if sender.by_provider:
        return _said(Verdict.NOT_ASKED, f"with which key the provider signs for {sender.domain} is not known")
    words = f"under none of the usual selectors does {sender.domain} have a key, and digest.toml names none"
    do = 'Have your mail server sign letters, and name its selector: doctor.selectors = ["mail"]'
    return _said(Verdict.LOOK, words, do)


def _absent(selector: Selector, alias: Answer, wanted: tuple[DnsRecord, ...]) -> Diagnosis:
    if alias.found:
        words = f"{selector.host} is an alias of {alias.found[0]}, where there is no key"
        return _said(Verdict.WRONG, words, "Correct the alias, or have its owner put the key there", wanted)
    do = "Enter this record" if wanted else "Enter the record that your mail server or provider gives you for it"
    return _said(Verdict.WRONG, f"{selector.host} has no key, so signatures made with it count for nothing", do, wanted)


def _judge_key(host: str, text: str, wanted: tuple[DnsRecord, ...]) -> Diagnosis:
    try:
        bits = _bits_of(text)
    except _Bad as bad:
        do = "Enter the record anew, as your mail server or provider gives it"
        return _said(Verdict.WRONG, f"{host}: {bad}", do, wanted)
    if bits < _ENOUGH_BITS and bits != _ED25519:
        do = f"Make a new key of {_ENOUGH_BITS} bits, under another selector"
        return _said(Verdict.LOOK, f"{host} has a key of {bits} bits, which is short today", do)
    if bits == _ED25519:
        do = "Sign with a key of RSA too, under another selector"
        return _said(Verdict.LOOK, f"{host} has a key of Ed25519, which many receivers cannot check", do)
    if "y" in _flags(text):
        do = "Take “t=y” out of the record"
        return _said(Verdict.LOOK, f"{host} says that it is a test (t=y), and receivers may ignore it", do)
    return _said(Verdict.OK, f"{host} has a key of {bits} bits")


def _bits_of(text: str) -> int:
    """The size of the key; 32 stands for Ed25519. Raises _Bad."""
    try:
        tags = tags_of(text)
    except BadTags as bad:
        raise _Bad(f"the record cannot be read: {bad}") from None
    if tags.get("v", "DKIM1") != "DKIM1" or "p" not in tags:
        raise _Bad("there is a text, and it is no key of DKIM")
    if not tags["p"]:
        raise _Bad("the key was withdrawn (p= is empty)")
    if "sha256" not in tags.get("h", "sha256"):
        raise _Bad("it allows no signature with SHA-256 (h=)")
    return _size(tags.get("k", "rsa").lower(), _decoded(tags["p"]))


def _decoded(written: str) -> bytes:
    try:
        return base64.b64decode(re.sub(r"\s", "", written), validate=True)
    except ValueError:
        raise _Bad("the key is damaged (p= is no base64); part of it may be missing") from None


def _size(kind: str, key: bytes) -> int:
    if kind == "ed25519":  # RFC 8463, section 4.2: the bare key
        if len(key) != _ED25519:
            raise _Bad("the key is damaged: it has not the length of an Ed25519 key")
        return _ED25519
    try:
        loaded = load_der_public_key(key)
    except (ValueError, UnsupportedAlgorithm):
        raise _Bad("the key is damaged, or part of it is missing") from None
    if not isinstance(loaded, RSAPublicKey):
        raise _Bad(f"it is of a kind that receivers do not know (k={kind})")
    if loaded.key_size < _LEAST_BITS:
        raise _Bad(f"a key of {loaded.key_size} bits is refused by receivers; make one of {_ENOUGH_BITS}")
    return loaded.key_size


def _flags(text: str) -> list[str]:
    return [flag.strip() for flag in tags_of(text).get("t", "").split(":")]


def _said(verdict: Verdict, words: str, do: str = "", records: tuple[DnsRecord, ...] = ()) -> Diagnosis:
    return Diagnosis(check=CHECK, verdict=verdict, words=words, do=do, records=records, read_on=READ_ON)
