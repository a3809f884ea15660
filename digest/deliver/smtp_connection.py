"""One connection to a mail server: letter after letter through MAIL, RCPT and DATA.

Where the server offers PIPELINING (RFC 2920), the three go in one write, and the next letter's three go in the same
write as the end of this letter, so that a letter costs one round trip. Elsewhere each command waits for its reply.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from digest.deliver.smtp_replies import (
    CLOSING,
    GO_ON,
    Outcome,
    Reply,
    at_data,
    at_end,
    at_mail,
    at_recipient,
    at_reset,
)
from digest.deliver.smtp_wire import Wire
from digest.deliver.trouble import in_words
from digest.model import Answer

_END = b".\r\n"
_RESET = b"RSET\r\n"
_NO_UTF8 = "the mail server cannot take addresses that are not ASCII (SMTPUTF8)"


@dataclass(slots=True, kw_only=True)
class Posting:
    """A letter ready to go: its envelope, and the message in pieces (it ends in CRLF, no line begins with a dot).

    Both addresses are wire addresses; only the recipient's local part may be other than ASCII. `size` is in bytes.
    """

    sender: str
    recipient: str
    pieces: list[bytes]
    size: int


class Connection:
    """An open connection. Once it broke, `usable` is False and nothing more can be sent on it.

    `answer_patience` is how many seconds the server may take over a whole letter. `carried` counts letters begun.
    A letter goes by `begin`, which a refusal may end, and then `finish`.
    """

    def __init__(self, wire: Wire, offers: Mapping[str, str], *, answer_patience: float) -> None:
        self._wire = wire
        self._offers = offers
        self._answer_patience = answer_patience
        self._ahead: Posting | None = None
        self._unfinished = False  # the server may still be in a transaction, which RSET ends
        self._used_at = time.monotonic()
        self.usable = True
        self.carried = 0

    @cached_property
    def pipelines(self) -> bool:
        """Whether commands may be sent before their forerunners are answered."""
        return "PIPELINING" in self._offers

    @cached_property
    def largest(self) -> int:
        """The most bytes that the server takes in a message (RFC 1870); 0 where it does not say."""
        limit = self._offers.get("SIZE", "").strip()
        return int(limit) if limit.isdecimal() else 0

    def cannot_take(self, posting: Posting) -> Outcome | None:
        """Why the server will not have the letter, as far as it has said so before."""
        if self.largest and posting.size > self.largest:
            stopped = f"the mail server takes {self.largest:,} bytes at most, and the letter has {posting.size:,}"
            return Outcome(answer=Answer.UNSENT, words=stopped, stopped=stopped)
        if not posting.recipient.isascii() and "SMTPUTF8" not in self._offers:
            return Outcome(answer=Answer.NOT_TAKEN, words=_NO_UTF8)
        return None

    def begin(self, posting: Posting, *, relays: bool) -> Outcome | None:
        """Says who writes to whom, unless that went ahead. None: the server waits for the letter."""
        try:
            ask = self._asked_at_once if self.pipelines else self._asked_in_steps
            outcome = ask(posting, relays)
        except OSError as error:
            words = f"the connection broke: {in_words(error)}"
            outcome = Outcome(answer=Answer.UNSENT, words=words, broken=True, retry=True)
        self.carried += 1
        return self._after(outcome) if outcome else None

    def finish(self, posting: Posting, following: Posting | None) -> Outcome:
        """Sends the letter and its end, with the commands of the one that follows behind it if there is one."""
        behind = self._commands(following) if following else b""
        try:
            self._wire.send(b"".join((*posting.pieces, _END, behind)), vital=posting.size + len(_END))
        except OSError as error:
            return self._after(self._cut_short(error))
        self._ahead = following
        return self._after(self._answered())

    def has_given_up(self) -> bool:
        """Whether the server has said something or gone while it was to wait for the letter."""
        return self._wire.has_news()

    def idle(self) -> float:
        """For how many seconds the server has been waiting for us."""
        return time.monotonic() - self._used_at

    def answers(self) -> bool:
        """Asks whether the server is still there; where it is not, the connection is dropped.

        While it waits for a letter it cannot be asked, and `has_given_up` has to do.
        """
        if self._ahead:
            return True
        with suppress(OSError):
            self._wire.send(b"NOOP\r\n")
            if self._wire.reply().positive:
                return True
        self.drop()
        return False

    def leave_off(self) -> None:
        """Sees to it that a letter whose commands went ahead does not go: there is no taking them back."""
        if self._ahead:
            self.drop()

    def close(self) -> None:
        """Says goodbye if anybody listens."""
        self.leave_off()
        if self.usable:
            with suppress(OSError):
                self._wire.send(b"QUIT\r\n")
                self._wire.reply()
        self.drop()

    def drop(self) -> None:
        """Ends the connection without a word. A letter whose end has not left is not delivered (RFC 5321, 4.1.1.4)."""
        self.usable = False
        self._ahead = None
        self._wire.close()

    def _asked_at_once(self, posting: Posting, relays: bool) -> Outcome | None:
        """All commands in one write. Their replies are all read, also those that a refusal makes pointless."""
        resets = self._unfinished
        if self._ahead is not posting:
            self._say(self._commands(posting, resets=resets))
        self._ahead, self._unfinished = None, False
        if resets and (outcome := at_reset(self._wire.reply())):
            return outcome
        if outcome := at_mail(self._wire.reply(), reused=self.carried > 0):
            return self._cleared(outcome, unread=2)
        if outcome := at_recipient(self._wire.reply(), relays=relays):
            return self._cleared(outcome, unread=1)
        outcome = at_data(self._wire.reply())
        self._unfinished = outcome is not None
        return outcome

    def _asked_in_steps(self, posting: Posting, relays: bool) -> Outcome | None:
        resets, self._unfinished = self._unfinished, True
        mail, recipient, data = self._lines(posting)
        outcome = (
            (at_reset(self._told(_RESET)) if resets else None)
            or at_mail(self._told(mail), reused=self.carried > 0)
            or at_recipient(self._told(recipient), relays=relays)
            or at_data(self._told(data))
        )
        self._unfinished = outcome is not None
        return outcome

    def _told(self, command: bytes) -> Reply:
        self._say(command)
        return self._wire.reply()

    def _say(self, commands: bytes) -> None:
        self._used_at = time.monotonic()
        self._wire.send(commands)

    def _commands(self, posting: Posting, *, resets: bool = False) -> bytes:
        return b"".join((_RESET, *self._lines(posting)) if resets else self._lines(posting))

    def _lines(self, posting: Posting) -> tuple[bytes, bytes, bytes]:
        size = f" SIZE={posting.size}" if "SIZE" in self._offers else ""
        utf8 = "" if posting.recipient.isascii() else " SMTPUTF8 BODY=8BITMIME"
        mail = f"MAIL FROM:<{posting.sender}>{size}{utf8}\r\n"
        return mail.encode("ascii"), f"RCPT TO:<{posting.recipient}>\r\n".encode(), b"DATA\r\n"

    def _cleared(self, outcome: Outcome, *, unread: int) -> Outcome:
        """A letter is refused. Where the server waits for it all the same, it gets an empty one, for nobody.

        `unread` replies are still to come, the last of them that to DATA. A connection that fails meanwhile takes
        nothing from the refusal.
        """
        if outcome.broken:
            return outcome
        try:
            codes = [self._wire.reply().code for _ in range(unread)]
            self._unfinished = codes[-1] != GO_ON
            if codes[-1] == GO_ON:
                self._wire.send(_END)
                codes.append(self._wire.reply(self._answer_patience).code)
            outcome.broken = CLOSING in codes or -1 in codes
        except OSError:
            outcome.broken = True
        return outcome

    def _answered(self) -> Outcome:
        """What the server makes of the whole letter. Its silence leaves open whether the letter arrives."""
        try:
            reply = self._wire.reply(self._answer_patience)
        except OSError as error:
            words = f"no answer to the whole letter: {in_words(error)}"
            return Outcome(answer=Answer.UNHEARD, words=words, broken=True)
        self._used_at = time.monotonic()
        return at_end(reply)

    def _cut_short(self, error: OSError) -> Outcome:
        """The end of the letter has not left. A server that hung up because it will not have it may have said so."""
        with suppress(OSError):
            if self._wire.has_news() and (reply := self._wire.reply()).code >= 400:
                outcome = at_end(reply)
                outcome.broken = True
                return outcome
        words = f"the connection broke: {in_words(error)}"
        return Outcome(answer=Answer.UNSENT, words=words, broken=True, retry=True)

    def _after(self, outcome: Outcome) -> Outcome:
        if outcome.broken:
            self.drop()
        return outcome
