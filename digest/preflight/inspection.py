"""One look at a letter: every check, errors first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from digest.model import Finding, LinkAnswer, Passed, Preflight, Severity
from digest.preflight.fault import Fault
from digest.preflight.inspected import Inspected, Look
from digest.preflight.registry import CHECKS, Check
from digest.settings import Settings

MOST_FINDINGS = 12
"""Of one check: after so many an editor knows."""


def preflight(inspected: Inspected, answers: Mapping[str, LinkAnswer], settings: Settings) -> Preflight:
    """All checks on one letter. Pure: `answers` are what addresses answered, by address; those that are not among them
    were not asked for, and nothing is said of them."""
    look = Look(letter=inspected, answers=answers, settings=settings)
    findings: list[Finding] = []
    passed: list[Passed] = []
    for check in CHECKS:
        found = tuple(_findings(check, look))
        findings += found
        if not found and (look.asked_links or not check.asks):
            passed.append(Passed(check=check.name, title=check.title, figure=check.figure(look)))
    findings.sort(key=lambda finding: finding.severity is Severity.WARNING)
    return Preflight(findings=tuple(findings), passed=tuple(passed))


def _findings(check: Check, look: Look) -> Iterator[Finding]:
    for number, fault in enumerate(check.run(look)):
        if number == MOST_FINDINGS:
            return
        yield Finding(
            check=check.name,
            severity=Severity.WARNING if fault.mild else check.severity,
            title=_sentence(fault.title),
            where=_sentence(fault.where),
            why=_sentence(fault.why),
            do=_sentence(fault.do),
            anchor=fault.anchor or _anchor(fault, look),
        )


def _anchor(fault: Fault, look: Look) -> str:
    return look.places.anchor(fault.at) if fault.at else ""


def _sentence(words: str) -> str:
    return words if words.startswith("http") else words[:1].upper() + words[1:]
