"""What is no fault of the letter's but a question to its editor is a warning, and what is none at all is not told."""

from __future__ import annotations

from dataclasses import replace

from digest.model import Note, Preflight, Section, Severity
from tests.unit.preflight.letters import BALLOTS, FERRY, ISSUE, LEAD, TEXT, found, look


def severities(check: str, preflight: Preflight) -> set[Severity]:
    return {finding.severity for finding in preflight.findings if finding.check == check}


def test_what_a_story_leaves_to_fill_in_is_for_the_editor_to_decide() -> None:
    linked = replace(FERRY, deck="Nobody boarded. [insert link] [12 comments]")
    issue = replace(ISSUE, sections=(Section(name="National", stories=(BALLOTS, linked)),))
    text = f"{TEXT}{linked.deck}\n"
    assert severities("content.placeholder", look(text=text, issue=issue)) == set()
    assert severities("content.story", look(text=text, issue=issue)) == {Severity.WARNING}
    noted = replace(issue, note=Note(paragraphs=("See [insert link].",)))
    assert severities("content.placeholder", look(text=text, issue=noted)) == {Severity.ERROR}
    assert severities("content.placeholder", look(text=text)) == {Severity.ERROR}


def test_a_note_made_of_headlines_says_only_what_they_say() -> None:
    story = replace(FERRY, headline="TK joins the court")
    note = Note(paragraphs=("This week: TK joins the court; and a river.",))
    issue = replace(ISSUE, note=note, sections=(Section(name="National", stories=(BALLOTS, story)),))
    text = f"{TEXT}{note.paragraphs[0]}\n"
    assert severities("content.placeholder", look(text=text, issue=issue)) == set()
    assert severities("content.story", look(text=text, issue=issue)) == {Severity.WARNING}


def test_a_headline_that_says_nothing_is_for_the_editor_to_decide() -> None:
    story = replace(BALLOTS, headline="More")
    issue = replace(ISSUE, sections=(Section(name="National", stories=(story, FERRY)),))
    said = look("County must count its ballots</a>", "More</a>", issue=issue)
    assert severities("access.links", said) == {Severity.WARNING}


def test_a_headline_in_place_of_a_description_is_no_file_name() -> None:
    story = replace(LEAD, headline="River")
    assert "access.alt" in found('alt="A brown river bends around an orchard."', 'alt="River"')
    assert "access.alt" not in found(
        'alt="A brown river bends around an orchard."', 'alt="River"', issue=replace(ISSUE, lead=story)
    )


def test_the_name_and_the_word_behind_it_are_no_misspelling() -> None:
    assert "content.name" not in found(subject="Closing Arguments A river moved")
    assert "content.name" in found(subject="Closing Argument: A river moved")


def test_short_stories_share_words_by_chance() -> None:
    first = replace(BALLOTS, headline="Patch Release 3.4", deck="Fixes bugs.")
    again = replace(FERRY, headline="Patch Release 3.5", deck="Fixes more.")
    issue = replace(ISSUE, sections=(Section(name="National", stories=(first, again)),))
    assert "content.alike" not in {finding.check for finding in look(issue=issue).findings}
    same = replace(again, headline=first.headline, deck=first.deck)
    issue = replace(ISSUE, sections=(Section(name="National", stories=(first, same)),))
    assert "content.alike" in {finding.check for finding in look(issue=issue).findings}
