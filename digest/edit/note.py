"""The words at the top of the issue: the editor's own, else one sentence about the week's three biggest stories."""

from __future__ import annotations

import re
from datetime import date

from digest.edit.clean import plain_text
from digest.model import Note, Notice, Section, Sponsor, Story
from digest.settings import NoteSettings, NoticeSettings, SponsorSettings


def note_of(
    standing: NoteSettings, beside_the_issue: str | None, lead: Story | None, sections: tuple[Section, ...]
) -> Note:
    """The note: `beside_the_issue` (the text of the issue's own file) before the standing one before a made one."""
    words = (beside_the_issue or "").strip() or standing.text.strip()
    return Note(
        paragraphs=_paragraphs(words) if words else _made(lead, sections),
        signature=standing.signature,
        role=standing.role,
    )


def notice_of(settings: NoticeSettings | None, issue_date: date) -> Notice | None:
    """The notice bar, unless its time is over."""
    if settings is None or (settings.until and issue_date > settings.until):
        return None
    return settings.notice


def sponsor_of(settings: SponsorSettings | None, issue_date: date) -> Sponsor | None:
    """The sponsor's message, unless its time is over."""
    if settings is None or (settings.until and issue_date > settings.until):
        return None
    return settings.sponsor


def _paragraphs(words: str) -> tuple[str, ...]:
    return tuple(filter(None, (plain_text(part.replace("<", "&lt;")) for part in re.split(r"\n\s*\n", words))))


def _made(lead: Story | None, sections: tuple[Section, ...]) -> tuple[str, ...]:
    firsts = [lead] if lead else []
    firsts += [section.stories[0] for section in sections if section.stories]
    headlines = [story.headline.rstrip(".") for story in firsts[:3]]
    if not headlines:
        return ()
    *others, last = headlines
    return (f"This week: {'; '.join(others)}{'; and ' if others else ''}{last}.",)
