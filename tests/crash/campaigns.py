"""A campaign that is killed again and again, and the account of it: ledger against sink."""

from __future__ import annotations

import random
import signal
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.crash.newsroom import ISSUE, Newsroom
from tests.crash.processes import Process
from tests.crash.sinks import Sink
from tests.crash.steps import REST, Turn

SEND = ("send", "--yes")
_KILLED = -signal.SIGKILL
_EARLY = 0.2
"""The share of kills that fall anywhere from the start of the process on; the others, once it is at work."""
_KILLS_BETWEEN_RESTS = 4
"""Two requests are under way when a sender is killed, and the service calls ten batches back at a time."""
_STATES = ("owed", "claimed", "accepted", "refused", "unknown", "left_out")


@dataclass(slots=True, kw_only=True)
class Account:
    """What came of a campaign, or of several: `bound` is how many unknown letters there may be.

    `lost` are readers who got nothing and for whom the ledger does not say so; `twice` are those with more than one
    letter; `wrong` are readers who got a letter of which the ledger says that it never left.
    """

    kills: int = 0
    readers: int = 0
    lost: int = 0
    twice: int = 0
    wrong: int = 0
    unknown: int = 0
    bound: int = 0

    def add(self, other: Account) -> None:
        for name in Account.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def check(self) -> None:
        """What is promised of every campaign."""
        assert (self.lost, self.twice, self.wrong) == (0, 0, 0), self
        assert self.unknown <= self.bound, self


class Campaign:
    """One issue on its way from a newsroom to a sink."""

    def __init__(self, folder: Path, sink: Sink, readers: int, *, forked: bool = True) -> None:
        self.sink = sink
        self.newsroom = Newsroom.make(folder, readers, sink.delivery(), forked=forked)
        self.newsroom.runner = sink.runner()
        self.kills = 0

    def kill_at(self, turn: Turn) -> None:
        """Sends until the process kills itself at a step."""
        arguments = (*SEND, "--limit", str(turn.limit)) if turn.limit else SEND
        code = self.newsroom.run(*arguments, victim=("--step", turn.step, "--nth", str(turn.nth)))
        assert code == _KILLED, f"{turn} was not reached: exit {code}\n{self.newsroom.said()[-2000:]}"
        self._count_kill()

    def kill_somewhere(self, chance: random.Random, span: float) -> bool:
        """Kills a sender at a random instant: as a rule within `span` seconds of its first claim. False if it was done
        before."""
        before = self.newsroom.journals()
        with self.newsroom.start(*SEND) as process:
            if chance.random() < _EARLY:
                process.sleep(chance.uniform(0, 1.5))
            else:
                self._await_work(process, before)
                process.sleep(chance.uniform(0, span))
            code = process.kill()
        if code != _KILLED:
            self.newsroom.check(code, {0, 6})
            return False
        self._count_kill()
        return True

    def rest(self) -> None:
        """Has what the dead left behind settled, and lets time pass, where a service needs it."""
        if self.sink.holds:
            self.newsroom.expect({0, 5, 6}, *SEND, "--limit", "1")
            self.sink.let_time_pass()
            self.newsroom.runner = self.sink.runner()

    def finish(self) -> Account:
        """Sends what is left, and compares."""
        self.newsroom.expect({0, 6}, *SEND)
        return self.account()

    def account(self) -> Account:
        """Compares the ledger of a finished campaign with the sink."""
        self.sink.let_time_pass()
        received, ledger = self.sink.received(), self.newsroom.ledger()
        assert set(received) <= self.newsroom.addresses, "the sink got a letter to nobody"
        assert not ledger.counts["owed"] and not ledger.counts["claimed"], ledger.counts
        assert (ledger.state == "sent") == (not ledger.counts["unknown"]), ledger.counts
        states = ledger.letters
        silent = {"unknown", "refused", "left_out"}
        return Account(
            kills=self.kills,
            readers=self.newsroom.readers,
            lost=sum(1 for each in self.newsroom.addresses if not received[each] and states.get(each) not in silent),
            twice=sum(1 for letters in received.values() if letters > 1),
            wrong=sum(1 for each in received if states.get(each) not in {"accepted", "unknown"}),
            unknown=ledger.counts["unknown"],
            bound=self.kills * self.sink.most_in_doubt,
        )

    def _count_kill(self) -> None:
        self.kills += 1
        with self.newsroom.looking() as store:
            _check_books(store)

    def _await_work(self, process: Process, before: frozenset[str]) -> None:
        while process.code is None and self.newsroom.journals() <= before:
            process.sleep(0.005)


def _check_books(store: sqlite3.Connection) -> None:
    """After every kill the store is whole, its counts are right, and nothing is called sent before it is settled."""
    assert store.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    found = store.execute(f"SELECT state, {', '.join(_STATES)} FROM issue WHERE id = ?", (ISSUE,)).fetchone()
    state, counts = found[0], dict(zip(_STATES, found[1:], strict=True))
    letters = dict(store.execute("SELECT state, count(*) FROM letter WHERE issue = ? GROUP BY state", (ISSUE,)))
    assert counts == {each: letters.get(each, 0) for each in _STATES}, (counts, letters)
    if state == "sent":
        assert not (counts["owed"] or counts["claimed"] or counts["unknown"]), counts


def kill_at_every_step(folder: Path, sink: Sink, readers: int, turns: Sequence[Turn]) -> Account:
    """One campaign, killed at each of the steps in their order; every run resumes the one before."""
    campaign = Campaign(folder, sink, readers)
    for turn in turns:
        if turn is REST:
            campaign.rest()
        else:
            campaign.kill_at(turn)
    return campaign.finish()


def kill_at_random(
    folder: Path, sink: Sink, readers: int, *, kills: int, span: float, seed: int, forked: bool = True
) -> Account:
    """One campaign, killed so many times, or until it is done."""
    campaign, chance = Campaign(folder, sink, readers, forked=forked), random.Random(seed)
    while campaign.kills < kills and campaign.kill_somewhere(chance, span):
        if campaign.kills % _KILLS_BETWEEN_RESTS == 0:
            campaign.rest()
    return campaign.finish()
