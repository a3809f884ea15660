"""What the preview's page is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from digest.errors import ConfigurationError, TemplateError
from digest.model import (
    Finding,
    Issue,
    IssueRecord,
    IssueState,
    LetterState,
    Note,
    Passed,
    Preflight,
    RenderedIssue,
    Severity,
    Subscriber,
    Window,
)
from digest.model.preview import Kept
from digest.office.proofs import Proof
from digest.web.preview import words
from digest.web.preview.galley import Sheet

ERROR = Finding(check="links.dead", severity=Severity.ERROR, title="A link does not answer", anchor="h3")
WARNING = Finding(check="note.long", severity=Severity.WARNING, title="The note runs long")
WINDOW = Window(opens=datetime(2026, 11, 13, 14, tzinfo=UTC), closes=datetime(2026, 11, 20, 14, tzinfo=UTC))


def sheet(kept: Kept = Kept.AS_SHOWN, preflight: Preflight | None = None, **record: Any) -> Sheet:
    issue = Issue(
        date=date(2026, 11, 20), number=7, window=WINDOW, lead=None, sections=(), note=Note(paragraphs=("x",))
    )
    rendered = RenderedIssue(
        issue="2026-11-20", subject="S", preheader="P", html="<p>x</p>", text="x", slots={}, fingerprint="f"
    )
    known = IssueRecord(issue="2026-11-20", number=7, state=IssueState.COMPOSED, window=WINDOW, fingerprint="f")
    proof = Proof(issue=issue, rendered=rendered, record=replace(known, **record), kept=kept)
    return Sheet(proof=proof, preflight=preflight, readers=41_806)


@pytest.mark.parametrize(
    ("shown", "kind", "told", "command"),
    [
        (sheet(), "ready", "Ready to send", "digest send --date 2026-11-20"),
        (sheet(Kept.CHANGED), "changed", "Changed since it was made up", "digest compose --date 2026-11-20"),
        (sheet(Kept.NOT_YET), "open", "Not made up yet", "digest compose --date 2026-11-20"),
        (sheet(preflight=Preflight(findings=(ERROR, ERROR))), "blocked", "Sending is blocked: 2 errors", ""),
        (sheet(preflight=Preflight(findings=(WARNING,))), "ready", "Ready to send", "digest send --date 2026-11-20"),
        (sheet(hold="paused"), "blocked", "Held: paused", "digest resume 2026-11-20"),
        (
            sheet(Kept.OUT, state=IssueState.SENDING, letters={LetterState.ACCEPTED: 300, LetterState.OWED: 1700}),
            "out",
            "Going out: 300 of 2,000",
            "digest status 2026-11-20",
        ),
        (sheet(Kept.OUT, state=IssueState.SENT, letters={LetterState.ACCEPTED: 3}), "out", "Sent: 3 letters", ""),
        (sheet(Kept.OUT, state=IssueState.STOPPED), "out", "Stopped for good", ""),
    ],
)
def test_the_state_names_the_command_that_goes_on(shown: Sheet, kind: str, told: str, command: str) -> None:
    assert words.state(shown) == {"kind": kind, "words": told, "command": command}


@pytest.mark.parametrize(
    ("found", "readers", "verdict"),
    [
        (Preflight(findings=(ERROR,)), 41_806, "One error stands between this issue and 41,806 readers."),
        (Preflight(findings=(ERROR, ERROR)), 1, "Two errors stand between this issue and 1 reader."),
        (Preflight(findings=(ERROR,) * 12), None, "12 errors stand between this issue and its readers."),
        (Preflight(findings=(WARNING,)), 2, "Nothing stands between this issue and 2 readers."),
        (
            Preflight(findings=(ERROR,), overridden=frozenset({"links.dead"})),
            2,
            "Nothing stands between this issue and 2 readers.",
        ),
    ],
)
def test_the_verdict(found: Preflight, readers: int | None, verdict: str) -> None:
    assert words.verdict(found, readers) == verdict


def test_a_finding_that_blocks_comes_with_the_way_round_it() -> None:
    found = Preflight(findings=(ERROR, WARNING), passed=(Passed(check="size", title="Size", figure="51 of 95 KB"),))
    told = words.preflight(found, "2026-11-20", 3)
    assert [each["number"] for each in told["findings"]] == [1, 2]
    assert [each["command"] for each in told["findings"]] == ["digest send --date 2026-11-20 --despite links.dead", ""]
    assert told["passed"] == [{"title": "Size", "figure": "51 of 95 KB"}]
    overridden = words.preflight(replace(found, overridden=frozenset({"links.dead"})), "2026-11-20", 3)
    assert (overridden["findings"][0]["overridden"], overridden["findings"][0]["command"]) == (True, "")


def test_nothing_looked() -> None:
    assert words.preflight(None, "2026-11-20", 3)["verdict"] == "Nothing was checked."


def test_the_size_says_when_gmail_clips() -> None:
    proof = sheet().proof
    assert words.size(replace(proof, rendered=replace(proof.rendered, html="x" * 52_000))) == "51 of 102 KB"
    long = replace(proof, rendered=replace(proof.rendered, html="é" * 60_000))
    assert words.size(long) == "117 of 102 KB: Gmail clips it"


def test_trouble_has_a_line_for_each_fault() -> None:
    assert words.trouble(None) is None
    told = words.trouble(TemplateError("a.mjml:1: x\nb.mjml:2: y", hint="mend it"))
    assert told == {"words": ["a.mjml:1: x", "b.mjml:2: y"], "hint": "mend it"}
    told = words.trouble(ConfigurationError("digest.toml: two things", complaints=("line 1: x", "line 2: y")))
    assert told == {"words": ["digest.toml: two things", "line 1: x", "line 2: y"], "hint": ""}


def test_readers_are_told_apart() -> None:
    one = Subscriber(address="a@example.com", name="Ana", categories=("National", "Opinion"))
    assert words.readers((one, Subscriber(address="b@example.com")))[0]["sections"] == "National, Opinion"
    assert words.readers((Subscriber(address="b@example.com"),))[0]["sections"] == "all sections"
