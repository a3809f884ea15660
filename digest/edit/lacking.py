"""Which stories' pages are worth asking for what their entries leave out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from digest.edit import copy
from digest.edit.address import clean_address
from digest.edit.clean import plain_text
from digest.edit.sift import NO_HEADLINE
from digest.model import Amount, Cut, Entry, Form, Issue, SeenEntry, Story
from digest.settings import SectionRule

_WITH_PICTURES = {Form.LEAD, Form.STANDARD, Form.FEATURE}
_WITH_BYLINES = {Form.OPINION}
_NO_ROOM = "over the "
"""How the reasons of cuts begin that are there only because a section or the issue is full."""


class Lack(StrEnum):
    """What a story lacks that its page may say."""

    HEADLINE = "headline"
    DECK = "deck"
    PICTURE = "picture"
    BYLINE = "byline"
    SECTION = "section"
    DATE = "date"


def wanting(
    entries: Sequence[SeenEntry],
    issue: Issue,
    cuts: Iterable[Cut],
    rules: Sequence[SectionRule],
    *,
    pictures: bool = True,
    amount: Amount = Amount.FULL,
) -> tuple[SeenEntry, ...]:
    """The entries whose pages may help the issue, in the order in which that matters.

    First the issue's own stories, for what their form shows; then those without a headline; then, where sections take
    categories, those that found no room and may only stand in the wrong section. `pictures` and `amount` say what the
    letter shows at all.
    """
    by_key = {seen.key: seen for seen in entries}
    sorts = any(rule.categories for rule in rules)
    found = [
        *(story.entry_key for story, form in _placed(issue) if _lacks(by_key, story, form, sorts, pictures, amount)),
        *(cut.entry_key for cut in cuts if cut.reason == NO_HEADLINE),
    ]
    if sorts:
        unsorted = (cut.entry_key for cut in cuts if cut.reason.startswith(_NO_ROOM))
        found += [key for key in unsorted if key in by_key and not _sorted(by_key[key].entry)]
    return tuple(by_key[key] for key in dict.fromkeys(found) if key in by_key and _has_page(by_key[key]))


def lacks(entry: Entry, form: Form, *, sorts: bool, amount: Amount = Amount.FULL) -> frozenset[Lack]:
    """What an entry leaves out of what a story of this form shows. `sorts` says whether sections take categories."""
    title = copy.headline(entry)
    has = {
        Lack.HEADLINE: bool(title),
        Lack.DECK: amount is Amount.HEADLINES or copy.has_deck(entry, title),
        Lack.PICTURE: form not in _WITH_PICTURES or bool(entry.pictures),
        Lack.BYLINE: form not in _WITH_BYLINES or bool(copy.byline(entry.author)),
        Lack.SECTION: not sorts or _sorted(entry),
        Lack.DATE: bool(entry.published or entry.updated),
    }
    return frozenset(lack for lack, there in has.items() if not there)


def _lacks(by_key: dict[int, SeenEntry], story: Story, form: Form, sorts: bool, pictures: bool, amount: Amount) -> bool:
    if story.entry_key not in by_key:
        return False
    missing = lacks(by_key[story.entry_key].entry, form, sorts=sorts, amount=amount)
    return bool(missing - (frozenset() if pictures else {Lack.PICTURE}))


def _placed(issue: Issue) -> Iterator[tuple[Story, Form]]:
    if issue.lead:
        yield issue.lead, Form.LEAD
    for section in issue.sections:
        yield from ((story, section.form) for story in section.stories)


def _sorted(entry: Entry) -> bool:
    return any(map(plain_text, entry.categories))


def _has_page(seen: SeenEntry) -> bool:
    return bool(clean_address(seen.entry.link))
