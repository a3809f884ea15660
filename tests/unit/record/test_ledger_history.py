"""Any history of senders that claim, settle, die, are taken over, and of hands that stop, pause and suppress."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.model import Answer, Claim, LetterState, Receipt, Settlement
from digest.model.ledger import Orphan
from digest.record.journal import Journal
from digest.record.location import url_of
from digest.record.senders import LeaseLost
from digest.record.store import Store
from tests.unit.record.newsroom import (
    ISSUE,
    NOW,
    counts,
    in_the_rows,
    listed,
    planned,
    reader,
    row,
    settlements,
    wish,
)

READERS = 30
STATES = st.sampled_from([LetterState.ACCEPTED, LetterState.REFUSED, LetterState.UNKNOWN, LetterState.OWED])


class Process:
    """A sender as it is in life: a key, a journal that it locks, and the batches in its hands."""

    def __init__(self, store: Store, name: str) -> None:
        self.journal = Journal(store.senders.folder, name)
        self.key = store.senders.enter(ISSUE, name, now=NOW)
        self.claims: list[Claim] = []
        self.orphans: list[Orphan] = []
        self.alive = True


class Step(NamedTuple):
    """Something that happens: by whom, to whom, and two numbers and a state of which each act makes what it needs."""

    act: str
    who: int
    whom: int
    first: int
    second: int
    state: LetterState


class History:
    """Letters leave one after the other, noted in the journal; `taken` is what the provider has."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.processes: list[Process] = []
        self.taken: set[int] = set()
        self.resent: set[int] = set()
        self.said_no: set[int] = set()
        self.listed = set(range(1, READERS + 1))
        self.lived: Counter[str] = Counter()

    def lives(self, step: Step) -> None:
        """One step, if it can be taken, after which all must be in order."""
        if ACTS[step.act](self):
            getattr(self, step.act)(step)
            self.lived[step.act] += 1
            self.each_letter_is_counted_once()
            self.what_the_provider_has_is_not_owed()

    def end(self) -> None:
        for one in self.living():
            one.journal.close(keep=False)

    def living(self) -> list[Process]:
        return [one for one in getattr(self, "processes", []) if one.alive]

    def one_of(self, number: int) -> Process:
        living = self.living()
        return living[number % len(living)]

    def a_sender_enters(self, step: Step) -> None:
        self.processes.append(Process(self.store, f"sender-{len(self.processes)}"))

    def claims(self, step: Step) -> None:
        one = self.one_of(step.who)
        claim = self.store.ledger.claim(ISSUE, wish(one.key, 1 + step.first, journal=one.journal.name), now=NOW)
        keys = {letter.key for letter in claim.letters}
        assert not keys & (self.taken - self.resent), "a letter that the provider has was given out"
        assert not keys & self.said_no, "somebody who said no would be written to"
        assert keys <= self.listed
        assert not keys & {letter.key for each in self.processes for held in each.claims for letter in held.letters}
        if claim.letters:
            one.claims.append(claim)

    def settles(self, step: Step) -> None:
        """The first letter's answer is `state`, and all others are accepted."""
        busy = [one for one in self.living() if one.claims]
        claim = busy[step.who % len(busy)].claims.pop(0)
        answers = settlements(claim, LetterState.ACCEPTED)
        answers[0] = Settlement(key=answers[0].key, state=step.state, due=NOW, tried=bool(step.first))
        self.taken |= {each.key for each in answers if each.state is LetterState.ACCEPTED}
        assert self.store.ledger.settle(ISSUE, claim.number, answers, now=NOW).missed == 0

    def is_killed(self, step: Step) -> None:
        """Some letters of its first batch had left; some of those were taken, and it heard of some of those."""
        one = self.one_of(step.who)
        for claim in one.claims[:1]:
            for place, letter in enumerate(claim.letters[: step.first]):
                one.journal.started(claim.number, letter.key)
                self.taken.add(letter.key)
                if place < step.second:
                    one.journal.answered(claim.number, Receipt(key=letter.key, answer=Answer.TAKEN))
        one.journal.close(keep=True)
        one.alive = False

    def takes_over(self, step: Step) -> None:
        one = self.one_of(step.who)
        for each in self.processes:
            if not each.alive:
                each.claims.clear()
        known = {orphan.number for orphan in one.orphans}
        found = self.store.senders.take_over(ISSUE, one.key, now=NOW)
        one.orphans += [orphan for orphan in found if orphan.number not in known]

    def settles_an_orphan(self, step: Step) -> None:
        heirs = [one for one in self.living() if one.orphans]
        orphan = heirs[step.who % len(heirs)].orphans.pop(0)
        answers = [Settlement(key=letter.key, state=self.fate(orphan, letter.key)) for letter in orphan.letters]
        for each in answers:
            each.due = NOW
        self.store.ledger.settle(ISSUE, orphan.number, answers, now=NOW)

    @staticmethod
    def fate(orphan: Orphan, key: int) -> LetterState:
        if key in orphan.receipts:
            return LetterState.ACCEPTED
        return LetterState.OWED if orphan.whole and key not in orphan.started else LetterState.UNKNOWN

    def one_that_has_nothing_leaves(self, step: Step) -> None:
        one = next(each for each in self.living() if not each.claims)
        if not one.orphans and not self.store.senders.take_over(ISSUE, one.key, now=NOW):
            self.store.senders.leave(one.key, now=NOW)
            one.journal.close(keep=False)
            one.alive = False
            self.store.senders.forget_journals()

    def somebody_says_no(self, step: Step) -> None:
        self.store.suppressions.add(reader(step.whom).address, "asked", now=NOW)
        self.said_no.add(step.whom)

    def somebody_leaves_the_list(self, step: Step) -> None:
        if self.listed != {step.whom}:
            self.listed.discard(step.whom)
            listed(self.store, [row(key) for key in sorted(self.listed)])

    def doubts_are_settled_by_hand(self, step: Step) -> None:
        state = LetterState.OWED if step.first else LetterState.ACCEPTED
        with self.store.ledger.letters(ISSUE, LetterState.UNKNOWN) as found:
            doubtful = {letter.key for letter in found}
        self.store.ledger.settle_unknown(ISSUE, None, state, "by hand", now=NOW)
        if state is LetterState.OWED:
            self.resent |= doubtful

    def it_is_paused_and_resumed(self, step: Step) -> None:
        self.store.issues.hold(ISSUE, "paused by hand")
        for one in self.living():
            assert self.store.ledger.claim(ISSUE, wish(one.key, 9), now=NOW).letters == ()
        self.store.issues.release(ISSUE)

    def it_is_stopped(self, step: Step) -> None:
        self.store.issues.stop(ISSUE, "stopped by hand", now=NOW)
        assert counts(self.store).get("owed", 0) == 0

    def a_dead_one_comes_back(self, step: Step) -> None:
        dead = [one for one in self.processes if not one.alive]
        self.takes_over(step)
        with pytest.raises(LeaseLost):
            self.store.ledger.claim(ISSUE, wish(dead[step.who % len(dead)].key), now=NOW)

    def each_letter_is_counted_once(self) -> None:
        assert counts(self.store) == in_the_rows(self.store)
        assert sum(counts(self.store).values()) == READERS

    def what_the_provider_has_is_not_owed(self) -> None:
        with self.store.ledger.letters(ISSUE, LetterState.OWED) as found:
            assert not {letter.key for letter in found} & (self.taken - self.resent)


ACTS: Mapping[str, Callable[[History], object]] = {
    "a_sender_enters": lambda history: len(history.living()) < 3,
    "claims": lambda history: history.living(),
    "settles": lambda history: any(one.claims for one in history.living()),
    "is_killed": lambda history: history.living(),
    "takes_over": lambda history: history.living(),
    "settles_an_orphan": lambda history: any(one.orphans for one in history.living()),
    "one_that_has_nothing_leaves": lambda history: any(not one.claims for one in history.living()),
    "a_dead_one_comes_back": lambda history: 0 < len(history.living()) < len(history.processes),
    "somebody_says_no": lambda history: True,
    "somebody_leaves_the_list": lambda history: True,
    "doubts_are_settled_by_hand": lambda history: True,
    "it_is_paused_and_resumed": lambda history: True,
    "it_is_stopped": lambda history: len(history.said_no) > 1,
}
"""What may happen, and when."""
OFTEN = [*["a_sender_enters"] * 4, *["claims"] * 8, *["settles"] * 4, *["takes_over", "settles_an_orphan"] * 6]
STEPS = st.builds(
    Step,
    act=st.sampled_from([*OFTEN, "is_killed", *ACTS]),
    who=st.integers(0, 5),
    whom=st.integers(1, READERS),
    first=st.integers(0, 4),
    second=st.integers(0, 4),
    state=STATES,
)


def test_whatever_happens(tmp_path: Path) -> None:
    with Store.open(url_of(tmp_path / "planned.db")) as store:
        planned(store, READERS)
    lived: Counter[str] = Counter()

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(STEPS, min_size=40, max_size=80))
    def each(steps: list[Step]) -> None:
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        shutil.copy(tmp_path / "planned.db", folder / "digest.db")  # making one takes longer than all that follows
        with Store.open(url_of(folder / "digest.db")) as store:
            history = History(store)
            try:
                for step in steps:
                    history.lives(step)
            finally:
                history.end()
            lived.update(history.lived)

    each()
    assert {"claims", "settles", "is_killed", "takes_over"} <= set(lived)
