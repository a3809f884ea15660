"""What a mail server's reply means for a letter. Pure decisions: a reply and its moment in, an outcome out.

The moments are those of RFC 5321, section 3.3: MAIL, RCPT, DATA, and the end of the data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from digest.deliver.receipts import said
from digest.model import Fate

CLOSING = 421
_ABOUT_US = frozenset({503, 530, 534, 535, 538})
_QUEUE_ID = re.compile(r"(?:queued as|\bid=|\bqueue id:?)\s*<?([\w.+/-]{4,100})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A server's reply: its code (-1 where it has none) and its text."""

    code: int
    text: bytes

    @property
    def words(self) -> str:
        return said(f"{self.code} {self.text.decode('utf-8', 'replace')}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a letter in one attempt.

    `stopped` is set when nobody else would fare better. `broken` says that the connection went, `retry` that nothing
    of the letter can have arrived and a fresh connection may do.
    """

    fate: Fate
    words: str = ""
    provider_id: str = ""
    stopped: str = ""
    broken: bool = False
    retry: bool = False


def at_mail(reply: Reply, *, reused: bool) -> Outcome | None:
    """MAIL is about the sender and the server, never about the reader. None: go on."""
    if _positive(reply):
        return None
    if reply.code == CLOSING and reused:  # it closes a connection that it finds too old or too long in use
        return Outcome(fate=Fate.UNSENT, words=reply.words, broken=True, retry=True)
    if _temporary(reply):
        return Outcome(
            fate=Fate.DEFERRED, words=reply.words, stopped=f"the mail server takes no letters now: {reply.words}"
        )
    if _permanent(reply):
        return Outcome(
            fate=Fate.UNSENT, words=reply.words, stopped=f"the mail server refuses the sender: {reply.words}"
        )
    return _out_of_step(reply)


def at_recipient(reply: Reply, *, relays: bool) -> Outcome | None:
    """RCPT is about the reader, unless the server wants a login, or relays nothing for us. None: go on.

    `relays` says that the server has taken a letter of ours before.
    """
    if _positive(reply):
        return None
    if reply.code in _ABOUT_US or (_permanent(reply) and b"relay" in reply.text.lower() and not relays):
        return Outcome(
            fate=Fate.UNSENT, words=reply.words, stopped=f"the mail server does not send for us: {reply.words}"
        )
    return _refusal(reply)


def at_data(reply: Reply) -> Outcome | None:
    """DATA is answered by 354. None: go on."""
    return None if reply.code == 354 else _refusal(reply)


def at_end(reply: Reply) -> Outcome:
    """The letter is whole at the server. Only a positive reply means that the server has taken it over."""
    if _positive(reply):
        return Outcome(fate=Fate.ACCEPTED, words=reply.words, provider_id=queue_id(reply.text))
    if _temporary(reply) or _permanent(reply):
        return _refusal(reply)
    return Outcome(fate=Fate.UNKNOWN, words=f"unreadable reply: {reply.words}", broken=True)


def queue_id(text: bytes) -> str:
    """The server's own name for the letter, as Postfix (`queued as`) and Exim (`id=`) give it, or nothing."""
    match = _QUEUE_ID.search(text.decode("utf-8", "replace"))
    return match[1] if match else ""


def _refusal(reply: Reply) -> Outcome:
    if reply.code == CLOSING:
        return Outcome(
            fate=Fate.DEFERRED, words=reply.words, stopped=f"the mail server closes: {reply.words}", broken=True
        )
    if _temporary(reply):
        return Outcome(fate=Fate.DEFERRED, words=reply.words)
    if _permanent(reply):
        return Outcome(fate=Fate.REFUSED, words=reply.words)
    return _out_of_step(reply)


def _out_of_step(reply: Reply) -> Outcome:
    return Outcome(fate=Fate.UNSENT, words=f"unexpected reply: {reply.words}", broken=True, retry=True)


def _positive(reply: Reply) -> bool:
    return 200 <= reply.code < 300


def _temporary(reply: Reply) -> bool:
    return 400 <= reply.code < 500


def _permanent(reply: Reply) -> bool:
    return 500 <= reply.code < 600
