"""A week's entries out of the store, made up into an issue that nobody has kept yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from digest.edit.issue import EditorsChoices, MadeUp, compose_issue
from digest.edit.picture import Gallery, addresses_of
from digest.model import SeenEntry, Window
from digest.record.store import Store
from digest.render.languages import language_of
from digest.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekMadeUp:
    """The entries that may concern an issue, and what was made of them."""

    entries: tuple[SeenEntry, ...]
    made: MadeUp


def make_up_week(
    day: date, covered: Window, settings: Settings, store: Store, *, choices: EditorsChoices
) -> WeekMadeUp:
    """The issue of `day` as the store's entries give it now. Raises ConfigurationError for a lead that is not there."""
    last = store.issues.last_sent(before=day)
    entries = store.entries.in_window(covered, issue=day.isoformat(), seen_since=last.window.opens if last else None)
    made = compose_issue(
        entries,
        day=day,
        number=store.issues.number_for(day.isoformat()),
        window=covered,
        settings=settings,
        ran=store.entries.already_ran(before=day.isoformat()),
        near=store.likenesses.of([seen.key for seen in entries], issue=day.isoformat()),
        choices=choices,
        in_one_sentence=language_of(settings.publication.language, settings.templates).in_one_sentence,
        gallery=_gallery(entries, settings, store),
    )
    return WeekMadeUp(entries=entries, made=made)


def _gallery(entries: Sequence[SeenEntry], settings: Settings, store: Store) -> Gallery:
    known = store.pictures.known(addresses_of(entries)) if settings.pictures.keep else {}
    return Gallery(known=known, licensed=settings.pictures.licensed)
