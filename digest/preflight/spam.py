"""What SpamAssassin thinks of a letter, with its local rules alone. At the edge: it runs Debian's `spamassassin`."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass, replace

from digest.errors import ConfigurationError
from digest.model import Finding, Passed, Preflight, Severity
from digest.preflight.registry import SPAM

PROGRAM = "spamassassin"
ERROR_FROM, WARNING_FROM = 5.0, 1.0
"""Points: where SpamAssassin calls it spam, and where one rule more would matter."""

_SECONDS = 120
_SCORE = re.compile(r"^X-Spam-Status:.*?score=(-?[\d.]+)", re.MULTILINE)
_RULES = re.compile(r"^\s*(-?\d+\.\d+) ([A-Z][A-Z0-9_]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SpamScore:
    """Points, and the rules that gave them, as `1.1 RULE`."""

    points: float
    rules: tuple[str, ...]


def is_installed() -> bool:
    """Whether there is a SpamAssassin on this machine."""
    return shutil.which(PROGRAM) is not None


def score(letter: bytes) -> SpamScore:
    """What it gives a letter. Raises ConfigurationError when it is not there or does not work."""
    program = shutil.which(PROGRAM)
    if program is None:
        raise ConfigurationError(
            "SpamAssassin is not installed, so --spam cannot tell", hint="on Debian: apt-get install spamassassin"
        )
    try:
        done = subprocess.run([program, "-L", "-t"], input=letter, capture_output=True, check=False, timeout=_SECONDS)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise ConfigurationError(f"SpamAssassin did not answer within {_SECONDS} seconds") from None
    return read_report(done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))


def read_report(report: str, complaint: str = "") -> SpamScore:
    """The points out of SpamAssassin's report (`spamassassin -t`). Raises ConfigurationError when there are none."""
    found = _SCORE.search(report.replace("\r\n", "\n"))
    if not found:
        last = complaint.strip().splitlines()[-1:] or ["it said nothing"]
        raise ConfigurationError(f"SpamAssassin gave no score: {last[0]}", hint=f"try `{PROGRAM} -L -t` by hand")
    rules = tuple(f"{points} {rule}" for points, rule in _RULES.findall(report) if float(points) != 0)
    return SpamScore(float(found[1]), rules)


def judged(found: Preflight, spam: SpamScore) -> Preflight:
    """The preflight with what the score comes to."""
    check, title = SPAM
    if spam.points < WARNING_FROM:
        passed = Passed(check=check, title=title, figure=f"{spam.points:g}")
        return replace(found, passed=(*found.passed, passed))
    finding = Finding(
        check=check,
        severity=Severity.ERROR if spam.points >= ERROR_FROM else Severity.WARNING,
        title=f"SpamAssassin gives the letter {spam.points:g} points",
        where=f"For {', '.join(spam.rules) or 'nothing that it names'}",
        why="Mail servers put letters of 5 points into the spam folder, and many are stricter",
        do="Look the rules up by name, and change what they are about",
    )
    severe = (finding, *found.findings) if finding.severity is Severity.ERROR else (*found.findings, finding)
    return replace(found, findings=severe)
