"""Which pages are worth asking."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from digest.edit.lacking import Lack, lacks, wanting
from digest.edit.make_up import make_up
from digest.edit.sift import sift
from digest.model import Amount, Entry, Form, Issue, Note, SeenEntry, Window
from digest.settings import Exclusions, SectionRule

MakeSeen = Callable[..., SeenEntry]
REST = (SectionRule(name="This week", max=3),)
SORTED = (
    SectionRule(name="Courts", categories=("Courts",)),
    SectionRule(name="Opinion", categories=("Op-Ed",), form=Form.OPINION),
    *REST,
)


def asked(entries: list[SeenEntry], week: Window, rules: tuple[SectionRule, ...] = REST, **shown: bool) -> list[int]:
    kept, cuts = sift(entries, window=week, exclusions=Exclusions(), ran={}, sources=[])
    page = make_up(kept, rules, most=20)
    issue = Issue(
        date=date(2026, 11, 20), number=1, window=week, lead=page.lead, sections=page.sections, note=Note(paragraphs=())
    )
    return [seen.key for seen in wanting(entries, issue, (*cuts, *page.cuts), rules, **shown)]


def test_a_story_that_lacks_nothing_is_not_asked_for(seen: MakeSeen, week: Window) -> None:
    assert asked([seen(picture=True, categories=("Courts",))], week, SORTED) == []


@pytest.mark.parametrize(
    ("fields", "form", "lack"),
    [
        ({"title": " "}, Form.STANDARD, Lack.HEADLINE),
        ({"content": ""}, Form.BRIEF, Lack.DECK),
        ({"content": "", "summary": "The bridge over the Quill has been [&hellip;]"}, Form.STANDARD, Lack.DECK),
        ({"content": "", "summary": "Story number 1 about a bridge"}, Form.STANDARD, Lack.DECK),
        ({"pictures": ()}, Form.LEAD, Lack.PICTURE),
        ({"author": "admin"}, Form.OPINION, Lack.BYLINE),
        ({"categories": ()}, Form.STANDARD, Lack.SECTION),
        ({"published": None}, Form.STANDARD, Lack.DATE),
    ],
)
def test_what_a_story_can_lack(seen: MakeSeen, fields: dict[str, object], form: Form, lack: Lack) -> None:
    whole = {"picture": "pictures" not in fields, "author": "Ana Ruiz", "categories": ("Courts",)}
    entry: Entry = seen(**whole | fields).entry
    assert lacks(entry, form, sorts=True) >= {lack}
    assert lacks(seen(**whole).entry, form, sorts=True) == (frozenset() if whole["picture"] else {lack})


@pytest.mark.parametrize("form", [Form.BRIEF, Form.OPINION, Form.PODCAST, Form.CORRECTION])
def test_a_form_without_pictures_lacks_none(seen: MakeSeen, form: Form) -> None:
    assert Lack.PICTURE not in lacks(seen().entry, form, sorts=False)


def test_a_letter_of_headlines_lacks_no_decks(seen: MakeSeen) -> None:
    assert Lack.DECK not in lacks(seen(content="").entry, Form.STANDARD, sorts=False, amount=Amount.HEADLINES)


def test_a_letter_without_pictures_asks_for_none(seen: MakeSeen, week: Window) -> None:
    assert asked([seen()], week) == [1]
    assert asked([seen()], week, pictures=False) == []


def test_entries_without_a_headline_are_asked_for_after_the_issues_stories(seen: MakeSeen, week: Window) -> None:
    assert asked([seen(title=""), seen()], week) == [2, 1]


def test_what_found_no_room_is_asked_for_only_where_it_may_stand_wrong(seen: MakeSeen, week: Window) -> None:
    entries = [seen(picture=True) for _ in range(6)]
    assert asked(entries, week) == []
    assert len(asked(entries, week, SORTED)) == 6


def test_who_has_no_page_is_not_asked(seen: MakeSeen, week: Window) -> None:
    assert asked([seen(title="", link="javascript:alert(1)")], week) == []
