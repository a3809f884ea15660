"""The preflight's words: what was looked at before an issue leaves, and what was found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Severity(StrEnum):
    """An error keeps an issue back; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it should be.

    `check` names the check (`links.dead`), which is also the name by which an error is overridden. `title` is a short
    sentence, `where` names the place in words (`Courts & the law, third story: “…”`), `why` says why it matters to a
    reader, and `do` what to do. `anchor` is a CSS selector of the place in the letter's HTML, empty where it has none.
    """

    check: str
    severity: Severity
    title: str
    where: str = ""
    why: str = ""
    do: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A check that found nothing: its name, what is fine (`Size`), and its figure (`51 of 95 KB`), if it has one."""

    check: str
    title: str
    figure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """All that one look at an issue came to, errors first. `overridden` are the checks whose errors do not count, and
    `fingerprint` is that of the issue that was looked at."""

    findings: tuple[Finding, ...] = ()
    passed: tuple[Passed, ...] = ()
    overridden: frozenset[str] = frozenset()
    fingerprint: str = ""

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if each.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if each.severity is Severity.WARNING)

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The errors that keep the issue back."""
        return tuple(each for each in self.errors if each.check not in self.overridden)


class Reached(StrEnum):
    """What became of asking for an address."""

    ANSWERS = "answers"
    GONE = "gone"
    """Nobody will read it: 404, 410, no such host, a redirect in a circle."""
    NOT_NOW = "not now"
    """It may be there for readers: 403, 429, 5xx, a timeout, a certificate that is not trusted."""
    PRIVATE = "private"
    """It leads to an address that readers cannot reach; nothing was asked there."""
    UNASKED = "unasked"
    """There was no time left, or no network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAnswer:
    """What came of asking for one address. `words` say it for people; `moved_to` is where redirects ended; `size` is in
    bytes, 0 when nobody said; `seconds` how long it took."""

    address: str
    reached: Reached
    words: str = ""
    moved_to: str = ""
    size: int = 0
    kind: str = ""
    seconds: float = 0.0


THIN = 2
"""A section with fewer stories looks as if something were missing."""
_OFTEN = 2
"""So many stories a week make a week without one worth a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStanding:
    """How a source stands. `newest` is the date of its newest story, None where it has none.

    `complete` says whether every story of the week is there, `why` or why not. `this_week` counts its stories since
    the week began, `usual` is how many that are in other weeks; `undated` and `ahead` count those of this week that
    have no date, or one of the future. `retry_at` is when it is asked again after a failure.
    """

    name: str
    url: str = ""
    failing_since: datetime | None = None
    failures: int = 0
    retry_at: datetime | None = None
    retired_at: datetime | None = None
    last_good: datetime | None = None
    newest: datetime | None = None
    error: str = ""
    complete: bool = True
    why: str = ""
    usual: float = 0.0
    this_week: int = 0
    undated: int = 0
    ahead: int = 0

    @property
    def is_silent(self) -> bool:
        """Whether it has nothing this week, although it has stories in others."""
        return self.this_week == 0 and self.usual >= _OFTEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """An error that somebody sent an issue despite: the check, who it was (their name on the machine), and when."""

    issue: str
    check: str
    who: str
    at: datetime
