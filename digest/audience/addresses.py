"""One spelling for one mailbox: what is an address, and which form of it is kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from digest.errors import ConfigurationError

_PLAIN = re.compile(
    r"""
    (?![^@]{65}) [a-z0-9_+'-]++ (?:\.[a-z0-9_+'-]++)*+        # RFC 5321, section 4.5.3.1.1
    @ (?:(?![^.]{64}) [a-z0-9]++ (?:-[a-z0-9]++)*+ \.)++      # no "--" in it: such a label may be Punycode
    (?!(?:arpa|invalid|local|localhost|onion)\Z) [a-z]{2,63}+ \Z
    """,
    re.VERBOSE | re.ASCII,
)
"""What nearly every address looks like; whatever does not is left to the library, which takes fifty times as long."""

_SHORT = re.compile(
    r"""
    [a-z0-9_+'-]++ (?:\.[a-z0-9_+'-]++)*+ @ (?:[a-z0-9]++ (?:-[a-z0-9]++)*+ \.)++
    (?!(?:arpa|invalid|local|localhost|onion)\Z) [a-z]{2,63}+ \Z
    """,
    re.VERBOSE | re.ASCII,
)
"""The same of one with 64 characters at most, which cannot have a part that is too long, in half the time."""

_LONGEST_SHORT = 64
_LONGEST = 254  # RFC 5321, section 4.5.3.1.3, without the angle brackets

_SPECIALS = '()<>[]:;@\\,."'  # RFC 5322, section 3.2.3
_EDGES = " \t\N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE}\N{WORD JOINER}\N{IDEOGRAPHIC SPACE}\N{ZERO WIDTH NO-BREAK SPACE}"


class BadAddress(ValueError):
    """Not an address that a letter can be sent to; the text says why."""


def is_plain(text: str) -> bool:
    """Whether a text is an address in its one spelling already, as nearly all are; False means that it may be."""
    if len(text) <= _LONGEST_SHORT:
        return _SHORT.match(text) is not None
    return len(text) <= _LONGEST and _PLAIN.match(text) is not None


def are_plain(texts: Sequence[str]) -> bool:
    """Whether all of several texts are short addresses in their one spelling already."""
    return max(map(len, texts)) <= _LONGEST_SHORT and all(map(_SHORT.match, texts))


def normalise(address: str) -> str:
    """The one spelling of a mailbox: lower case, its domain in ASCII (`bücher.example` is `xn--bcher-kva.example`).

    Spaces around it are dropped, line breaks are not. Strictly, the part before the @ may depend on letter case
    (RFC 5321, section 2.4); no provider of mailboxes lets it, and two letters to one reader are worse.

    Letters beyond ASCII before the @ stay, composed (RFC 6532, section 3.1); whether a letter can go there is for the
    provider to say, which needs an extension for it (RFC 6531).

    Refused although legal: quoted parts, comments, addresses of machines in brackets, domains without a dot (RFC 5321,
    section 2.3.5, wants them whole), and domains that are reserved for other uses (RFC 6761). `.example` and `.test`
    are taken. `docs/addresses.md` has the reasons.

    Raises BadAddress.
    """
    trimmed = address.strip(_EDGES)
    if trimmed.isascii():
        lowered = trimmed.lower()
        if is_plain(lowered):
            return lowered
    return _examine(trimmed)


def _examine(address: str) -> str:
    from email_validator import EmailNotValidError, validate_email

    if not address:
        raise BadAddress("There is no address.")
    composed = unicodedata.normalize("NFC", address)
    if any(address.count(sign) > composed.count(sign) for sign in _SPECIALS):
        raise BadAddress("A mark stands over a sign that no address holds.")
    try:
        valid = validate_email(
            # Composed first, because the limits of length hold for what is kept; and again in lower case, so that the
            # same comes out when this is done again.
            unicodedata.normalize("NFC", composed.lower()),
            allow_smtputf8=True,
            strict=True,
            check_deliverability=False,
            test_environment=True,
        )
    except EmailNotValidError as error:
        raise BadAddress(str(error)) from error
    if "." not in valid.ascii_domain:
        raise BadAddress("The part after the @-sign is not a whole domain.")
    return f"{valid.local_part}@{valid.ascii_domain}"


def typed_address(text: str) -> str:
    """An address that somebody typed, normalised. Raises ConfigurationError."""
    try:
        return normalise(text)
    except BadAddress as error:
        raise ConfigurationError(f"{text!r} is no address: {error}", hint="write it like reader@example.com") from error
