"""Any history of senders that claim, settle, die, are taken over, and of hands that stop, pause and suppress."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

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

READERS = 12
STATES = st.sampled_from([LetterState.ACCEPTED, LetterState.REFUSED, LetterState.UNKNOWN, LetterState.OWED])
MEMBER = st.integers(min_value=0, max_value=5)


class Process:
    """A sender as it is in life: a key, a journal that it locks, and the batches in its hands."""

    def __init__(self, store: Store, name: str) -> None:
        self.journal = Journal(store.senders.folder, name)
        self.key = store.senders.enter(ISSUE, name, now=NOW)
        self.claims: list[Claim] = []
        self.orphans: list[Orphan] = []
        self.alive = True


class History(RuleBasedStateMachine):
    """Letters leave one after the other, noted in the journal; `taken` is what the provider has."""

    folder: Path

    @initialize()
    def begin(self) -> None:
        self.number = History.count = getattr(History, "count", 0) + 1
        self.store = Store.open(url_of(self.folder / f"{self.number}" / "digest.db"))
        planned(self.store, READERS)
        self.processes: list[Process] = []
        self.taken: set[int] = set()
        self.resent: set[int] = set()
        self.said_no: set[int] = set()
        self.listed = set(range(1, READERS + 1))

    def teardown(self) -> None:
        for one in getattr(self, "processes", []):
            if one.alive:
                one.journal.close(keep=False)
        if hasattr(self, "store"):
            self.store.close()

    def living(self) -> list[Process]:
        return [one for one in self.processes if one.alive]

    def one_of(self, number: int) -> Process | None:
        living = self.living()
        return living[number % len(living)] if living else None

    @rule()
    def a_sender_enters(self) -> None:
        if len(self.living()) < 3:
            self.processes.append(Process(self.store, f"sender-{len(self.processes)}"))

    @rule(number=MEMBER, size=st.integers(min_value=1, max_value=4))
    def claims(self, number: int, size: int) -> None:
        one = self.one_of(number)
        if one is None:
            return
        claim = self.store.ledger.claim(ISSUE, wish(one.key, size, journal=one.journal.name), now=NOW)
        keys = {letter.key for letter in claim.letters}
        assert not keys & (self.taken - self.resent), "a letter that the provider has was given out"
        assert not keys & self.said_no, "somebody who said no would be written to"
        assert keys <= self.listed
        assert not keys & {letter.key for each in self.processes for held in each.claims for letter in held.letters}
        if claim.letters:
            one.claims.append(claim)

    @rule(number=MEMBER, state=STATES, tried=st.booleans())
    def settles(self, number: int, state: LetterState, tried: bool) -> None:
        """The first letter's answer is `state`, and all others are accepted."""
        one = self.one_of(number)
        if one is None or not one.claims:
            return
        claim = one.claims.pop(0)
        answers = settlements(claim, LetterState.ACCEPTED)
        answers[0] = Settlement(key=answers[0].key, state=state, due=NOW, tried=tried)
        self.taken |= {each.key for each in answers if each.state is LetterState.ACCEPTED}
        assert self.store.ledger.settle(ISSUE, claim.number, answers, now=NOW).missed == 0

    @rule(number=MEMBER, started=st.integers(0, 4), answered=st.integers(0, 4))
    def is_killed(self, number: int, started: int, answered: int) -> None:
        """Some letters of its first batch had left; some of those were taken, and it heard of some of those."""
        one = self.one_of(number)
        if one is None:
            return
        for claim in one.claims[:1]:
            for place, letter in enumerate(claim.letters[:started]):
                one.journal.started(claim.number, letter.key)
                self.taken.add(letter.key)
                if place < answered:
                    one.journal.answered(claim.number, Receipt(key=letter.key, answer=Answer.TAKEN))
        one.journal.close(keep=True)
        one.alive = False

    @rule(number=MEMBER)
    def takes_over(self, number: int) -> None:
        one = self.one_of(number)
        if one is None:
            return
        for each in self.processes:
            if not each.alive:
                each.claims.clear()
        known = {orphan.number for orphan in one.orphans}
        found = self.store.senders.take_over(ISSUE, one.key, now=NOW)
        one.orphans += [orphan for orphan in found if orphan.number not in known]

    @rule(number=MEMBER)
    def settles_an_orphan(self, number: int) -> None:
        one = self.one_of(number)
        if one is None or not one.orphans:
            return
        orphan = one.orphans.pop(0)
        answers = [Settlement(key=letter.key, state=self.fate(orphan, letter.key)) for letter in orphan.letters]
        for each in answers:
            each.due = NOW
        self.store.ledger.settle(ISSUE, orphan.number, answers, now=NOW)

    @staticmethod
    def fate(orphan: Orphan, key: int) -> LetterState:
        if key in orphan.receipts:
            return LetterState.ACCEPTED
        return LetterState.OWED if orphan.whole and key not in orphan.started else LetterState.UNKNOWN

    @precondition(lambda self: any(each.alive and not each.claims for each in self.processes))
    @rule()
    def one_that_has_nothing_leaves(self) -> None:
        one = next(each for each in self.living() if not each.claims)
        if not one.orphans and not self.store.senders.take_over(ISSUE, one.key, now=NOW):
            self.store.senders.leave(one.key, now=NOW)
            one.journal.close(keep=False)
            one.alive = False
            self.store.senders.forget_journals()

    @rule(number=st.integers(1, READERS))
    def somebody_says_no(self, number: int) -> None:
        self.store.suppressions.add(reader(number).address, "asked", now=NOW)
        self.said_no.add(number)

    @rule(number=st.integers(1, READERS))
    def somebody_leaves_the_list(self, number: int) -> None:
        if self.listed != {number}:
            self.listed.discard(number)
            listed(self.store, [row(key) for key in sorted(self.listed)])

    @rule(state=st.sampled_from([LetterState.ACCEPTED, LetterState.OWED]))
    def doubts_are_settled_by_hand(self, state: LetterState) -> None:
        with self.store.ledger.letters(ISSUE, LetterState.UNKNOWN) as found:
            doubtful = {letter.key for letter in found}
        self.store.ledger.settle_unknown(ISSUE, None, state, "by hand", now=NOW)
        if state is LetterState.OWED:
            self.resent |= doubtful

    @rule()
    def it_is_paused_and_resumed(self) -> None:
        self.store.issues.hold(ISSUE, "paused by hand")
        one = self.one_of(0)
        if one:
            assert self.store.ledger.claim(ISSUE, wish(one.key, 9), now=NOW).letters == ()
        self.store.issues.release(ISSUE)

    @precondition(lambda self: len(getattr(self, "said_no", ())) > 3)
    @rule()
    def it_is_stopped(self) -> None:
        self.store.issues.stop(ISSUE, "stopped by hand", now=NOW)
        assert counts(self.store).get("owed", 0) == 0

    @rule(number=MEMBER)
    def a_dead_one_comes_back(self, number: int) -> None:
        dead = [one for one in self.processes if not one.alive]
        if dead:
            with pytest.raises(LeaseLost):
                one = dead[number % len(dead)]
                heir = self.one_of(0)
                if heir:
                    self.takes_over(0)
                    self.store.ledger.claim(ISSUE, wish(one.key), now=NOW)
                raise LeaseLost("nobody there to take it over")

    @invariant()
    def each_letter_is_counted_once(self) -> None:
        if hasattr(self, "store"):
            assert counts(self.store) == in_the_rows(self.store)
            assert sum(counts(self.store).values()) == READERS

    @invariant()
    def what_the_provider_has_is_not_owed(self) -> None:
        if hasattr(self, "store"):
            with self.store.ledger.letters(ISSUE, LetterState.OWED) as found:
                assert not {letter.key for letter in found} & (self.taken - self.resent)


@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
def test_whatever_happens(tmp_path: Path) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    History.folder = tmp_path
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        History,
        settings=settings(max_examples=30, stateful_step_count=25, deadline=None, suppress_health_check=slow),
    )
