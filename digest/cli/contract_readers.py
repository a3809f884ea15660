"""What `digest subscribers … --json` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from digest.model import LeftOut
from digest.model.roster import ImportReport

if TYPE_CHECKING:
    from digest.office.subscriptions import ListCheck, Statistics


def checked(found: ListCheck) -> dict[str, Any]:
    """`subscribers check --json`."""
    return {
        "readers": found.roster.readers,
        "joined": found.roster.joined,
        "left_out": dict(found.roster.left_out),
        "rows": [_row(fault) for fault in found.roster.faults],
        "near_misses": [{"line": one.line, "address": one.address, "meant": one.meant} for one in found.near_misses],
        "beyond_ascii": found.beyond_ascii,
    }


def imported(report: ImportReport) -> dict[str, Any]:
    """`subscribers import --json`."""
    return {
        "changed": report.changed,
        "added": report.added,
        "known": report.known,
        "suppressed": report.suppressed,
        "refused": report.refused,
        "forgotten": report.forgotten,
        "unconfirmed": report.unconfirmed,
        "noes": dict(report.noes),
        "left_out": dict(report.left_out),
        "rows": [_row(fault) for fault in report.faults],
    }


def statistics(found: Statistics) -> dict[str, Any]:
    """`subscribers stats --json`."""
    census = found.census
    return {
        "readers": census.readers,
        "listed": census.listed,
        "signed_up": census.signed_up,
        "pending": census.pending,
        "suppressed": {ground.value: count for ground, count in census.suppressed.items()},
        "rhythms": {rhythm.value: count for rhythm, count in census.rhythms.items()},
        "languages": dict(census.languages),
        "sections": dict(census.sections),
        "weeks": [
            {"monday": monday.isoformat(), "said": {act.value: count for act, count in said.items()}}
            for monday, said in found.weeks.items()
        ],
    }


def _row(fault: LeftOut) -> dict[str, Any]:
    return {
        "line": fault.line,
        "column": fault.column,
        "address": fault.address,
        "reason": fault.reason,
        "detail": fault.detail,
    }
