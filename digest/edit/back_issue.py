"""What lists, feeds and searches say of an issue that has gone out. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import count

from digest.model import Issue, RenderedIssue, Story
from digest.model.back_issues import NOTE_PLACE, BackIssue, BackPicture, IndexedStory

_FURTHER = 3
"""So many headlines stand under the first one."""


def back_issue_of(issue: Issue, rendered: RenderedIssue, *, went_out: datetime) -> BackIssue:
    """The issue as a list shows it."""
    first, *others = issue.stories or (None,)
    return BackIssue(
        date=issue.date,
        number=issue.number,
        subject=rendered.subject,
        preheader=rendered.preheader,
        headline=first.headline if first else rendered.subject,
        deck=first.deck if first else "",
        further=tuple(story.headline for story in others[:_FURTHER] if story),
        stories=len(issue.stories),
        went_out=went_out,
        picture=next(filter(None, map(_picture, issue.stories, count(1))), None),
    )


def indexed_stories(issue: Issue) -> Iterator[IndexedStory]:
    """The words of each story, and of the editor's note."""
    yield IndexedStory(place=NOTE_PLACE, headline="", deck=" ".join(issue.note.paragraphs), about=issue.note.signature)
    sections = [section.name for section in issue.sections for _ in section.stories]
    names = ([""] if issue.lead else []) + sections
    for place, (story, section) in enumerate(zip(issue.stories, names, strict=True), 1):
        yield IndexedStory(place=place, headline=story.headline, deck=story.deck, about=_about(story, section))


def _about(story: Story, section: str) -> str:
    caption = story.picture.caption if story.picture else ""
    return " ".join(filter(None, (story.kicker, section, story.place, story.byline, story.about, caption)))


def _picture(story: Story, place: int) -> BackPicture | None:
    if not story.print:
        return None
    return BackPicture(name=story.print, place=place, alt=story.picture.alt if story.picture else "")
