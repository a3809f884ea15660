"""What the editor decided for an issue: read from the files beside it, and noted there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from digest.edit.address import canonical_address
from digest.edit.issue import EditorsChoices
from digest.record.archive import Archive

_NONE = "none"
"""What takes a choice back."""


def choices_for(day: date, desk: Archive, *, lead: str | None, keep: Sequence[str]) -> EditorsChoices:
    """The choices for the issue of `day`: those of its files, with what is said now. Raises RecordError.

    `keep` comes on top of what was kept before, unless `none` stands before it.
    """
    issue = day.isoformat()
    pinned = desk.lead(issue) if lead is None else lead
    return EditorsChoices(
        note=desk.note(issue), lead="" if pinned in {None, _NONE} else pinned or "", kept=_kept(desk.kept(issue), keep)
    )


def note_choices(
    day: date, archive: Archive, choices: EditorsChoices, *, lead: str | None, keep: Sequence[str]
) -> None:
    """Remembers, for the next composing, what was said now."""
    if lead is not None:
        archive.pin_lead(day.isoformat(), choices.lead)
    if keep:
        archive.note_kept(day.isoformat(), choices.kept)


def _kept(before: Sequence[str], now: Sequence[str]) -> tuple[str, ...]:
    kept = {canonical_address(address): address for address in before}
    for address in now:
        if address.casefold() == _NONE:
            kept.clear()
        else:
            kept[canonical_address(address)] = address
    return tuple(kept.values())
