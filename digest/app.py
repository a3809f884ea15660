"""The composition root: the only place where a publication gets its store, its archive and its clock.

A room is imported when its door is opened: a command that only looks at the store loads no parser of feeds.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from digest import shipped
from digest.clock import Clock
from digest.errors import RecordError
from digest.office.publication import Publication
from digest.record.archive import Archive
from digest.record.copy import copy_store
from digest.record.location import path_of
from digest.record.store import Store
from digest.settings import Settings

if TYPE_CHECKING:
    from datetime import datetime

    from digest.office.doctor import Doctor
    from digest.office.pages import Pages

__all__ = [
    "Publication",
    "closings",
    "doctor",
    "dry_run_folder",
    "forget_templates",
    "open_dry_run",
    "open_pages",
    "open_publication",
    "open_reading",
    "store_files",
    "template_folders",
]


@contextmanager
def open_publication(settings: Settings, clock: Clock) -> Iterator[Publication]:
    """The publication for real."""
    archive = Archive(settings.archive)
    with Store.open(settings.store_url) as store:
        yield Publication(settings, store, archive, archive, clock)


@contextmanager
def open_dry_run(settings: Settings, clock: Clock, *, archive: Path | None = None) -> Iterator[Publication]:
    """The publication on a copy of its store that is thrown away; what is made up goes to `archive`, if given."""
    desk = Archive(settings.archive)
    with (
        tempfile.TemporaryDirectory(prefix="digest-dry-run-") as folder,
        _open_copy(settings.store_url, Path(folder)) as store,
    ):
        yield Publication(settings, store, Archive(archive) if archive else desk, desk, clock)


@contextmanager
def open_pages(settings: Settings, clock: Clock) -> Iterator[Pages]:
    """The readers' pages, for as long as they are served."""
    from digest.office.pages import Pages

    with Store.open(settings.store_url) as store:
        yield Pages(settings, store, Archive(settings.archive), clock)


@contextmanager
def open_reading(settings: Settings, clock: Clock) -> Iterator[Publication]:
    """The publication for who only looks: its store where there is one, while others may be at work on it."""
    opened = open_publication if path_of(settings.store_url).exists() else open_dry_run
    with opened(settings, clock) as publication:
        yield publication


def closings(settings: Settings, now: datetime) -> Iterator[datetime]:
    """The instants at which issues close from now on, in the publication's local time, for ever."""
    from digest.edit import week

    return week.closings(settings, now)


def doctor(settings: Settings, clock: Clock) -> Doctor:
    """Who looks whether the publication is ready to write to its readers."""
    from digest.office.doctor import Doctor

    return Doctor(settings, clock)


def store_files(settings: Settings) -> tuple[Path, ...]:
    """The store's file and its log, which tell by their times that something was written."""
    path = path_of(settings.store_url)
    return path, path.with_name(f"{path.name}-wal")


def template_folders(settings: Settings) -> tuple[Path, ...]:
    """Where the letter's templates and words may lie: the publication's own folder, and what is shipped."""
    from digest.render import languages

    own = (settings.templates,) if settings.templates else ()
    return (*own, shipped.theme_folder(shipped.BASE_THEME).parent, languages.SHIPPED)


def forget_templates() -> None:
    """Looks for every template anew: one that is kept does not see that a file has come to stand for it, or gone."""
    from digest.render import theme

    theme.forget()


def _open_copy(url: str, folder: Path) -> Store:
    """Opens a copy of the store. What is wrong with it is wrong with the original, and is said of that."""
    copy = copy_store(url, folder)
    try:
        return Store.open(copy)
    except RecordError as error:
        told = str(error).replace(str(path_of(copy)), str(path_of(url)))
        raise RecordError(told, hint=error.hint) from error


def dry_run_folder(settings: Settings) -> Path:
    """Where a dry run leaves what it made."""
    return settings.delivery.outbox / "dry-run"
