"""A publication in a folder with an issue made up, quickly; and the real command at work in it, as a process."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from digest.model import Issue, Note, RenderedIssue, Window
from digest.record.archive import Archive
from digest.record.location import url_of
from digest.record.store import Store
from tests.crash.processes import Process, start_forked, start_real
from tests.forking import REPOSITORY
from tests.smallest import LEAST
from tests.unit.deliver.correspondence import MARKERS, marked

ISSUE = "2026-11-20"
FINGERPRINT = "c7" * 32
PATIENCE = 300.0
"""Seconds after which a command that should end is taken to hang."""

_PARAGRAPH = "<p>The court heard arguments, and a decision is expected before the end of the term — as ever.</p>\n"
_HTML = (
    '<!doctype html><html lang="en"><head><title>The court’s week</title></head><body><p>{greeting}</p>'
    "<h1>The court’s week</h1>\n"
    + f'<p><a style="color:#7d1d2b" href="https://docket.example/letters/issues/{ISSUE}/">View in browser</a></p>'
    + _PARAGRAPH * 28
    + '<p>For {reader}. The Docket, 12 Court Street, Springfield. <a style="color:#7d1d2b" href="{unsubscribe}">'
    'Unsubscribe</a> <a style="color:#7d1d2b" href="{preferences}">Preferences</a></p></body>'
)
_TEXT = (
    "{greeting}\n\nThe court’s week\n\nFor {reader}. The Docket, 12 Court Street, Springfield.\n"
    "Unsubscribe: {unsubscribe}\n{preferences}\n"
)


def address(number: int) -> str:
    """The address of a reader by its place on the list."""
    return f"reader{number}@town{number % 7}.example"


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the ledger says of an issue: its state, the number at work on it, and each letter's state by address."""

    state: str
    letters: Mapping[str, str]
    senders: int

    @property
    def counts(self) -> Counter[str]:
        return Counter(self.letters.values())


@dataclass(slots=True)
class Newsroom:
    """A folder with digest.toml, a list, and an issue. `runner` are the arguments of `tests.crash.victim`, if it is
    to run every command that sends. `forked` processes start faster than those of `python -m digest`. What they say
    goes to the file `words`."""

    folder: Path
    readers: int
    runner: tuple[str, ...] = ()
    forked: bool = True
    environment: dict[str, str] = field(default_factory=dict)
    words: Path = Path("said.txt")

    @classmethod
    def make(cls, folder: Path, readers: int, delivery: str, *, forked: bool = True) -> Newsroom:
        """Makes the folder, the list and the issue. `delivery` are the lines of that table of digest.toml."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "digest.toml").write_text(
            f"{LEAST}\n[preflight]\nlinks = false\n\n[delivery]\n{delivery}\n", encoding="utf-8"
        )
        rows = "".join(f"{address(number)},Reader {number}\n" for number in range(readers))
        (folder / "subscribers.csv").write_text(f"email,name\n{rows}", encoding="utf-8")
        newsroom = cls(folder, readers, forked=forked, environment={"DIGEST_SENDGRID_API_KEY": "SG.of-the-crash-tests"})
        newsroom._keep_issue()
        return newsroom

    @property
    def store(self) -> Path:
        return self.folder / "var" / "digest.db"

    @property
    def addresses(self) -> frozenset[str]:
        return frozenset(map(address, range(self.readers)))

    def journals(self) -> frozenset[str]:
        """The journals of senders that live or died."""
        return frozenset(path.name for path in self.store.with_name("digest.db.senders").glob("*.journal"))

    def start(self, *arguments: str, victim: Sequence[str] = (), says: str = "") -> Process:
        """Starts `digest` in the folder; what it says goes to that file."""
        sends = arguments[0] == "send"
        options = (*self.runner, *victim) if sends else ()
        start = start_forked if self.forked else start_real
        return start(self.folder, self._environment(), options, arguments, self.folder / (says or self.words))

    def run(self, *arguments: str, victim: Sequence[str] = (), says: str = "") -> int:
        """Runs it to its end and gives its exit code; -9 when it was killed."""
        with self.start(*arguments, victim=victim, says=says) as process:
            return process.wait(PATIENCE)

    def expect(self, codes: int | Collection[int], *arguments: str, victim: Sequence[str] = ()) -> None:
        """Runs it; it has to end with that exit code, or with one of those."""
        self.check(self.run(*arguments, victim=victim), codes)

    def check(self, code: int, codes: int | Collection[int]) -> None:
        """Fails, with what the commands have said, when an exit code is none of those expected. No traceback counts."""
        wanted, said = {codes} if isinstance(codes, int) else set(codes), self.said()
        assert code in wanted, f"exit {code}, not {wanted}\n{said[-3000:]}"
        assert "Traceback" not in said, said[-3000:]

    def said(self) -> str:
        """All that the commands have said so far. (Those that have nothing to hide say it to a file.)"""
        path = self.folder / self.words
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def told(self, *arguments: str) -> str:
        """The output of a command that has to succeed."""
        (self.folder / "told.txt").unlink(missing_ok=True)
        code = self.run(*arguments, says="told.txt")
        told = (self.folder / "told.txt").read_text(encoding="utf-8")
        assert code == 0, f"{arguments}: exit {code}: {told}"
        return told

    def status(self) -> dict[str, Any]:
        """`digest status ISSUE --json`."""
        found: dict[str, Any] = json.loads(self.told("status", ISSUE, "--json"))
        return found

    def ledger(self) -> Ledger:
        """What `status` and `letters` tell of the issue, while nobody is at work on it."""
        status = self.status()
        letters = [json.loads(line) for line in self.told("letters", ISSUE, "--json").splitlines()]
        states = {letter["address"]: letter["state"] for letter in letters}
        assert len(states) == len(letters), "a reader has two letters"
        counted = Counter(states.values())
        assert all(counted[state] == number for state, number in status["letters"].items()), (counted, status)
        return Ledger(state=status["state"], letters=states, senders=status["senders"])

    @contextmanager
    def looking(self) -> Iterator[sqlite3.Connection]:
        """A copy of the store as it lies on the disk after a kill; the store itself is not touched."""
        with tempfile.TemporaryDirectory() as folder:
            for path in self.store.parent.glob("digest.db*"):
                if path.is_file() and not path.name.endswith("-shm"):
                    shutil.copy(path, folder)
            with closing(sqlite3.connect(Path(folder) / "digest.db")) as connection:
                yield connection

    def _environment(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("DIGEST_", "SENDGRID_"))}
        return {**clean, "PYTHONPATH": str(REPOSITORY), **self.environment}

    def _keep_issue(self) -> None:
        closes = datetime(2026, 11, 20, 14, tzinfo=UTC)
        issue = Issue(
            date=date.fromisoformat(ISSUE),
            number=1,
            window=Window(opens=closes - timedelta(days=7), closes=closes),
            lead=None,
            sections=(),
            note=Note(paragraphs=("Good morning.",)),
        )
        Archive(self.folder / "issues").keep(issue, _rendered())
        with Store.open(url_of(self.store)) as store:
            store.issues.keep_composed(issue, FINGERPRINT, stories=[], cuts=[], now=closes)


def _rendered() -> RenderedIssue:
    return RenderedIssue(
        issue=ISSUE,
        subject="Closing Arguments: the court’s week",
        preheader="What the court did",
        html=marked(_HTML),
        text=marked(_TEXT),
        slots=MARKERS,
        fingerprint=FINGERPRINT,
    )
