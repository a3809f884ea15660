"""What SpamAssassin's report comes to."""

from __future__ import annotations

import pytest

from digest.errors import ConfigurationError
from digest.model import Preflight, Severity
from digest.preflight.spam import SpamScore, judged, read_report

REPORT = """Received: from localhost
X-Spam-Status: Yes, score=6.3 required=5.0 tests=A_RULE,B_RULE
\tautolearn=no

Content analysis details:   (6.3 points, 5.0 required)

 pts rule name              description
---- ---------------------- --------------------------------------------------
 4.1 A_RULE                 something
 2.2 B_RULE                 something else
-0.0 C_RULE                 nothing
"""


def test_points_and_rules_are_read() -> None:
    assert read_report(REPORT) == SpamScore(6.3, ("4.1 A_RULE", "2.2 B_RULE"))


def test_a_report_without_a_score_is_an_error_in_words() -> None:
    with pytest.raises(ConfigurationError, match="config: no rules"):
        read_report("", "warning\nconfig: no rules were found!\n")


@pytest.mark.parametrize(
    ("points", "severity"),
    [(-0.3, None), (0.9, None), (1.0, Severity.WARNING), (4.9, Severity.WARNING), (5.0, Severity.ERROR)],
)
def test_from_one_point_it_warns_and_from_five_it_keeps_back(points: float, severity: Severity | None) -> None:
    found = judged(Preflight(), SpamScore(points, ("1.0 A_RULE",)))
    assert [finding.severity for finding in found.findings] == ([severity] if severity else [])
    assert bool(found.passed) is not bool(found.findings)
    assert bool(found.blocking) is (severity is Severity.ERROR)
