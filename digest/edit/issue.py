"""Composing: a week's entries in, an issue and its cuts out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from digest.edit.address import canonical_address, clean_address
from digest.edit.make_up import make_up
from digest.edit.note import InOneSentence, note_of, notice_of, sponsor_of
from digest.edit.picture import NOTHING_KNOWN, Gallery
from digest.edit.sift import sift
from digest.errors import ConfigurationError
from digest.model import Cut, Issue, NearStory, SeenEntry, Story, Window
from digest.model.pictures import PassedOver
from digest.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorsChoices:
    """What the editor decided for one issue: `note` is the text of its note file, `lead` the address of the lead,
    `kept` those of stories that stay although they are near duplicates."""

    note: str | None = None
    lead: str = ""
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUp:
    """An issue, the entries of its week that it leaves out, and the pictures that its stories do not show."""

    issue: Issue
    cuts: tuple[Cut, ...]
    passed_over: tuple[PassedOver, ...] = ()


def compose_issue(
    entries: Iterable[SeenEntry],
    *,
    day: date,
    number: int,
    window: Window,
    settings: Settings,
    ran: Mapping[str, str],
    near: Mapping[int, Sequence[NearStory]],
    choices: EditorsChoices,
    in_one_sentence: InOneSentence,
    gallery: Gallery = NOTHING_KNOWN,
) -> MadeUp:
    """The issue of `day`. Every entry is in it or among the cuts.

    `ran` gives the issue in which a story's canonical address ran, `near` what an entry (by its row) is near to;
    `in_one_sentence` makes a note out of headlines where the editor wrote none; `gallery` is what is known of pictures.
    Raises ConfigurationError when the chosen lead is not among the week's stories, or what is to be kept not among its
    entries.
    """
    candidates, cuts = sift(
        entries,
        window=window,
        exclusions=settings.exclusions,
        ran=ran,
        sources=[source.name for source in settings.sources],
        near=near,
        kept={canonical_address(address) for address in choices.kept},
    )
    _check_kept(choices.kept, [*(one.address for one in candidates), *(cut.address for cut in cuts)])
    page = make_up(
        candidates,
        settings.sections,
        most=settings.week.max_stories,
        pinned=choices.lead,
        amount=settings.publication.theme.text,
        gallery=gallery,
    )
    issue = Issue(
        date=day,
        number=number,
        window=window,
        lead=page.lead,
        sections=page.sections,
        note=note_of(settings.note, choices.note, page.lead, page.sections, in_one_sentence),
        notice=notice_of(settings.notice, day),
        sponsor=sponsor_of(settings.sponsor, day),
    )
    return MadeUp(issue=issue, cuts=(*cuts, *page.cuts), passed_over=page.passed_over)


def _check_kept(kept: Sequence[str], addresses: Iterable[str]) -> None:
    known = {canonical_address(address) for address in addresses} - {""} if kept else set()
    for address in kept:
        if canonical_address(address) not in known:
            raise ConfigurationError(
                f"{clean_address(address) or address!r} is to be kept and is not among this week's entries",
                hint="keep an address that `digest compose` lists as a near duplicate, or start anew with --keep none",
            )


def story_key(story: Story) -> str:
    """What tells that a story ran before: its canonical address."""
    return canonical_address(story.address)
