"""A way to the mail server: one connection at a time, kept open between batches and replaced when it breaks."""

from __future__ import annotations

import ssl
import time
from collections.abc import Sequence
from threading import Lock

from digest.deliver.mailbox import BadAddress, wire_address
from digest.deliver.message import MessageTemplate
from digest.deliver.once_per_campaign import OncePerCampaign
from digest.deliver.receipts import all_with, nothing_left, receipt
from digest.deliver.seam import Gate
from digest.deliver.smtp_connection import Connection, Posting
from digest.deliver.smtp_opening import Unreachable, open_connection
from digest.deliver.smtp_replies import Outcome
from digest.errors import ConfigurationError
from digest.model import Answer, Batch, Campaign, Delivery, Letter, Receipt
from digest.settings import Smtp

_BREAKS_IN_A_ROW = 3
_BROKEN = (Answer.UNHEARD, Answer.CUT_SHORT)
_IDLE = 30.0  # seconds after which a connection is asked whether it still stands
_BRISK = 0.2  # seconds: a gate that holds a letter for longer must not hold a server that has the next one's commands


class Standing:
    """What all lines have learned of the mail server. Threads share it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._breaks = 0
        self.relays = False
        """Whether it has taken a letter of ours."""

    def note(self, outcome: Outcome) -> int:
        """Takes an outcome in, and gives how many connections broke in a row, whichever line they were on."""
        if outcome.answer is Answer.TAKEN and self.relays and not self._breaks:
            return 0
        with self._lock:
            if outcome.answer is Answer.TAKEN:
                self.relays = True
            if outcome.answer in _BROKEN:
                self._breaks += 1
            elif outcome.answer is not Answer.UNSENT:
                self._breaks = 0
            return self._breaks


class SmtpLine:
    """Sends batch after batch. `answer_patience` is how many seconds the server may take over a whole letter."""

    def __init__(
        self,
        settings: Smtp,
        context: ssl.SSLContext | None,
        templates: OncePerCampaign[MessageTemplate],
        standing: Standing,
        *,
        answer_patience: float,
    ) -> None:
        self.standing = standing
        self.server = settings.host
        self.share = settings.letters_per_connection
        self._settings = settings
        self._context = context
        self._templates = templates
        self._answer_patience = answer_patience
        self._connection: Connection | None = None

    def reserve(self) -> str:
        """SMTP knows no reference: what has left cannot be asked back."""
        return ""

    def send(self, campaign: Campaign, batch: Batch, gate: Gate) -> Delivery:
        """Sends the letters one by one, in their order. After `stopped` or `trouble` the rest is unsent."""
        try:
            template = self._templates.of(campaign)
        except ConfigurationError as error:
            return nothing_left(batch.letters, stopped=str(error))
        try:
            return Round(self, template, batch.letters, gate).delivery()
        except BaseException:  # the gate's: where the conversation stands is not known any more
            self._drop()
            raise
        finally:
            self._leave_off()

    def close(self) -> None:
        """Ends the connection."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def _leave_off(self) -> None:
        if self._connection:
            self._connection.leave_off()

    def _drop(self) -> None:
        if self._connection:
            self._connection.drop()

    def connection(self) -> Connection:
        """The connection at hand, or a new one when it broke, has carried its share, or is gone. Raises Unreachable."""
        kept = self._connection
        if kept and kept.usable and kept.carried < self.share and (kept.idle() < _IDLE or kept.answers()):
            return kept
        self.close()
        patience = min(self._settings.timeout, self._answer_patience)
        opened = open_connection(self._settings, self._context, patience=patience)
        self._connection = Connection(opened.wire, opened.offers, answer_patience=self._answer_patience)
        return self._connection


class Passage:
    """One letter's way through the gate: it is asked once, however often the letter must be tried."""

    __slots__ = ("_gate", "letter", "started", "waited")

    def __init__(self, gate: Gate, letter: Letter) -> None:
        self._gate = gate
        self.letter = letter
        self.started = False
        self.waited = 0.0

    def open(self) -> bool:
        """Whether the letter may go, after as long as the gate takes to say so."""
        if not self.started:
            before = time.monotonic()
            self.started = self._gate.start(self.letter)
            self.waited = time.monotonic() - before
        return self.started

    def ended(self, outcome: Outcome) -> Receipt:
        """The letter's receipt. The gate hears of what it let pass, as soon as an answer was heard."""
        made = receipt(self.letter, outcome.answer, outcome.words, outcome.provider_id)
        if self.started and outcome.answer is not Answer.UNHEARD:
            self._gate.done(made)
        return made


class Round:
    """One batch on its way through a line."""

    def __init__(self, line: SmtpLine, template: MessageTemplate, letters: Sequence[Letter], gate: Gate) -> None:
        self._line = line
        self._template = template
        self._letters = letters
        self._gate = gate
        self._ready: dict[int, Posting | Outcome] = {}

    def delivery(self) -> Delivery:
        """Sends the letters, until the last of them or until nobody would fare better."""
        receipts: list[Receipt] = []
        for number, letter in enumerate(self._letters):
            passage = Passage(self._gate, letter)
            outcome = self._outcome(number, passage)
            if outcome is None:
                return Delivery(receipts=(*receipts, *self._rest(number)))
            receipts.append(passage.ended(outcome))
            if outcome.last:
                whole = (*receipts, *self._rest(number + 1))
                return Delivery(receipts=whole, stopped=outcome.stopped, trouble=outcome.trouble)
        return Delivery(receipts=tuple(receipts))

    def _rest(self, number: int) -> tuple[Receipt, ...]:
        return all_with(self._letters[number:], Answer.UNSENT)

    def _outcome(self, number: int, passage: Passage) -> Outcome | None:
        """What became of a letter, at the second attempt if the first broke before it was whole; None: a shut gate."""
        posting = self._posting(number)
        del self._ready[number]
        if isinstance(posting, Outcome):
            return posting
        outcome = self._attempt(number, posting, passage)
        if outcome and outcome.retry:
            outcome = _final(self._attempt(number, posting, passage), passage)
        return self._judged(outcome) if outcome else None

    def _attempt(self, number: int, posting: Posting, passage: Passage) -> Outcome | None:
        """Takes the letter to the server; None if the gate is shut."""
        try:
            connection = self._line.connection()
        except Unreachable as error:
            return _unreachable(error)
        refusal = connection.cannot_take(posting) or connection.begin(posting, relays=self._line.standing.relays)
        if refusal:
            return refusal
        if not passage.open():
            connection.drop()  # the server waits for a letter that must not go
            return None
        if connection.idle() > _BRISK and connection.has_given_up():
            connection.drop()
            return Outcome(answer=Answer.UNSENT, words="the mail server did not wait", broken=True, retry=True)
        return connection.finish(posting, self._following(number, connection, passage))

    def _following(self, number: int, connection: Connection, passage: Passage) -> Posting | None:
        """The letter whose commands go along with the end of this one, if there is one that can."""
        room = connection.pipelines and connection.carried < self._line.share and passage.waited <= _BRISK
        if not room or number + 1 >= len(self._letters):
            return None
        following = self._posting(number + 1)
        return None if isinstance(following, Outcome) or connection.cannot_take(following) else following

    def _posting(self, number: int) -> Posting | Outcome:
        """The letter ready to go, made once, or why it cannot."""
        if number not in self._ready:
            self._ready[number] = self._made(self._letters[number])
        return self._ready[number]

    def _made(self, letter: Letter) -> Posting | Outcome:
        try:
            recipient = wire_address(letter.address)
        except BadAddress as error:
            return Outcome(answer=Answer.NOT_TAKEN, words=str(error))
        pieces = self._template.spliced(letter, recipient)
        sender = self._template.return_path.of(letter)
        return Posting(sender=sender, recipient=recipient, pieces=pieces, size=sum(map(len, pieces)))

    def _judged(self, outcome: Outcome) -> Outcome:
        """Stops when connections break letter after letter: each may cost a letter whose fate nobody knows."""
        breaks = self._line.standing.note(outcome)
        if outcome.answer is Answer.UNHEARD and breaks >= _BREAKS_IN_A_ROW:
            outcome.trouble = f"the connection to {self._line.server} broke {breaks} times in a row: {outcome.words}"
        return outcome


def _unreachable(error: Unreachable) -> Outcome:
    words = str(error)
    return Outcome(
        answer=Answer.UNSENT,
        words=words,
        stopped=words if error.stopped else "",
        trouble="" if error.stopped else words,
    )


def _final(outcome: Outcome | None, passage: Passage) -> Outcome | None:
    """The second attempt's outcome. A letter that broke off twice, or that had left in part, is cut short."""
    if outcome and outcome.retry:
        outcome.answer, outcome.trouble = Answer.CUT_SHORT, outcome.words
    if outcome and outcome.answer is Answer.UNSENT and passage.started:
        outcome.answer = Answer.CUT_SHORT
    return outcome
