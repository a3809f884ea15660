"""Illustrating: the facade for the pictures of an issue, from their sites to the shelf."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from digest import pipeline
from digest.clock import Clock
from digest.edit.issue import EditorsChoices
from digest.edit.picture import shown
from digest.making_up import make_up_week
from digest.model import Issue, Story, Window
from digest.model.pictures import Crop, Developed
from digest.printing import ARCHIVE, ORIGINAL, print_on_shelf, shelf_of
from digest.record.archive import Archive
from digest.record.store import Store
from digest.settings import Settings
from digest.sources.picture_files import PictureFile, PictureReader

_ROUNDS = 8
"""A story whose picture cannot be shown takes its next one, and a lead without any makes room for another. Where no
site answers, that would go through all pictures of the week."""

KEPT = timedelta(days=60)
"""For so long the shelf has a print. Its issue has it for ever."""


class Illustrating:
    """The pictures of one publication."""

    def __init__(self, settings: Settings, store: Store, clock: Clock) -> None:
        self._settings = settings
        self._store = store
        self._shelf = shelf_of(settings, store)
        self._clock = clock

    def illustrate(self, day: date, choices: EditorsChoices, *, since: date | None = None) -> None:
        """Fetches the pictures of the issue of `day` that are not known yet, and makes the letter's prints of them.

        A story whose picture cannot be shown takes its next one, so this goes on until every story has a print or no
        picture left, or some rounds were made. Nothing is raised for a picture; whatever stands in the way of making up
        the issue is raised.
        """
        if not self._settings.pictures.keep or not self._settings.publication.theme.pictures:
            return
        self._store.pictures.forget_passing()
        window = pipeline.window(day, self._settings, self._store, now=self._clock(), since=since)
        asked: set[str] = set()
        with self._reader() as reader:
            for _ in range(_ROUNDS):
                wanted = self._wanted(self._made_up(day, window, choices)) - asked
                if not wanted:
                    break
                asked |= wanted
                for file in reader.read(sorted(wanted)):
                    self._keep(file)
        self._shelf.remove(self._store.pictures.forget(before=self._clock() - KEPT))

    def _made_up(self, day: date, window: Window, choices: EditorsChoices) -> Issue:
        return make_up_week(day, window, self._settings, self._store, choices=choices).made.issue

    def _reader(self) -> PictureReader:
        return PictureReader(
            self._settings.fetching,
            folders=self._settings.preview_folders,
            configured=tuple(source.feed for source in self._settings.sources),
        )

    def _wanted(self, issue: Issue) -> set[str]:
        """The pictures of which the issue's stories still want a print."""
        stories = list(_pictured(issue))
        known = self._store.pictures.known(address for address, _ in stories)
        return {address for address, crop in stories if print_on_shelf(known.get(address), crop, self._shelf) is None}

    def _keep(self, file: PictureFile) -> None:
        """Files first: a row of the store names no print that is not there."""
        if file.error:
            self._store.pictures.refuse(file.address, file.error, now=self._clock())
            return
        developed = _developed(file.content)
        self._shelf.keep(developed.contents)
        self._store.pictures.keep(file.address, developed, now=self._clock())


def picture_folders(
    settings: Settings, archive: Archive, store: Store, issue: str = ""
) -> tuple[tuple[str, Path], ...]:
    """The folders of this machine that have pictures which may not be on the web yet: an address's beginning, and the
    folder. Those that the configuration names come first, then those of the `issue`, if one is given."""
    return (*settings.preview_folders, *_own_folders(settings, archive, store, issue))


def _own_folders(settings: Settings, archive: Archive, store: Store, issue: str) -> Iterator[tuple[str, Path]]:
    from_ = settings.pictures.from_
    if from_ == ARCHIVE:
        yield f"{settings.publication.web}issues/", archive.folder
    elif from_ != ORIGINAL:
        if issue:
            yield from_, archive.paths(issue).pictures
        yield from ((from_, folder) for folder in shelf_of(settings, store).folders)


def _pictured(issue: Issue) -> Iterator[tuple[str, Crop]]:
    """The address of each picture of the issue, and the crop in which it is shown."""
    found: list[tuple[str, Crop]] = []

    def note(story: Story, crop: Crop) -> Story:
        found.append((story.picture.address if story.picture else "", crop))
        return story

    shown(issue, note)
    return iter(found)


def _developed(content: bytes) -> Developed:
    # Pillow takes a tenth of a second to load, and no other command needs it.
    from digest.pictures.develop import develop

    return develop(content)
