"""Whatever is said in whatever order, a letter goes only to somebody whose last word was yes, and only once an issue.

The model beside the store knows of each person: what the file says, whether they joined, and which noes stand.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from digest.model import LetterState
from digest.model.readers import OPERATOR, Act, Choice, Ground, SignUp
from digest.model.roster import DISABLED
from digest.record.store import Store
from tests.unit.audience.reading import empty_store
from tests.unit.record.newsroom import NOW, composed, row, settlements, wish

PEOPLE = ("ana@reader.example", "ben@reader.example", "cy@reader.example")
MINUTE = timedelta(minutes=1)
UNDO = 10 * MINUTE
STUBBORN = {Ground.BY_HAND, Ground.COMPLAINED}

person = st.sampled_from(PEOPLE)
ground = st.sampled_from([Ground.BOUNCED, Ground.UNSUBSCRIBED, Ground.COMPLAINED, Ground.BY_HAND])
file_words = st.fixed_dictionaries({one: st.sampled_from(["yes", "yes", "no", ""]) for one in PEOPLE})


@dataclass
class Person:
    """What was said of one person, by the rules as the manual has them."""

    file: str = ""
    joined: bool = False
    noes: set[Ground] = field(default_factory=set)
    left_at: datetime | None = None
    yes_at: datetime | None = None
    allowed_at: datetime | None = None
    was_forgotten: bool = False
    sign_up: SignUp | None = None

    @property
    def wants_letters(self) -> bool:
        return (self.joined or self.file == "yes") and not self.noes

    def says_no(self, ground: Ground, at: datetime) -> None:
        lifted_at = self.allowed_at if ground in STUBBORN else self.yes_at
        if (lifted_at and at < lifted_at) or (ground is Ground.BOUNCED and self.noes):
            return
        self.noes.add(ground)
        if ground is Ground.UNSUBSCRIBED:
            self.left_at = min(self.left_at or at, at)

    def says_yes(self, now: datetime, *, stubborn: bool = False) -> None:
        self.noes = set() if stubborn else self.noes & STUBBORN
        self.left_at, self.yes_at = None, now


class LastWord(RuleBasedStateMachine):
    """Every step is a minute later than the one before."""

    def __init__(self) -> None:
        super().__init__()
        self.closing = ExitStack()
        self.folder = Path(mkdtemp())
        self.closing.callback(shutil.rmtree, self.folder)
        (self.folder / "digest.db").write_bytes(empty_store())
        self.store = self.closing.enter_context(Store.open(f"sqlite:///{self.folder / 'digest.db'}"))
        self.people = {one: Person() for one in PEOPLE}
        self.now = NOW
        self.file: dict[str, str] = {}
        self.stamp = "empty"
        self.issues = 0
        self.issue = ""
        self.written: set[str] = set()

    def teardown(self) -> None:
        self.closing.close()

    def tick(self) -> datetime:
        self.now += MINUTE
        return self.now

    @rule(words=file_words)
    def the_file_is_read(self, words: dict[str, str]) -> None:
        self.file, self.stamp = words, str(self.tick())
        self.read_again()
        for one, known in self.people.items():
            if words[one] == "no" and known.file != "no":
                known.joined = False
            known.file = words[one]

    def read_again(self) -> None:
        """As it is before every plan and import; it changes something where somebody was forgotten and is no more."""
        rows = [row(number, address=one) for number, one in enumerate(PEOPLE, start=1) if self.file.get(one)]
        said = [one._replace(reason=DISABLED if self.file[one.address] == "no" else "") for one in rows]
        self.store.subscribers.keep(said, path="subscribers.csv", stamp=self.stamp, now=self.now)

    @rule(one=person)
    def somebody_asks(self, one: str) -> None:
        self.people[one].sign_up = self.store.readers.ask(one, Choice(), OPERATOR, now=self.tick())

    @rule(one=person)
    def they_confirm(self, one: str) -> None:
        now, known = self.tick(), self.people[one]
        if known.sign_up and self.store.readers.confirm(
            known.sign_up.key, known.sign_up.nonce, since=now - timedelta(days=3), now=now
        ):
            known.joined = True
            known.says_yes(now)

    @rule(one=person)
    def the_operator_imports_them(self, one: str) -> None:
        known = self.people[one]
        self.read_again()
        self.store.readers.add(one, Choice(), Act.IMPORTED, OPERATOR, now=self.tick())
        known.joined = known.joined or (known.file != "no" and Ground.FORGOTTEN not in known.noes)

    @rule(one=person, ground=ground, ago=st.integers(0, 12))
    def a_no_is_heard(self, one: str, ground: Ground, ago: int) -> None:
        now = self.tick()
        at = now - ago * MINUTE
        self.store.readers.suppress(one, ground, "", OPERATOR, at=at, now=now)
        self.people[one].says_no(ground, at)

    @rule(one=person)
    def they_leave(self, one: str) -> None:
        now = self.tick()
        if reader := self.store.readers.find(one):
            self.store.readers.leave(reader.number, OPERATOR, now=now)
            self.people[one].says_no(Ground.UNSUBSCRIBED, now)

    @rule(one=person)
    def they_take_leaving_back(self, one: str) -> None:
        now, known = self.tick(), self.people[one]
        if reader := self.store.readers.find(one):
            self.store.readers.undo_leaving(reader.number, OPERATOR, left_since=now - UNDO, now=now)
        if known.left_at and known.left_at >= now - UNDO and not known.noes & {*STUBBORN, Ground.FORGOTTEN}:
            known.says_yes(now)

    @rule(one=person)
    def the_operator_allows_them(self, one: str) -> None:
        now, known = self.tick(), self.people[one]
        if self.store.readers.allow(one, OPERATOR, now=now):
            known.says_yes(now, stubborn=True)
            known.allowed_at = now

    @rule(one=person)
    def they_are_forgotten(self, one: str) -> None:
        known = self.people[one]
        if self.store.readers.forget(one, now=self.tick()):
            known.joined, known.was_forgotten, known.sign_up = False, True, None
            known.noes.add(Ground.FORGOTTEN)

    @rule()
    def an_issue_is_planned(self) -> None:
        self.issues += 1
        self.issue, self.written = (date(2027, 1, 1) + timedelta(days=7 * self.issues)).isoformat(), set()
        composed(self.store, self.issue)
        self.read_again()
        self.store.ledger.plan(self.issue, now=self.tick())

    @rule(letters=st.integers(1, 3))
    def some_letters_leave(self, letters: int) -> None:
        for address in self.claimed(letters):
            assert self.people[address].wants_letters

    @rule()
    def an_issue_goes_out_at_once(self) -> None:
        self.an_issue_is_planned()
        got = set(self.claimed(len(PEOPLE)))
        for one, known in self.people.items():
            if one in got or not known.was_forgotten:
                assert (one in got) == known.wants_letters

    def claimed(self, letters: int) -> Iterator[str]:
        """The addresses of the letters that leave now."""
        if not self.issue:
            return
        now = self.tick()
        sender = self.store.senders.enter(self.issue, f"at {now}", now=now)
        claim = self.store.ledger.claim(self.issue, wish(sender, letters), now=now)
        for letter in claim.letters:
            assert letter.address not in self.written
            self.written.add(letter.address)
            yield letter.address
        if claim.letters:
            said = settlements(claim, LetterState.ACCEPTED)
            self.store.ledger.settle(self.issue, claim.number, said, now=now)


LastWord.TestCase.settings = settings(
    max_examples=25,
    derandomize=True,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.reuse, Phase.generate],
)
test_the_last_word_counts = LastWord.TestCase
