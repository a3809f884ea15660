"""Whether a refusal is about the address, and so for good, or about this letter, its sender, or the moment.

Hard is only what is really the address: no such user, no such host, a host that takes no mail at all, a mailbox that
has
moved. Everything else is soft, also a mailbox that is full, switched off or closed to us: that may pass, and a reader
must not be lost. The codes are those of RFC 3463 and of IANA's registry of enhanced status codes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from digest.returns import refusal_words as words_of

_CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,2})\.(\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d./])(?<!\d:)([45]\d\d)(?![\d./:])")
_DEAD_CODES = frozenset({"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.4.4"})
"""Also 5.1.0 (something about the address) and 5.4.4 (no route), where the words do not say otherwise."""
_WRAPPED = re.compile(r"^.{0,40}5\.\d\.\d - [^'\"]{0,60}?(?=\d{3}[ -]['\"])")
"""What Cisco's servers put before the reply that they got: `5.1.0 - Unknown address error 550-'…'`."""
_BY_RULE = re.compile(r"inbound-smtp\.[\w-]+\.amazonaws\.com", re.IGNORECASE)
"""Amazon's receiving service takes every letter; a rule of the receiver then answers in words of its own choice."""
_TRANSCRIPT = re.compile(r"^[ \t>]*>>> (\w{4})[^\n]*\n[ \t>]*<<< 5", re.IGNORECASE | re.MULTILINE)
_LONGEST = 4000
_ADDRESSES = re.compile(r"\S{1,300}@\S{1,300}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What is known of a refusal.

    `words` are what the other server said, `around` what the reporting server says of it; both on any number of lines.
    `status` is the report's own enhanced code, `reporter` the server that reports, `is_standard` whether all this comes
    from the fields of a report (RFC 3464) and not from prose.
    """

    words: str
    around: str = ""
    status: str = ""
    reporter: str = ""
    is_standard: bool = False


def is_dead(refusal: Refusal) -> bool:
    """Whether the refusal says that the address is dead. The words weigh more than the code, and the code of the server
    that refused more than the one that its messenger put on top."""
    words = _WRAPPED.sub("", " ".join(refusal.words[:_LONGEST].split()))
    code = _telling_code(words) or _telling_code(refusal.status)
    if _may_pass(refusal, words, code):
        return False
    if any(phrase.search(words) for phrase in (words_of.SURELY_NO_SUCH_USER, words_of.TAKES_NO_MAIL, words_of.MOVED)):
        return True
    no_such_user = words_of.NO_SUCH_USER.search(words) is not None
    if code in _DEAD_CODES:
        return no_such_user or not words_of.SOMETHING_ELSE.search(_ADDRESSES.sub(" ", words))
    if words_of.NO_SUCH_HOST.search(words):
        return not code.startswith(("5.2.", "5.7."))
    return no_such_user and _is_about_the_address(refusal, words)


def _may_pass(refusal: Refusal, words: str, code: str) -> bool:
    """Whether the refusal is temporary, whatever the words for it, or not the mail server's own."""
    temporary = code.startswith("4") if code else _first_reply(words).startswith("4")
    if temporary or refusal.status.startswith("4") or words_of.BROKEN.search(words):
        return True
    return bool(words_of.SWITCHED_OFF.search(refusal.around[:_LONGEST]) or _BY_RULE.search(refusal.reporter))


def _is_about_the_address(refusal: Refusal, words: str) -> bool:
    """Whether bare words, without a code that says the same, were said of the address. A server that takes the address
    first and refuses the letter refuses what it has read; where it is not known when it said so, the reader stays."""
    if moment := _moment(f"{refusal.around[:_LONGEST]}\n{refusal.words[:_LONGEST]}"):
        return moment == "rcpt"
    if _telling_code(words) or _telling_code(refusal.status):
        return True
    return not refusal.status and (refusal.is_standard or not _first_reply(words))


def _moment(text: str) -> str:
    """The command that was refused: `rcpt`, `data`, or nothing where that is not told."""
    if words_of.NEED_RECIPIENT.search(text):
        return "rcpt"
    if transcript := _TRANSCRIPT.search(text):
        return transcript[1].lower()
    line = " ".join(text.split())
    if words_of.AT_DATA.search(line):
        return "data"
    return "rcpt" if words_of.AT_RECIPIENT.search(line) else ""


def _telling_code(text: str) -> str:
    """The first enhanced code that says more than that something went wrong (x.0.0)."""
    return next((match[0] for match in _CODE.finditer(text) if match[2] != "0"), "")


def _first_reply(words: str) -> str:
    found = _REPLY.search(words)
    return found[1] if found else ""
