"""What comes with the program beside its code: in the installed package, else in the checkout around it."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

BASE_THEME = "closing-arguments"
"""The theme from which every other one takes the parts that it does not have."""


def themes() -> tuple[str, ...]:
    """The names of the themes, the base theme first."""
    names = sorted(path.parent.name for path in templates().glob("*/theme.toml"))
    return (BASE_THEME, *(name for name in names if name != BASE_THEME))


def theme_folder(name: str) -> Path:
    """Where the templates of the theme `name` are. It must be one of `themes()`."""
    return templates() / name


@lru_cache(maxsize=8)
def theme_defaults(name: str) -> dict[str, Any]:
    """What the theme's own `theme.toml` says: its `description`, its colours and the settings that it begins from."""
    return tomllib.loads((theme_folder(name) / "theme.toml").read_text(encoding="utf-8"))


def templates() -> Path:
    """The folder of everything shipped that is a template: a folder for each theme, and the readers' pages."""
    package = Path(__file__).parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"
