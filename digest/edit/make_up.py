"""Making up the issue: candidates go into sections, the lead is chosen, what does not fit is cut with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from digest.edit import biography, copy, length
from digest.edit.address import canonical_address, clean_address
from digest.edit.picture import NOTHING_KNOWN, Gallery, passed_over, picture_of
from digest.edit.sift import Candidate
from digest.errors import ConfigurationError
from digest.model import Amount, Cut, Entry, Form, Section, Story
from digest.model.pictures import Crop, PassedOver
from digest.settings import SectionRule

_DECK_LIMITS = {Form.LEAD: 320, Form.BRIEF: 160, Form.PODCAST: 220, Form.CORRECTION: 480}
_DECK_LIMIT = 220
# What these forms say is their deck: the amount of text that a theme allows does not touch it.
_ALL_DECK = {Form.BRIEF, Form.PODCAST, Form.CORRECTION}
_NO_STORIES = {Form.PODCAST, Form.CORRECTION}
_ONE_SENTENCE = {Form.BRIEF, Form.PODCAST}
_APART = {Form.BRIEF, Form.OPINION, Form.FEATURE, Form.PODCAST, Form.CORRECTION}
"""Sections that give no lead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The issue's stories in place, and everything that did not make it."""

    lead: Story | None
    sections: tuple[Section, ...]
    cuts: tuple[Cut, ...]
    passed_over: tuple[PassedOver, ...] = ()
    """The pictures that its stories do not show."""


def make_up(
    candidates: Sequence[Candidate],
    rules: Sequence[SectionRule],
    *,
    most: int,
    pinned: str = "",
    amount: Amount = Amount.FULL,
    gallery: Gallery = NOTHING_KNOWN,
) -> Page:
    """Puts `candidates` (newest first) into the sections of `rules`, at most `most` stories in all.

    The lead is the story at the `pinned` address, else the newest with a picture in the first section that has stories
    (a section of the form `lead` comes before all others), else the newest there. Raises ConfigurationError when
    nothing of this week is at the pinned address. `amount` is how much stands under headlines; a picture that cannot be
    shown, by what the `gallery` knows, counts as none.
    """
    placed = _place(candidates, rules)
    lead = _pinned_lead(candidates, pinned) or _choose_lead(placed, rules, gallery)
    if lead:
        placed = {name: [one for one in stories if one is not lead] for name, stories in placed.items()}
    chosen, cuts = _within_sections(placed, rules)
    chosen, more_cuts = _within_issue(chosen, rules, most - bool(lead), most)
    sections = tuple(
        Section(
            name=rule.name,
            form=_set_form(rule),
            stories=tuple(story_of(one, rule, amount, gallery) for one in chosen[rule.name]),
        )
        for rule in rules
        if chosen[rule.name]
    )
    leading = replace(rule_for(lead.categories, rules), form=Form.LEAD) if lead else None
    stories = [(one, Crop.STORY) for rule in rules for one in chosen[rule.name]]
    return Page(
        lead=story_of(lead, leading, amount, gallery, Crop.LEAD) if lead and leading else None,
        sections=sections,
        cuts=(*cuts, *more_cuts),
        passed_over=tuple(_passed_over([*([(lead, Crop.LEAD)] if lead else []), *stories], gallery)),
    )


def rule_for(categories: Iterable[str], rules: Sequence[SectionRule]) -> SectionRule:
    """The first section, in their order, that takes one of `categories`; else the one that takes the rest.

    An episode or a correction is no story, whatever it is about: sections of these forms are asked first.
    """
    wanted = {category.casefold() for category in categories}
    for rule in sorted(rules, key=lambda rule: rule.form not in _NO_STORIES):
        if wanted & {category.casefold() for category in rule.categories}:
            return rule
    return next(rule for rule in rules if not rule.categories)


def story_of(
    one: Candidate,
    rule: SectionRule,
    amount: Amount = Amount.FULL,
    gallery: Gallery = NOTHING_KNOWN,
    crop: Crop = Crop.STORY,
) -> Story:
    """The story as readers will see it, set for the form of its section."""
    byline = copy.byline(one.entry.author)
    return Story(
        headline=one.title,
        address=one.address,
        deck=_deck(one, rule.form, amount),
        kicker=_kicker(one, rule),
        byline=byline,
        about=biography.about(one.entry, byline) if rule.form is Form.OPINION else "",
        minutes=_minutes(one.entry, rule.form),
        place=copy.place(one.entry),
        published=one.dated,
        picture=picture_of(one.entry, crop, gallery),
        source=one.entry.source,
        entry_key=one.seen.key,
    )


def _place(candidates: Iterable[Candidate], rules: Sequence[SectionRule]) -> dict[str, list[Candidate]]:
    placed: dict[str, list[Candidate]] = {rule.name: [] for rule in rules}
    for one in candidates:
        placed[rule_for(one.categories, rules).name].append(one)
    return placed


def _pinned_lead(candidates: Sequence[Candidate], pinned: str) -> Candidate | None:
    if not pinned:
        return None
    for one in candidates:
        if one.canonical == canonical_address(pinned):
            return one
    raise ConfigurationError(
        f"the pinned lead {clean_address(pinned) or pinned!r} is not among this week's stories",
        hint="pin the address of a story that `digest compose` lists, or take the pin away with --lead none",
    )


def _choose_lead(
    placed: dict[str, list[Candidate]], rules: Sequence[SectionRule], gallery: Gallery
) -> Candidate | None:
    fit = [rule for rule in rules if rule.form not in _APART and placed[rule.name]]
    if not fit:
        return None
    first = next((rule for rule in fit if rule.form is Form.LEAD), fit[0])
    stories = placed[first.name]
    return next((one for one in stories if picture_of(one.entry, Crop.LEAD, gallery)), stories[0])


def _passed_over(stories: Iterable[tuple[Candidate, Crop]], gallery: Gallery) -> Iterator[PassedOver]:
    for one, crop in stories:
        alone = picture_of(one.entry, crop, gallery) is None
        for address, reason in passed_over(one.entry, crop, gallery):
            yield PassedOver(headline=one.title, address=address, reason=reason, alone=alone)


def _within_sections(
    placed: dict[str, list[Candidate]], rules: Sequence[SectionRule]
) -> tuple[dict[str, list[Candidate]], list[Cut]]:
    chosen = {rule.name: placed[rule.name][: rule.max] for rule in rules}
    cuts = [one.cut(f"over the section's {rule.max}") for rule in rules for one in placed[rule.name][rule.max :]]
    return chosen, cuts


def _within_issue(
    chosen: dict[str, list[Candidate]], rules: Sequence[SectionRule], room: int, most: int
) -> tuple[dict[str, list[Candidate]], list[Cut]]:
    """Shortens the longest section first, so that a full week costs no section its place. Later sections give way."""
    shortened = {name: list(stories) for name, stories in chosen.items()}
    cuts: list[Cut] = []
    while sum(map(len, shortened.values())) > max(room, 0):
        longest = max(reversed(rules), key=lambda rule: len(shortened[rule.name]))
        cuts.append(shortened[longest.name].pop().cut(f"over the issue's {most}"))
    return shortened, cuts


def _deck(one: Candidate, form: Form, amount: Amount) -> str:
    """A brief has one sentence; stories have what the theme allows."""
    if amount is Amount.HEADLINES and form not in _ALL_DECK:
        return ""
    deck = copy.deck(one.entry, one.title, limit=_DECK_LIMITS.get(form, _DECK_LIMIT))
    one_sentence = form in _ONE_SENTENCE or (amount is Amount.DECKS and form not in _ALL_DECK)
    return copy.first_sentence(deck) if one_sentence else deck


def _minutes(entry: Entry, form: Form) -> int:
    if form is Form.FEATURE:
        return length.minutes_to_read(entry)
    return length.minutes_to_hear(entry) if form is Form.PODCAST else 0


def _set_form(rule: SectionRule) -> Form:
    """A section that gives the lead sets its other stories like any section."""
    return Form.STANDARD if rule.form is Form.LEAD else rule.form


def _kicker(one: Candidate, rule: SectionRule) -> str:
    """The topic of a lead, the kind of an opinion."""
    if rule.form is Form.OPINION:
        return _kind(one, rule)
    return _topic(one, rule) if rule.form is Form.LEAD else ""


def _kind(one: Candidate, rule: SectionRule) -> str:
    """The category that says what an opinion is: another one of its section, or one such as `Column: The back row`."""
    kinds = {category.casefold() for category in rule.categories} - {rule.name.casefold()}
    return next((category for category in one.categories if category.casefold() in kinds or ": " in category), "")


def _topic(one: Candidate, rule: SectionRule) -> str:
    known = {rule.name.casefold(), "uncategorized"}
    return next((category for category in one.categories if category.casefold() not in known), rule.name)
