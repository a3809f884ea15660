"""Starting a publication: its configuration, the feeds of its site, and the sample newsroom to try things with."""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import digest
from digest.config.starter import write_starter
from digest.errors import ConfigurationError
from digest.office import sourcing
from digest.settings import Fetching

__all__ = ["check_empty", "copy_sample", "find_source", "local_timezone", "write_starter"]

_SAMPLE_FILES = ("digest.toml", "subscribers.csv", "sample")


def check_empty(folder: Path) -> None:
    """Raises ConfigurationError when there is a publication in `folder` already."""
    if (folder / "digest.toml").exists():
        raise ConfigurationError(
            f"{folder / 'digest.toml'} exists already; nothing was changed",
            hint="give another folder, or edit that file",
        )


def find_source(site: str, *, now: datetime) -> sourcing.Route:
    """The best route to the stories of a site. Raises SourceUnreadable."""
    return sourcing.look(site, Fetching(), now=now).chosen.route


def copy_sample(folder: Path) -> None:
    """Copies the sample newsroom into `folder`. Raises ConfigurationError when something of that name is there."""
    for name in _SAMPLE_FILES:
        if (folder / name).exists():
            raise ConfigurationError(f"{folder / name} exists already", hint="give an empty folder")
    folder.mkdir(parents=True, exist_ok=True)
    for name in _SAMPLE_FILES:
        source = _newsroom() / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copyfile(source, folder / name)


def local_timezone() -> str:
    """This machine's time zone by name, as a first proposal; UTC where it has none."""
    found = os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    try:
        return ZoneInfo(found).key if found else "UTC"
    except (ZoneInfoNotFoundError, ValueError):
        return "UTC"


def _newsroom() -> Path:
    """Inside the installed package, or at the top of a checkout."""
    package = Path(digest.__file__).parent
    return package / "newsroom" if (package / "newsroom").is_dir() else package.parent
