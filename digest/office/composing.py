"""Composing: the facade for making up issues, with the editor's choices and the pictures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from digest import pipeline
from digest.choosing import choices_for, note_choices
from digest.clock import Clock
from digest.edit.week import closings, due_issue
from digest.errors import TooFewStories
from digest.office.illustrating import Illustrating
from digest.pipeline import Composed
from digest.record.archive import Archive
from digest.record.shelf import put
from digest.record.store import Store
from digest.settings import Settings


class Composing:
    """The issues of one publication. The editor's files are on the `desk`, what is made up goes to the `archive`."""

    def __init__(self, settings: Settings, store: Store, archive: Archive, desk: Archive, clock: Clock) -> None:
        self._settings = settings
        self._store = store
        self._archive = archive
        self._desk = desk
        self._clock = clock

    def due(self) -> date:
        """The date of the issue to make up now."""
        last = self._store.issues.last_sent()
        last_day = date.fromisoformat(last.issue) if last else None
        return due_issue(self._clock(), self._settings.week, self._settings.publication.timezone, last_day)

    def compose(
        self, day: date | None, *, since: date | None, lead: str | None, keep: Sequence[str], illustrate: bool
    ) -> Composed:
        """Makes up the issue of `day`. A `lead` is remembered, and what to `keep` of near duplicates; `none` takes the
        choice back. `illustrate` has pictures fetched that are not known yet; without it nothing is asked for.

        Without a day it is the one that is due. While nothing was ever sent and the last week is too thin (a feed
        shows its ten newest stories, perhaps all of this week), it is the next one, made up ahead of its time.
        """
        if day:
            return self._compose(day, since, lead, keep, illustrate)
        try:
            return self._compose(self.due(), since, lead, keep, illustrate)
        except TooFewStories:
            if self._store.issues.last_sent() or self._settings.week.first_issue:
                raise
        return self._compose(next(closings(self._settings, self._clock())).date(), since, lead, keep, illustrate)

    def _compose(
        self, day: date, since: date | None, lead: str | None, keep: Sequence[str], illustrate: bool
    ) -> Composed:
        choices = choices_for(day, self._desk, lead=lead, keep=keep)
        settings, store, now = self._settings, self._store, self._clock()
        if illustrate:
            Illustrating(settings, store, self._clock).illustrate(day, choices, since=since)
        composed = pipeline.compose(day, settings, store, self._archive, choices=choices, now=now, since=since)
        note_choices(day, self._archive, choices, lead=lead, keep=keep)
        if self._archive is self._desk:  # a dry run's pictures are for nobody but who looks at it
            self.serve(composed.issue.id)
        return composed

    def serve(self, issue: str) -> None:
        """Puts an issue's pictures where letters show them from, if that is a folder. Raises RecordError."""
        if self._settings.pictures.folder:
            put(self._settings.pictures.folder, self._archive.pictures(issue))
