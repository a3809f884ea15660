"""What is seen before the letter is opened: its subject, and the preheader beside it."""

from __future__ import annotations

from collections.abc import Iterator

from digest.model import Issue, Story
from digest.render.languages import Language
from digest.render.typography import marked

LONGEST_SUBJECT = 90
SHORTEST_PREHEADER = 90
LONGEST_PREHEADER = 110
_SENTENCE_ENDS = (".", "!", "?", "…", "”", "؟", "»", "“")


def subject_of(issue: Issue, name: str, language: Language) -> str:
    """The letter's name and the lead's headline, cut at a word; without a lead the name and the date."""
    topic = marked(issue.lead.headline, language.rules) if issue.lead else language.date_line(issue.date)
    return cut(language.words.gettext("%(label)s: %(words)s") % {"label": name, "words": topic}, LONGEST_SUBJECT)


def preheader_of(issue: Issue, language: Language) -> str:
    """90 to 110 characters out of the headlines after the lead's, then of decks and the note; less in a thin week."""
    line = ""
    for piece in _pieces(issue):
        longer = _joined(line, marked(piece, language.rules), language)
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
    return room.rstrip(" ,،;؛:.–—-(“‘„«\"'") + "…"


def _joined(line: str, piece: str, language: Language) -> str:
    if not line:
        return piece
    if line.endswith(_SENTENCE_ENDS):
        return f"{line} {piece}"
    return language.words.gettext("%(first)s; %(second)s") % {"first": line, "second": piece}


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
