"""What is seen before the letter is opened: its subject, and the preheader beside it."""

from __future__ import annotations

from collections.abc import Iterator

from digest.model import Issue, Story
from digest.render.typography import date_line
from digest.settings import Publication

LONGEST_SUBJECT = 90
SHORTEST_PREHEADER = 90
LONGEST_PREHEADER = 110


def subject_of(issue: Issue, publication: Publication) -> str:
    """The name and the lead's headline, cut at a word; without a lead the name and the date."""
    topic = issue.lead.headline if issue.lead else date_line(issue.date, publication.language)
    return cut(f"{publication.name}: {topic}", LONGEST_SUBJECT)


def preheader_of(issue: Issue) -> str:
    """90 to 110 characters out of the headlines after the lead's, then of decks and the note; less in a thin week."""
    line = ""
    for piece in _pieces(issue):
        longer = _joined(line, piece)
        if len(longer) <= LONGEST_PREHEADER:
            line = longer
        elif len(line) < SHORTEST_PREHEADER:
            return cut(longer, LONGEST_PREHEADER)
    return line


def cut(text: str, most: int) -> str:
    """`text` on one line within `most` characters, cut at a word if there is one, with an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    room = text[: most - 1]
    if text[most - 1] != " " and " " in room[most // 2 :]:
        room = room.rpartition(" ")[0]
    return room.rstrip(" ,;:.–—-(“‘\"'") + "…"


def _joined(line: str, piece: str) -> str:
    if not line:
        return piece
    return f"{line} {piece}" if line.endswith((".", "!", "?", "…", "”")) else f"{line}; {piece}"


def _pieces(issue: Issue) -> Iterator[str]:
    """Each thing that could be said once, the first headline of each section before the others."""
    said = {issue.lead.headline.casefold()} if issue.lead else set()
    for text in _texts(issue):
        if text and text.casefold() not in said:
            said.add(text.casefold())
            yield text


def _texts(issue: Issue) -> Iterator[str]:
    stories: list[Story] = [section.stories[0] for section in issue.sections if section.stories]
    stories += [story for section in issue.sections for story in section.stories[1:]]
    yield from (story.headline for story in stories)
    yield from (story.deck for story in issue.stories)
    yield from issue.note.paragraphs
