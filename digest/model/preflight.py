"""The preflight's words: what was looked at before an issue leaves, and what was found."""

from __future__ import annotations

from dataclasses import dataclass
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
    """All that one look at an issue came to, errors first. `overridden` are the checks whose errors do not count."""

    findings: tuple[Finding, ...] = ()
    passed: tuple[Passed, ...] = ()
    overridden: frozenset[str] = frozenset()

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
