"""Machine-readable output. A contract: keys are added, never renamed or removed, without raising `FORMAT`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from digest.model import (
    Correction,
    Finding,
    IssueRecord,
    LetterRecord,
    LetterState,
    Override,
    Preflight,
    SourceReport,
    Story,
)
from digest.model.errands import Averted, AvertedCount
from digest.model.readers import MailEvent
from digest.model.segments import SegmentCount

if TYPE_CHECKING:
    from digest.office.accounts import IssueStatus, Why
    from digest.office.adding import Added
    from digest.office.completing import Completed
    from digest.office.feedback import Returned
    from digest.pipeline import Composed, Plan

FORMAT = 1


def print_object(content: Mapping[str, Any]) -> None:
    """Prints the one object of a command."""
    click.echo(json.dumps({"format": FORMAT, **content}, ensure_ascii=False))


def added(found: Iterable[Added]) -> dict[str, Any]:
    """What `digest add` read, and what was there already."""
    return {
        "stories": [
            {
                "status": "known" if each.known or each.ran_in else "added",
                "address": each.entry.link,
                "headline": each.known.title if each.known else each.entry.title,
                "source": each.known.source if each.known else each.entry.source,
                "published": each.entry.published.isoformat() if each.entry.published else None,
                "picture": each.entry.pictures[0].address if each.entry.pictures else None,
                "section": each.section or None,
                "without": list(each.without),
                "ran_in": each.ran_in or None,
            }
            for each in found
        ]
    }


def completed(found: Completed) -> dict[str, Any]:
    """What stories' own pages said."""
    return {
        "asked": found.asked,
        "read": found.read,
        "refused": found.refused,
        "failed": [{"address": address, "error": error} for address, error in found.failed],
        "left": found.left,
    }


def gathered(reports: Iterable[SourceReport], pages: Completed) -> dict[str, Any]:
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
                "unchanged": report.unchanged,
                "gone": report.gone,
                "through": report.through or None,
                "pages_read": report.pages_read,
                "reached_back_to": report.oldest.isoformat() if report.oldest else None,
                "complete": report.complete,
                "why": report.why or None,
                "error": report.error or None,
                "warnings": list(report.warnings),
                "corrections": _corrections(report.corrections),
            }
            for report in reports
        ],
        "pages": completed(pages),
    }


def preflight(found: Preflight) -> dict[str, Any]:
    """`check --json`, and the key `preflight` of others."""
    return {
        "blocked": bool(found.blocking),
        "errors": [_finding(each) for each in found.errors],
        "warnings": [_finding(each) for each in found.warnings],
        "passed": [{"check": each.check, "title": each.title, "figure": each.figure} for each in found.passed],
        "overridden": sorted(found.overridden),
    }


def overridden(made: Iterable[Override]) -> dict[str, Any]:
    """The key `despite` of `status ISSUE --json`."""
    return {"despite": [{"check": each.check, "who": each.who, "at": each.at.isoformat()} for each in made]}


def _finding(finding: Finding) -> dict[str, str]:
    return {
        "check": finding.check,
        "title": finding.title,
        "where": finding.where,
        "why": finding.why,
        "do": finding.do,
        "anchor": finding.anchor,
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
        "cuts": [
            {"title": cut.title, "url": cut.address, "reason": cut.reason, "other": cut.other or None}
            for cut in made.cuts
        ],
        "pictures": sum(story.picture is not None for story in issue.stories),
        "pictures_passed_over": [
            {"title": each.headline, "url": each.address, "reason": each.reason} for each in made.passed_over
        ],
        "html": str(made.folder / "issue.html"),
        "text": str(made.folder / "issue.txt"),
        "html_bytes": len(rendered.html.encode()),
        "fingerprint": rendered.fingerprint,
    }


def sent(
    plan: Plan, provider: str, letters: Mapping[LetterState, int], count: SegmentCount | None = None
) -> dict[str, Any]:
    """`send --json`, with and without `--dry-run`; `count` is what a dry run with --only counted."""
    return {
        "issue": plan.rendered.issue,
        "provider": provider,
        "readers": plan.roster.readers,
        "joined": plan.roster.joined,
        "left_out": dict(plan.left_out),
        "letters": counted(letters),
        "segment": plan.segment or None,
        "in_segment": {"readers": count.selected, "of": count.readers, "terms": dict(count.terms)} if count else None,
    }


def status(records: Sequence[IssueRecord]) -> dict[str, Any]:
    """`status --json`."""
    return {
        "issues": [
            {
                "issue": record.issue,
                "state": record.state.value,
                "letters": counted(record.letters),
                "segment": record.segment or None,
            }
            for record in records
        ]
    }


def averted(counts: Mapping[Averted, AvertedCount]) -> dict[str, Any]:
    """What `status --json` says beside of strangers who asked for too much in the last day."""
    return {"averted": {_AVERTED[kind]: counted.count for kind, counted in counts.items()}}


_AVERTED = {
    Averted.SIGN_UP: "sign_ups",
    Averted.DATA_REQUEST: "data_requests",
    Averted.LETTER: "letters_withdrawn",
}


def counted(letters: Mapping[LetterState, int]) -> dict[str, int]:
    """The count of letters by state, every state named."""
    return {state.value: letters.get(state, 0) for state in LetterState}


def issue_status(status: IssueStatus) -> dict[str, Any]:
    """`status ISSUE --json`."""
    record = status.record
    return {
        "issue": record.issue,
        "state": record.state.value,
        "letters": counted(record.letters),
        "segment": record.segment or None,
        "refused": dict(status.refused),
        "left_out": dict(status.left_out),
        "senders": status.senders,
        "hold": status.hold or None,
        "held_until": _instant(record.held_until) if status.hold else None,
        "sending_since": _instant(record.sending_since),
        "next_due": _instant(status.next_due),
        "held_batches": status.held_batches,
        "held_letters": status.held_letters,
        "corrections": _corrections(status.corrections),
        "came_back": _came_back(status.returned),
    }


def _came_back(returned: Returned) -> dict[str, Any]:
    figures = returned.figures
    return {
        "delivered": figures.delivered,
        "bounced": figures.bounced,
        "no_such_mailbox": figures.gone,
        "bounces_doubted": figures.doubted,
        "dropped": figures.dropped,
        "complaints": figures.complaints,
        "unsubscribed": figures.unsubscribed,
        "opened": figures.opens if returned.tracks_opens else None,
        "opened_by_machines": figures.machine_opens if returned.tracks_opens else None,
        "clicks": dict(figures.clicks) if returned.tracks_clicks else None,
    }


def why(told: Why) -> dict[str, Any]:
    """`why --json`."""
    suppressed = told.suppression
    return {
        "address": told.address,
        "listed": told.listed,
        "suppressed": {"reason": suppressed.reason, "since": _instant(suppressed.since)} if suppressed else None,
        "letters": [letter(each) for each in told.letters],
        "came_back": [_event(each) for each in told.came_back],
    }


def _event(one: MailEvent) -> dict[str, Any]:
    return {"what": one.kind.value, "at": _instant(one.at), "issue": one.issue or None, "words": one.words}


def letter(one: LetterRecord) -> dict[str, Any]:
    """A letter, in `letters --json` and `why --json`."""
    return {
        "issue": one.issue,
        "address": one.address,
        "state": one.state.value,
        "words": one.words,
        "segment": one.segment or None,
        "attempts": one.attempts,
        "due": _instant(one.due) if one.state is LetterState.OWED else None,
        "claimed_at": _instant(one.claimed_at),
        "settled_at": _instant(one.settled_at),
        "provider": one.provider,
        "provider_id": one.provider_id,
        "reference": one.reference,
        "send_at": _instant(one.send_at),
    }


def _instant(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _story(story: Story) -> dict[str, str]:
    return {"title": story.headline, "url": story.address}


def _corrections(corrections: Iterable[Correction]) -> list[dict[str, Any]]:
    return [
        {"issue": one.issue, "address": one.address, "before": one.before, "after": one.after, "at": one.at.isoformat()}
        for one in corrections
    ]
