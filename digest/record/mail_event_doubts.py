"""Letters whose fate is in doubt, settled by what somebody told of them.

unknown ── it was taken ──► accepted          owed, and tried before ── it was taken ──► accepted
   └────── it was dropped ──► refused ── it was taken after all ──► accepted
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from digest.model.feedback import DROPS, PASSING, Kept, Rules
from digest.model.ledger import BY_HAND, TOLD
from digest.model.letters import LetterState
from digest.model.readers import EventKind
from digest.record import mail_event_sql
from digest.record.counts import count, finish
from digest.record.instants import to_number

_DROPPED = EventKind.DROPPED.value


class _Told(NamedTuple):
    """One thing told of a letter in doubt, and how that stands."""

    issue: str
    number: int
    kind: EventKind
    letter: str
    words: str
    address: str
    state: LetterState
    why: str
    attempts: int

    @property
    def is_drop(self) -> bool:
        return self.kind in DROPS


class _Fate(NamedTuple):
    """What becomes of a letter."""

    issue: str
    number: int
    before: LetterState
    state: LetterState
    words: str


def settle(driver: sqlite3.Connection, rules: Rules, kept: Kept, *, now: datetime) -> None:
    """Settles the letters that the events laid out tell of; notes in `kept` how many became what."""
    rows = (
        _Told(issue, number, EventKind(kind), letter, words, address, LetterState(state), why, attempts)
        for issue, number, kind, letter, words, address, state, why, attempts in driver.execute(
            mail_event_sql.IN_DOUBT
        ).fetchall()
    )
    ours = (each for each in rows if not each.letter or each.letter in rules.keys_of(each.issue, each.address))
    letters = (tuple(told) for _, told in groupby(ours, key=lambda each: (each.issue, each.number)))
    for fate in _write(driver, filter(None, map(_fate, letters)), now):
        kept.settled[fate.issue, fate.state] = kept.settled.get((fate.issue, fate.state), 0) + 1


def settle_by_kept(driver: sqlite3.Connection, issue: str, numbers: Collection[int], *, now: datetime) -> None:
    """Settles letters that have just become unknown by what was told of them before."""
    fates = []
    for number in numbers:
        told = driver.execute(mail_event_sql.KEPT_OF_LETTER, (issue, number)).fetchall()
        words = [words for kind, words in told if EventKind(kind) in DROPS]
        if told:
            state, why = (LetterState.ACCEPTED, TOLD) if len(words) < len(told) else (LetterState.REFUSED, words[-1])
            fates.append(_Fate(issue, number, LetterState.UNKNOWN, state, why))
    _write(driver, fates, now)


def _fate(told: tuple[_Told, ...]) -> _Fate | None:
    """What becomes of one letter, by everything that was told of it; None leaves it as it is."""
    one = told[0]
    if any(_shows_that_it_was_taken(each) for each in told):
        return _Fate(one.issue, one.number, one.state, LetterState.ACCEPTED, TOLD)
    if one.state is LetterState.UNKNOWN and all(each.is_drop for each in told):
        return _Fate(one.issue, one.number, one.state, LetterState.REFUSED, told[-1].words)
    return None


def _shows_that_it_was_taken(told: _Told) -> bool:
    if told.is_drop:
        return False
    if told.state is LetterState.REFUSED:
        return told.why.startswith(_DROPPED)
    if told.state is LetterState.OWED:
        # Who said "send it again" knew of what is told now only if it is told once more.
        return told.attempts > 0 and (told.why != BY_HAND or told.kind not in PASSING)
    return True


def _write(driver: sqlite3.Connection, fates: Iterable[_Fate], now: datetime) -> Iterator[_Fate]:
    done = []
    for fate in fates:
        values = {**fate._asdict(), "before": fate.before.value, "state": fate.state.value, "now": to_number(now)}
        if driver.execute(mail_event_sql.SETTLE, values).rowcount:
            count(driver, fate.issue, {fate.before.value: -1, fate.state.value: 1})
            done.append(fate)
    for issue in {fate.issue for fate in done}:
        finish(driver, issue)
    return iter(done)
