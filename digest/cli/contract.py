"""Machine-readable output. A contract: keys are added, never renamed or removed, without raising `FORMAT`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

from digest.model import IssueRecord, LetterState, SourceReport, Story
from digest.pipeline import Composed, Plan

FORMAT = 1
_COUNTED = (LetterState.OWED, LetterState.ACCEPTED, LetterState.REFUSED, LetterState.UNKNOWN)


def print_object(content: Mapping[str, Any]) -> None:
    """Prints the one object of a command."""
    click.echo(json.dumps({"format": FORMAT, **content}, ensure_ascii=False))


def gathered(reports: Iterable[SourceReport]) -> dict[str, Any]:
    """`gather --json`."""
    return {
        "sources": [
            {
                "name": report.name,
                "url": report.url,
                "status": report.status.value,
                "entries": report.entries,
                "new": report.new,
                "updated": report.updated,
                "error": report.error or None,
                "warnings": list(report.warnings),
            }
            for report in reports
        ]
    }


def composed(made: Composed) -> dict[str, Any]:
    """`compose --json`."""
    issue, rendered = made.issue, made.rendered
    return {
        "issue": issue.id,
        "number": issue.number,
        "subject": rendered.subject,
        "stories": len(issue.stories),
        "lead": _story(issue.lead) if issue.lead else None,
        "sections": [
            {"name": section.name, "stories": [_story(story) for story in section.stories]}
            for section in issue.sections
        ],
        "cuts": [{"title": cut.title, "url": cut.address, "reason": cut.reason} for cut in made.cuts],
        "html": str(made.folder / "issue.html"),
        "text": str(made.folder / "issue.txt"),
        "html_bytes": len(rendered.html.encode()),
        "fingerprint": rendered.fingerprint,
    }


def sent(plan: Plan, provider: str, letters: Mapping[LetterState, int], left_out: Mapping[str, int]) -> dict[str, Any]:
    """`send --json`, with and without `--dry-run`."""
    return {
        "issue": plan.rendered.issue,
        "provider": provider,
        "readers": len(plan.audience.readers),
        "left_out": dict(left_out),
        "letters": counted(letters),
    }


def status(records: Sequence[IssueRecord]) -> dict[str, Any]:
    """`status --json`."""
    return {
        "issues": [
            {"issue": record.issue, "state": record.state.value, "letters": counted(record.letters)}
            for record in records
        ]
    }


def counted(letters: Mapping[LetterState, int]) -> dict[str, int]:
    """The count of letters by state, every state named."""
    return {state.value: letters.get(state, 0) for state in _COUNTED}


def _story(story: Story) -> dict[str, str]:
    return {"title": story.headline, "url": story.address}
