"""Which files a proof is made from, and whether one of them has changed.

They are asked for their time and size twenty times a second, which takes half a millisecond and works on every kind of
disk; what the system tells of changes does not reach through network folders and containers.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

from digest import app
from digest.settings import Settings

EVERY = 0.05
"""Seconds between two looks."""
STORE_AT_MOST_EVERY = 3.0
"""Seconds between two proofs that only the store calls for: while an issue goes out it changes without end."""

Stamps = Mapping[str, tuple[int, int]]
"""Time (ns) and size of each file by its path."""


def sources_of(settings: Settings, day: date | None) -> Stamps:
    """The stamps of configuration, list, templates and the issue's own folder, in which its note lies."""
    own = (settings.archive / day.isoformat(),) if day else ()
    files = [*settings.home.glob("*.toml"), settings.subscribers]
    for folder in (*app.template_folders(settings), *own):
        files += _below(folder)
    return _stamps(files)


def store_of(settings: Settings) -> Stamps:
    """The stamps of the store and its log."""
    return _stamps(app.store_files(settings))


def _below(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(root, name) for name in names)


def _stamps(files: Iterable[Path]) -> Stamps:
    """What is missing has no stamp."""
    stamps = {}
    for file in files:
        with suppress(OSError, ValueError):
            status = file.stat()
            stamps[str(file)] = (status.st_mtime_ns, status.st_size)
    return stamps
