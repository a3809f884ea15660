"""The words at the top of the issue: the editor's own, else one sentence about the week's three biggest stories."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

from digest.edit.clean import plain_text
from digest.model import Note, Notice, Section, Sponsor, Story
from digest.settings import NoteSettings, NoticeSettings, SponsorSettings

InOneSentence = Callable[[Sequence[str]], str]
BIGGEST = 3
_NO_NEWS = frozenset({"podcast", "correction"})  # forms of sections that tell of no story of the week


def note_of(
    standing: NoteSettings,
    beside_the_issue: str | None,
    lead: Story | None,
    sections: tuple[Section, ...],
    in_one_sentence: InOneSentence,
) -> Note:
    """The note: `beside_the_issue` (the text of the issue's own file) before the standing one before a made one.

    `in_one_sentence` makes the week's biggest headlines into a sentence of the publication's language.
    """
    words = (beside_the_issue or "").strip() or standing.text.strip()
    return Note(
        paragraphs=_paragraphs(words) if words else _made(lead, sections, in_one_sentence),
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


def _made(lead: Story | None, sections: tuple[Section, ...], in_one_sentence: InOneSentence) -> tuple[str, ...]:
    firsts = [lead] if lead else []
    firsts += [section.stories[0] for section in sections if section.stories and section.form not in _NO_NEWS]
    headlines = [story.headline for story in firsts[:BIGGEST]]
    return (in_one_sentence(headlines),) if headlines else ()
