"""An issue's prints: which it uses, where its letters show them from, and what is in their files."""

from __future__ import annotations

from collections.abc import Callable

from digest.edit.picture import shown, with_print
from digest.model import Issue, Story
from digest.model.pictures import Crop, KnownPicture
from digest.record.location import path_of
from digest.record.shelf import Shelf
from digest.record.store import Store
from digest.settings import Settings

ORIGINAL, ARCHIVE = "original", "archive"


def printed(issue: Issue, settings: Settings, store: Store) -> tuple[Issue, dict[str, bytes]]:
    """The issue with the prints of its pictures, where letters show them, and the contents of those that it uses.

    A story whose print is not there keeps its picture as its site has it.
    """
    if not settings.pictures.keep or not settings.publication.theme.pictures:
        return issue, {}
    shelf, place = shelf_of(settings, store), place_of(settings, issue)
    known = store.pictures.known(story.picture.address for story in issue.stories if story.picture)
    contents: dict[str, bytes] = {}

    def with_its_print(story: Story, crop: Crop) -> Story:
        found = known.get(story.picture.address) if story.picture else None
        content = print_on_shelf(found, crop, shelf)
        if found is None or content is None:
            return story
        made = found.prints[crop]
        contents[made.name] = content
        return with_print(story, found, made, place(made.name))

    return shown(issue, with_its_print), contents


def print_on_shelf(known: KnownPicture | None, crop: Crop, shelf: Shelf) -> bytes | None:
    """The content of a picture's print, where there is one and its file is whole."""
    made = known.prints.get(crop) if known else None
    return shelf.read(made.name) if made else None


def place_of(settings: Settings, issue: Issue) -> Callable[[str], str]:
    """Where letters show a print from, by the name of its file; empty for the site's own address."""
    from_ = settings.pictures.from_
    if from_ == ORIGINAL:
        return lambda name: ""
    base = f"{settings.publication.web}issues/{issue.id}/pictures/" if from_ == ARCHIVE else from_
    return lambda name: f"{base}{name}"


def shelf_of(settings: Settings, store: Store) -> Shelf:
    """Where prints lie: beside the store. Behind that of a copy of the store is that of the store itself."""
    return Shelf(store.path.with_name("pictures"), path_of(settings.store_url).with_name("pictures"))
