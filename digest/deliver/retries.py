"""Retries as decisions: what an answer means for the letter, read from a table of numbers. Nothing here acts or waits.

An answer about the reader (NOT_NOW) is tried again after doubling waits, as mail servers do (RFC 5321, section
4.5.4.1); an answer about the provider's state says nothing of the reader and is tried again soon.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from digest.model import Answer, Receipt
from digest.settings import Retrying

_NOTHING = timedelta()
_ANY = "*"
_UNITS = ((3600, "hour"), (60, "minute"))


class Then(StrEnum):
    """What becomes of a letter after an answer."""

    ACCEPT = "accept"
    """It is the provider's now."""
    REFUSE = "refuse"
    """It never gets there."""
    AGAIN = "again"
    """It is owed again after `wait`, with one attempt more behind it."""
    KEEP = "keep"
    """It is owed as before, from now or after `wait`: that was no attempt."""
    UNKNOWN = "unknown"
    """It may have arrived: never sent again by this table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do with one letter. `wait` counts for AGAIN and KEEP and is never negative.

    `no_mailbox` says that there is no such reader.
    """

    then: Then
    wait: timedelta = _NOTHING
    no_mailbox: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """How one answer is treated. The wait is `wait` (None: the configured first one), doubled with each attempt up to
    `longest` if that is given. With `gives_up` a letter that has been tried for longer than the patience is refused."""

    then: Then
    wait: timedelta | None = _NOTHING
    longest: timedelta = _NOTHING
    gives_up: bool = False
    no_mailbox: bool = False


_SHORT = timedelta(seconds=30)
_LEAST_ASKED = timedelta(seconds=1)
_LONGEST = timedelta(hours=2)
_LONGEST_TROUBLE = timedelta(minutes=15)
# A letter that breaks every connection or every request would be tried for ever if that were no attempt: hence AGAIN.
_TROUBLE = _Row(then=Then.AGAIN, wait=_SHORT, longest=_LONGEST_TROUBLE, gives_up=True)

_TABLE: Mapping[tuple[str, Answer], _Row] = {
    (_ANY, Answer.TAKEN): _Row(then=Then.ACCEPT),
    (_ANY, Answer.NO_MAILBOX): _Row(then=Then.REFUSE, no_mailbox=True),
    (_ANY, Answer.NOT_TAKEN): _Row(then=Then.REFUSE),
    (_ANY, Answer.NOT_NOW): _Row(then=Then.AGAIN, wait=None, longest=_LONGEST, gives_up=True),
    # Our own speed costs no reader the letter: it is kept for as long as the provider wants us to slow down.
    (_ANY, Answer.TOO_FAST): _Row(then=Then.KEEP, wait=_SHORT),
    (_ANY, Answer.FAILING): _TROUBLE,
    (_ANY, Answer.CUT_SHORT): _TROUBLE,
    (_ANY, Answer.UNSENT): _Row(then=Then.KEEP),
    # Of every provider: where a batch can be called back, or repeated under its reference, that was done before this is
    # asked; and what has come to be asked here may go into no other batch.
    (_ANY, Answer.UNHEARD): _Row(then=Then.UNKNOWN),
    # The outbox fails when the disk does (full, taken away, no permission): it says nothing of the letter, ever.
    ("outbox", Answer.FAILING): _Row(then=Then.KEEP, wait=_SHORT),
}
_OWED = {Then.AGAIN, Then.KEEP}
_ACCEPTED = Decision(then=Then.ACCEPT)


def decide(provider: str, receipt: Receipt, *, attempts: int, tried_for: timedelta, retrying: Retrying) -> Decision:
    """What an answer means for its letter.

    `attempts` is how many came before this one, `tried_for` the time since the first of them (0 at the first; less than
    that, after the clock was set back, counts as 0). A provider's own `wait` is honoured where it is longer, but AGAIN
    never leads beyond the patience, at whose end a last attempt is made.
    """
    if receipt.answer is Answer.TAKEN:  # nearly every letter: not worth a new value
        return _ACCEPTED
    row = _TABLE.get((provider, receipt.answer)) or _TABLE[_ANY, receipt.answer]
    left = retrying.patience - max(tried_for, _NOTHING)
    if row.gives_up and left <= _NOTHING:
        return Decision(then=Then.REFUSE, words=_given_up(retrying.patience, receipt))
    wait = _wait(row, receipt, attempts, retrying)
    return Decision(
        then=row.then,
        wait=min(wait, left) if row.gives_up else wait,
        no_mailbox=row.no_mailbox,
        words=_words(receipt),
    )


def _wait(row: _Row, receipt: Receipt, attempts: int, retrying: Retrying) -> timedelta:
    """The row's wait, or the provider's, which takes its place for answers about our speed."""
    if row.then not in _OWED:
        return _NOTHING
    asked = _asked(receipt, retrying)
    if receipt.answer is Answer.TOO_FAST and asked:
        return max(asked, _LEAST_ASKED)
    return max(asked, _own_wait(row, attempts, retrying))


def _own_wait(row: _Row, attempts: int, retrying: Retrying) -> timedelta:
    first = retrying.first_wait if row.wait is None else row.wait
    if not row.longest:
        return first
    return timedelta(seconds=min(first.total_seconds() * 2.0 ** min(max(attempts, 0), 64), row.longest.total_seconds()))


def _asked(receipt: Receipt, retrying: Retrying) -> timedelta:
    """What the provider asks for; a number that cannot be meant is none, and the patience is its limit."""
    if not math.isfinite(receipt.wait) or receipt.wait <= 0:
        return _NOTHING
    return timedelta(seconds=min(receipt.wait, retrying.patience.total_seconds()))


def _words(receipt: Receipt) -> str:
    return receipt.words or str(receipt.answer)


def _given_up(patience: timedelta, receipt: Receipt) -> str:
    return f"given up after {_in_words(patience)}: {_words(receipt)}"


def _in_words(time: timedelta) -> str:
    """`24 hours`, `1 hour`, `90 minutes`, `5 seconds`."""
    seconds = time.total_seconds()
    size, unit = next(((size, unit) for size, unit in _UNITS if seconds >= size and seconds % size == 0), (1, "second"))
    number = f"{seconds / size:g}"
    return f"{number} {unit}" if number == "1" else f"{number} {unit}s"
