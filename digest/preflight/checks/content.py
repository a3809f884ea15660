"""Whether the issue says what its editor would have it say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from difflib import SequenceMatcher

from digest.model import Form, Story
from digest.model.preflight import THIN
from digest.preflight.fault import Fault, selector
from digest.preflight.inspected import Look
from digest.preflight.places import quoted

SILENT_AFTER = timedelta(days=21)
LONGEST_NOTE = 900
"""Characters: about a hundred and fifty words, one screen of a phone."""
FEWEST_WORDS = 3
ALIKE = 0.6
"""The share of the shorter story's words that another one has too, from which both are the same to a reader."""
TELLING = 6
"""Stories of fewer long words ("Patch release 3.4") share them by chance: only all of them tell."""

_PLACEHOLDERS = (
    ("lorem ipsum", re.compile(r"lorem ipsum", re.IGNORECASE)),
    ("dolor sit amet", re.compile(r"dolor sit amet", re.IGNORECASE)),
    ("{{", re.compile(r"\{\{.*?\}\}")),
    ("{%", re.compile(r"\{%.*?%\}")),
    ("[", re.compile(r"\[(?:insert|your|todo|tbd|tk)\b[^\]]*\]", re.IGNORECASE)),
    ("tk", re.compile(r"\bTK(?:TK)?\b")),
    ("xxx", re.compile(r"\bXXX+\b")),
    ("todo", re.compile(r"\bTODO\b")),
    ("fixme", re.compile(r"\bFIXME\b")),
)
"""What people write to replace it later. Before each pattern stands a trace of it in small letters, which is sought
first: that costs a twentieth."""
_WORDS = re.compile(r"\w{4,}")
_NEAR = 0.8


def thin(look: Look) -> Iterator[Fault]:
    """Sections of a single story, where there is room for more. An episode or a correction may stand alone."""
    room = {rule.name: rule.max for rule in look.settings.sections}
    for section in look.letter.issue.sections:
        alone = len(look.letter.issue.sections) == 1 or section.form in {Form.PODCAST, Form.CORRECTION}
        if len(section.stories) < THIN <= room.get(section.name, THIN) and not alone:
            yield Fault(
                title=f"{section.name} has {'one story' if section.stories else 'no story'}",
                where=section.name,
                why="a label over one story looks as if something were missing",
                do="reach further back with --since, or give its category to another section",
            )


def silent_sources(look: Look) -> Iterator[Fault]:
    """Sources that fail, or from which nothing new has come for weeks."""
    for source in look.letter.sources:
        if source.failing_since:
            yield Fault(
                title=f"{source.name} cannot be read: {source.error}",
                where=f"since {source.failing_since:%Y-%m-%d %H:%M} UTC",
                why="its stories of this week are missing",
                do="open the feed's address in a browser; `digest gather` tells more",
            )
        elif source.is_silent:
            yield Fault(
                title=f"nothing this week from {source.name}, which has {source.usual:g} stories in others",
                where="this week",
                why="the feed may have moved, and its stories are missing",
                do="look whether the site has stories of this week; `digest sources` tells more",
            )
        elif source.newest and look.letter.now - source.newest > SILENT_AFTER:
            yield Fault(
                title=f"nothing new from {source.name} for {(look.letter.now - source.newest).days} days",
                where=f"its newest story is of {source.newest:%Y-%m-%d}",
                why="the feed may have moved, and its stories are missing",
                do="look whether the site has another feed now, or take the source out",
            )


def incomplete(look: Look) -> Iterator[Fault]:
    """Sources whose week has a gap."""
    for source in look.letter.sources:
        if not (source.complete or source.failing_since):
            yield Fault(
                title=f"stories of {source.name} may be missing",
                where=f"{source.name}: {source.why or 'it was not read to the end'}",
                why="what is not known cannot be in the letter",
                do="gather again; a source that shows only its newest stories wants to be read every hour",
            )


def placeholders(look: Look) -> Iterator[Fault]:
    """Words that somebody meant to replace, in what is written for the letter."""
    for words, where in _placeholders(look).items():
        if words in _unquoted(look) or not any(words in text for _, text in _story_texts(look)):
            yield _unfilled(words, where, "in the note, in digest.toml or in the templates")


def placeholders_in_stories(look: Look) -> Iterator[Fault]:
    """The same in stories, which may be about such things."""
    for words in _placeholders(look):
        story = next((story for story, text in _story_texts(look) if words in text), None)
        if story:
            yield _unfilled(words, look.places.of_story(story), "on the site")


def _unfilled(words: str, where: str, at: str) -> Fault:
    return Fault(
        title=f"{quoted(words)} waits to be filled in",
        where=where,
        why="readers see that nobody looked",
        do=f"write what belongs there, {at}, and make the issue up again",
    )


def _placeholders(look: Look) -> dict[str, str]:
    """Each placeholder, and the line that it stands in."""
    if "placeholders" not in look.kept:
        said = "\n".join((look.letter.subject, look.letter.preheader, look.letter.text))
        lowered = said.lower()
        patterns = [pattern for trace, pattern in _PLACEHOLDERS if trace in lowered]
        found = [each for pattern in patterns for each in pattern.finditer(said) if not _is_quoted(said, each)]
        look.kept["placeholders"] = {each.group(): _around(said, each) for each in reversed(found)}
    kept: dict[str, str] = look.kept["placeholders"]
    return kept


def _story_texts(look: Look) -> Iterator[tuple[Story, str]]:
    for story in look.letter.issue.stories:
        caption = story.picture.caption if story.picture else ""
        yield story, f"{story.headline}\n{story.deck}\n{story.byline}\n{story.kicker}\n{story.place}\n{caption}"


def alike(look: Look) -> Iterator[Fault]:
    """Stories that seem to be the same one."""
    before: list[tuple[Story, frozenset[str]]] = []
    for other in look.letter.issue.stories:
        words = _words(other)
        one = next((story for story, others in before if _have_much_in_common(words, others)), None)
        before.append((other, words))
        if one:
            yield Fault(
                title=f"{quoted(other.headline)} seems to be the same story as {quoted(one.headline)}",
                where=look.places.of_story(other),
                why="readers read the same twice",
                do="if so, exclude one of them: by its title in exclude.titles, or on the site",
                anchor=selector("a", "href", other.address),
            )


def _have_much_in_common(words: frozenset[str], others: frozenset[str]) -> bool:
    least = min(len(words), len(others))
    tell = least >= TELLING or (least >= FEWEST_WORDS and words == others)
    return tell and len(words & others) >= ALIKE * least


def misspelt(look: Look) -> Iterator[Fault]:
    """The publication's name in another spelling."""
    name = look.settings.publication.name
    if len(name) < 4:
        return
    count = len(name.split())
    # Where the name stands as it should, no part of it is looked at together with what comes next.
    for place, text in ((place, part) for place, whole in _own_words(look) for part in whole.split(name)):
        words = re.findall(r"[\w’'&.-]+", text)
        for at in range(len(words) - count + 1):
            said = " ".join(words[at : at + count]).strip(".,")
            if _is_near(said, name):
                yield Fault(
                    title=f"{quoted(said)} is not quite {quoted(name)}",
                    where=place,
                    why="a newsroom that misspells itself is not believed",
                    do="correct it",
                )


def long_note(look: Look) -> Iterator[Fault]:
    """A note that runs long."""
    length = sum(map(len, look.letter.issue.note.paragraphs))
    if length > LONGEST_NOTE:
        yield Fault(
            title=f"the note has {length} characters",
            where="the note",
            why="on a phone the first story is a screen away",
            do=f"keep it within {LONGEST_NOTE}",
        )


def _words(story: Story) -> frozenset[str]:
    return frozenset(_WORDS.findall(f"{story.headline} {story.deck}".casefold()))


def _is_quoted(text: str, found: re.Match[str]) -> bool:
    """Whether a story speaks of it: “{{first_name}}”."""
    before, after = text[: found.start()][-1:], text[found.end() :][:1]
    return (before + after) in {"“”", "‘’", '""', "''", "«»", "„“", "‚‘"}


def _unquoted(look: Look) -> str:
    """What the newsroom says in its own words; a note that was made of headlines has none but a few."""
    issue, publication = look.letter.issue, look.settings.publication
    note = "\n".join((*issue.note.paragraphs, issue.note.signature, issue.note.role))
    for story in issue.stories:
        note = note.replace(story.headline.rstrip("."), "")
    notice = (issue.notice.text, issue.notice.link_text) if issue.notice else ()
    sponsor = (issue.sponsor.heading, issue.sponsor.text, issue.sponsor.payer) if issue.sponsor else ()
    return "\n".join((note, *notice, *sponsor, publication.name, publication.motto, publication.publisher))


def _around(text: str, found: re.Match[str]) -> str:
    line = text[text.rfind("\n", 0, found.start()) + 1 :].partition("\n")[0]
    return quoted(line)


def _own_words(look: Look) -> Iterator[tuple[str, str]]:
    """What the newsroom writes about itself: the note, the notice and the subject."""
    issue = look.letter.issue
    yield "the subject", look.letter.subject
    yield from (("the note", paragraph) for paragraph in issue.note.paragraphs)
    yield "the note's signature", issue.note.role
    if issue.notice:
        yield "the notice", f"{issue.notice.text} {issue.notice.link_text}"


def _is_near(said: str, name: str) -> bool:
    """Whether it is the name in other letters: another case, or a slip of a finger."""
    if said == name or abs(len(said) - len(name)) > 2:
        return False
    if said.casefold() == name.casefold():
        return True
    return SequenceMatcher(None, said.casefold(), name.casefold()).ratio() > _NEAR and said[:1].isupper()
