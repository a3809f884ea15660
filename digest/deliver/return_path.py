"""Return paths: where a mail server sends a letter back that it cannot deliver (the envelope's sender).

With VERP (variable envelope return path) each letter has its own: `bounces+4711-2026-11-20-0f3a…@docket.example`, with
the reader's number, the issue, and the beginning of the letter's own key, which only the secret's owner can make (see
`letters`). So a bounce tells whom it is about, whatever is written in it, and nobody can make one up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from digest.deliver.mailbox import BadAddress, wire_address
from digest.errors import ConfigurationError
from digest.model import Letter

_MARK = 16  # hexadecimal digits, 64 bits
_LONGEST = 64  # octets before the @ (RFC 5321, section 4.5.3.1.1)
_TOKEN = re.compile(rf".+\+(?P<number>\d{{1,12}})-(?P<issue>\d{{4}}-\d\d-\d\d)-(?P<mark>[0-9a-f]{{{_MARK}}})", re.ASCII)
_LONGEST_TOKEN = len("+999999999999-2026-11-20-") + _MARK


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a return path says of its letter. It is proved once `mark` is how the letter's key begins."""

    number: int
    issue: str
    mark: str


class ReturnPath:
    """The return paths of a campaign's letters: `address` for all of them, or with `verp` one for each.

    Raises ConfigurationError.
    """

    __slots__ = ("_after", "_before", "_plain", "_verp")

    def __init__(self, address: str, *, verp: bool) -> None:
        self._plain = _checked(address, verp)
        local, _, domain = self._plain.rpartition("@")
        self._before, self._after, self._verp = f"{local}+", f"@{domain}", verp

    def of(self, letter: Letter) -> str:
        """The letter's return path, as it goes on the envelope."""
        if not self._verp:
            return self._plain
        issue, _, rest = letter.message_id[1:].partition(".")
        return f"{self._before}{letter.key}-{issue}-{rest[:_MARK]}{self._after}"


def read_return_path(address: str) -> Token | None:
    """What a return path says; None for an address that is none. Letter case does not matter."""
    match = _TOKEN.fullmatch(address.lower().rpartition("@")[0])
    return Token(number=int(match["number"]), issue=match["issue"], mark=match["mark"]) if match else None


def proves(token: Token, letter_key: str) -> bool:
    """Whether the return path is that of the letter with this key."""
    return letter_key.startswith(token.mark)


def _checked(address: str, verp: bool) -> str:
    try:
        on_the_wire = wire_address(address)
    except BadAddress as error:
        raise ConfigurationError(f"returns.address = {address!r}: {error}") from None
    local = on_the_wire.rpartition("@")[0]
    if not on_the_wire.isascii():
        raise ConfigurationError(f"returns.address = {address!r}: its part before the @ must be ASCII")
    if verp and len(local) + _LONGEST_TOKEN > _LONGEST:
        most = _LONGEST - _LONGEST_TOKEN
        raise ConfigurationError(
            f"returns.address = {address!r} is too long for a return path of each letter's own",
            hint=f"take one with {most} characters before the @ at most, or set returns.verp = false",
        )
    return on_the_wire
