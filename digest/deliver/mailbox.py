"""Names and addresses in the form they have on the wire (RFC 5322, 2047, 5891)."""

from __future__ import annotations

import re
from email.base64mime import header_encode
from email.utils import quote, unquote
from functools import lru_cache

_MAILBOX = re.compile(r"\s*(?P<name>.*?)\s*<(?P<address>[^<>]*)>\s*", re.DOTALL)
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_LONGEST = 254  # RFC 5321, section 4.5.3.1.3, less the angle brackets
_WORD_BYTES = 45  # 60 characters of base64, so that an encoded word stays within 75 (RFC 2047, section 2)
_LINE = 76


class BadAddress(ValueError):
    """An address that cannot be written to a mail server; the text says why."""


def split_mailbox(mailbox: str) -> tuple[str, str]:
    """`Name <user@host>` as (name, address); the name may be quoted, or missing."""
    match = _MAILBOX.fullmatch(mailbox)
    if match is None:
        return "", mailbox.strip()
    return unquote(match["name"]), match["address"].strip()


def wire_address(address: str) -> str:
    """The address with its domain in ASCII. Only a local part may be left that is not ASCII (RFC 6531).

    Raises BadAddress.
    """
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or len(address) > _LONGEST or _CONTROL.search(address):
        raise BadAddress("this is not a mail address")
    if not local.startswith('"') and re.search(r"[\s<>,;]", local):
        raise BadAddress("this is not a mail address")
    return f"{local}@{wire_domain(domain)}"


@lru_cache(maxsize=4096)
def wire_domain(domain: str) -> str:
    """The domain in ASCII: `straße.example` becomes `xn--strae-oqa.example` (IDNA 2008). Raises BadAddress."""
    if domain.isascii():
        return _clean_domain(domain)
    import idna

    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise BadAddress(f"the domain cannot be written in ASCII: {error}") from None


def _clean_domain(domain: str) -> str:
    if re.search(r"[\s<>,;@]", domain):
        raise BadAddress("this is not a mail address")
    return domain


def phrase(name: str) -> tuple[str, ...]:
    """A display name as words of a header: plain, quoted, or RFC 2047 encoded words of at most 75 characters each.

    What looks like an encoded word is encoded, so that nobody's name is decoded into another.
    """
    if not name.isascii() or "=?" in name:
        return tuple(header_encode(run, "utf-8") for run in _runs(name.encode("utf-8", "replace")))
    if _ATOMS.fullmatch(name):
        return (name,)
    return (f'"{quote(name)}"',) if name else ()


def _runs(text: bytes) -> list[bytes]:
    """The text cut between characters into runs that fit an encoded word."""
    runs = []
    while text:
        run = text[:_WORD_BYTES].decode("utf-8", "ignore").encode()
        runs.append(run)
        text = text[len(run) :]
    return runs


def mailbox_line(header: str, name: str, address: str) -> str:
    """A whole header line for one mailbox, folded where it is longer than 76. `address` is a wire address."""
    words = phrase(name)
    if not words:
        return f"{header}: {address}"
    line = f"{header}: {' '.join(words)} <{address}>"
    return line if len(line) <= _LINE else f"{header}: " + "\r\n ".join((*words, f"<{address}>"))
