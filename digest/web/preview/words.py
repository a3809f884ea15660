"""What the preview's page is told, as plain values: no field of it is HTML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from digest.errors import ConfigurationError, DigestError
from digest.model import Finding, IssueState, LetterState, Preflight, Severity, Subscriber
from digest.model.preview import GMAIL_CLIPS_AT, Kept
from digest.office.proofs import Proof
from digest.settings import Settings
from digest.web.preview.galley import Sheet

Values = Mapping[str, Any]

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def shown(sheet: Sheet, settings: Settings, number: int) -> Values:
    """The whole sheet for the page."""
    proof = sheet.proof
    return {
        "number": number,
        "name": settings.publication.name,
        "issue": proof.issue.id,
        "date": f"{proof.issue.date:%A, %B} {proof.issue.date.day}, {proof.issue.date.year}",
        "issueNumber": proof.issue.number,
        "stories": counted(len(proof.issue.stories), "story", "stories"),
        "from": settings.publication.from_,
        "subject": proof.rendered.subject,
        "preheader": proof.rendered.preheader,
        "size": size(proof),
        "state": state(sheet),
        "preflight": preflight(sheet.preflight, proof.issue.id, sheet.readers),
    }


def trouble(error: DigestError | None) -> Values | None:
    """Why there is no newer proof."""
    if error is None:
        return None
    lines = error.complaints if isinstance(error, ConfigurationError) else ()
    return {"words": [*str(error).splitlines(), *lines], "hint": error.hint}


def state(sheet: Sheet) -> Values:
    """Where the issue stands, in a few words, and the command that takes it further."""
    proof, issue = sheet.proof, sheet.proof.issue.id
    if proof.kept is Kept.OUT:
        return _out(proof)
    errors = len(sheet.preflight.blocking) if sheet.preflight else 0
    if errors:
        return _state("blocked", f"Sending is blocked: {counted(errors, 'error', 'errors')}")
    if proof.kept is Kept.NOT_YET:
        return _state("open", "Not made up yet", f"digest compose --date {issue}")
    if proof.kept is Kept.CHANGED:
        return _state("changed", "Changed since it was made up", f"digest compose --date {issue}")
    if proof.record and proof.record.hold:
        return _state("blocked", f"Held: {proof.record.hold}", f"digest resume {issue}")
    return _state("ready", "Ready to send", f"digest send --date {issue}")


def _out(proof: Proof) -> Values:
    record = proof.record
    if record is None or record.state is IssueState.STOPPED:
        return _state("out", "Stopped for good")
    sent, all_letters = record.letters.get(LetterState.ACCEPTED, 0), sum(record.letters.values())
    if record.state is IssueState.SENT:
        return _state("out", f"Sent: {sent:,} letters")
    return _state("out", f"Going out: {sent:,} of {all_letters:,}", f"digest status {proof.issue.id}")


def _state(kind: str, words: str, command: str = "") -> Values:
    return {"kind": kind, "words": words, "command": command}


def size(proof: Proof) -> str:
    """What Gmail would do with a letter of its length."""
    length, most = len(proof.rendered.html.encode()), GMAIL_CLIPS_AT
    return f"{length / 1024:.0f} of {most // 1024} KB{': Gmail clips it' if length > most else ''}"


def preflight(found: Preflight | None, issue: str, readers: int | None) -> Values:
    """The verdict, the counts, every finding and what is fine."""
    if found is None:
        return {"verdict": "Nothing was checked.", "findings": [], "passed": [], "errors": 0, "warnings": 0}
    return {
        "verdict": verdict(found, readers),
        "errors": len(found.errors),
        "warnings": len(found.warnings),
        "findings": [_finding(number, each, found, issue) for number, each in enumerate(found.findings, 1)],
        "passed": [{"title": each.title, "figure": each.figure} for each in found.passed],
    }


def verdict(found: Preflight, readers: int | None) -> str:
    """One sentence: what stands between the issue and its readers."""
    errors = len(found.blocking)
    whom = "its readers" if readers is None else counted(readers, "reader", "readers")
    who = f"{_number(errors)} {'error stands' if errors == 1 else 'errors stand'}" if errors else "nothing stands"
    return f"{who[:1].upper()}{who[1:]} between this issue and {whom}."


def _finding(number: int, finding: Finding, found: Preflight, issue: str) -> Values:
    blocks = finding in found.blocking
    return {
        "number": number,
        "check": finding.check,
        "severity": finding.severity.value,
        "title": finding.title,
        "where": finding.where,
        "why": finding.why,
        "do": finding.do,
        "anchor": finding.anchor,
        "overridden": finding.severity is Severity.ERROR and not blocks,
        "command": f"digest send --date {issue} --despite {finding.check}" if blocks else "",
    }


def readers(found: tuple[Subscriber, ...]) -> list[Values]:
    """Readers to choose from."""
    return [
        {"address": each.address, "name": each.name, "sections": ", ".join(each.categories) or "all sections"}
        for each in found
    ]


def counted(number: int, one: str, many: str) -> str:
    """`1 error`, `41,806 readers`."""
    return f"{number:,} {one if number == 1 else many}"


def _number(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"
