"""What a mail server's reply means for a letter. Pure decisions: a reply and its moment in, an outcome out.

The moments are those of RFC 5321, section 3.3: MAIL, RCPT, DATA, and the end of the data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from digest.deliver.receipts import said
from digest.model import Answer

_SHORT = 200  # characters that need no cutting
CLOSING = 421
GO_ON = 354
_ABOUT_US = frozenset({530, 534, 535, 538})
_OUT_OF_ORDER = 503
_QUEUE_ID = re.compile(rb"(?:queued as|\bid=|\bqueue id:?)\s*<?([\w.+/-]{4,100})", re.IGNORECASE)
_ENHANCED = re.compile(rb"\s*([245]\.\d{1,3}\.\d{1,3})\b")
_NO_SUCH_READER = frozenset({b"5.1.1", b"5.1.6", b"5.1.10"})  # RFC 3463, section 3.2; RFC 7505, section 4.2
_NOT_ACCEPTING = b"5.2.1"
_GONE = re.compile(rb"disabled|inactive|deactivated|closed|no longer", re.IGNORECASE)
_UNKNOWN_READER = re.compile(
    rb"(?:user|recipient|mailbox|account|address|alias) (?:is )?(?:unknown|not found|does not exist|doesn't exist)"
    rb"|(?:unknown|no such|invalid) (?:local )?(?:user|recipient|mailbox|account)\b|no such person|no mailbox here"
    rb"|user doesn't have an? ",
    re.IGNORECASE,
)
_SOMEBODY_ELSE = re.compile(rb"sender|domain|\bhost\b|helo|relay", re.IGNORECASE)


@dataclass(slots=True, kw_only=True)
class Reply:
    """A server's reply: its code (-1 where it has none) and its text, the lines of it joined by line ends."""

    code: int
    text: bytes

    @property
    def words(self) -> str:
        text = self.text.decode("utf-8", "replace")
        plain = len(text) < _SHORT and text.isascii() and text.isprintable() and "  " not in text
        return f"{self.code} {text}".strip() if plain else said(f"{self.code} {text}")

    @property
    def positive(self) -> bool:
        return 200 <= self.code < 300

    @property
    def temporary(self) -> bool:
        return 400 <= self.code < 500

    @property
    def permanent(self) -> bool:
        return 500 <= self.code < 600


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What became of a letter in one attempt.

    `stopped` is set when nobody else would fare better until a person has acted, `trouble` when that may pass. `broken`
    says that the connection went, `retry` that nothing of the letter can have arrived and a fresh connection may do.
    """

    answer: Answer
    words: str = ""
    provider_id: str = ""
    stopped: str = ""
    trouble: str = ""
    broken: bool = False
    retry: bool = False

    @property
    def last(self) -> bool:
        """Whether the letters after this one stay in the house."""
        return bool(self.stopped or self.trouble)


def at_reset(reply: Reply) -> Outcome | None:
    """RSET is never refused by a server that is in its right mind. None: go on."""
    return None if reply.positive else out_of_step(reply)


def at_mail(reply: Reply, *, reused: bool) -> Outcome | None:
    """MAIL is about the sender and the server, never about the reader. None: go on.

    `reused` says that the connection has carried letters before: then 421 means that the server finds it too old.
    """
    if reply.positive:
        return None
    if reply.code == CLOSING and reused:
        return Outcome(answer=Answer.UNSENT, words=reply.words, broken=True, retry=True)
    if reply.temporary:
        answer = Answer.TOO_FAST if reply.code in {CLOSING, 450, 451, 452} else Answer.FAILING
        trouble = f"the mail server takes no letters now: {reply.words}"
        return Outcome(answer=answer, words=reply.words, trouble=trouble, broken=reply.code == CLOSING)
    if reply.permanent:
        stopped = f"the mail server refuses the sender: {reply.words}"
        return Outcome(answer=Answer.UNSENT, words=reply.words, stopped=stopped)
    return out_of_step(reply)


def at_recipient(reply: Reply, *, relays: bool) -> Outcome | None:
    """RCPT is about the reader, unless the server wants a login, or relays nothing for us. None: go on.

    `relays` says that the server has taken a letter of ours before.
    """
    if reply.positive:
        return None
    no_relay = reply.permanent and not relays and b"relay" in reply.text.lower()
    if no_relay or reply.code == _OUT_OF_ORDER:
        return _about_us(reply)
    return _refusal(reply)


def at_data(reply: Reply) -> Outcome | None:
    """DATA is answered by 354. None: go on."""
    if reply.code == GO_ON:
        return None
    return out_of_step(reply) if reply.code == _OUT_OF_ORDER else _refusal(reply)


def at_end(reply: Reply) -> Outcome:
    """The letter is whole at the server. Only a positive reply means that the server has taken it over.

    What cannot be read is no answer: the letter may have been taken.
    """
    if reply.positive:
        return Outcome(answer=Answer.TAKEN, words=reply.words, provider_id=queue_id(reply.text))
    if reply.temporary or reply.permanent:
        return _refusal(reply)
    return Outcome(answer=Answer.UNHEARD, words=f"unreadable reply: {reply.words}", broken=True)


def out_of_step(reply: Reply) -> Outcome:
    """A reply that makes no sense at its moment, before the letter was whole."""
    words = f"unexpected reply: {reply.words}"
    return Outcome(answer=Answer.UNSENT, words=words, broken=True, retry=True)


def queue_id(text: bytes) -> str:
    """The server's own name for the letter, as Postfix (`queued as`) and Exim (`id=`) give it, or nothing."""
    match = _QUEUE_ID.search(text, max(text.find(b"queued as"), 0))
    return match[1].decode("ascii") if match else ""


def no_such_reader(reply: Reply) -> bool:
    """Whether a permanent refusal clearly says that there is no such mailbox.

    An enhanced code (RFC 3463) decides where there is one: 5.1.1, 5.1.6 or 5.1.10. 5.2.1, "mailbox disabled", does so
    only if the words say that it is gone or unknown: the same code is given to mailboxes that get too much mail for the
    moment, and such a reader must not be lost. Without a code the words decide, unless they may be about somebody else.
    """
    code = _ENHANCED.match(reply.text)
    if code and code[1] == _NOT_ACCEPTING:
        return any(words.search(reply.text) for words in (_GONE, _UNKNOWN_READER))
    if code:
        return code[1] in _NO_SUCH_READER
    return _UNKNOWN_READER.search(reply.text) is not None and not _SOMEBODY_ELSE.search(reply.text)


def _refusal(reply: Reply) -> Outcome:
    if reply.code == CLOSING:
        trouble = f"the mail server closes: {reply.words}"
        return Outcome(answer=Answer.TOO_FAST, words=reply.words, trouble=trouble, broken=True)
    if reply.temporary:
        return Outcome(answer=Answer.NOT_NOW, words=reply.words)
    if reply.code in _ABOUT_US:
        return _about_us(reply)
    if reply.permanent:
        answer = Answer.NO_MAILBOX if no_such_reader(reply) else Answer.NOT_TAKEN
        return Outcome(answer=answer, words=reply.words)
    return out_of_step(reply)


def _about_us(reply: Reply) -> Outcome:
    stopped = f"the mail server does not send for us: {reply.words}"
    return Outcome(answer=Answer.UNSENT, words=reply.words, stopped=stopped)
