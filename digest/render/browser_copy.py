"""A copy of a letter to look at: pictures that are not on the web yet are taken from folders of this machine."""

from __future__ import annotations

import html as markup
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

Folders = Sequence[tuple[str, Path]]
"""Pairs of an address's beginning and the folder that stands for it."""

_SOURCE = re.compile(r"""(?P<before>\ssrc(?:set)?\s*=\s*)(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')""", re.IGNORECASE)


def for_browser(
    html: str, folders: Folders, place: Callable[[int, Path], str] = lambda number, file: file.as_uri()
) -> str:
    """`html` with each `src` address that begins with a prefix of `folders` turned into the file URI of its file.

    The first folder that has the file wins; `place` may give another address for the file in the folder of that number.
    An address whose file does not exist, or lies outside the folder, stays as it is.
    """

    def localised(found: re.Match[str]) -> str:
        address = markup.unescape(found["double"] if found["double"] is not None else found["single"])
        held = _held(address, folders)
        return f'{found["before"]}"{markup.escape(place(*held))}"' if held else found.group()

    return _SOURCE.sub(localised, html)


def file_in(folders: Folders, number: int, rest: str) -> Path | None:
    """The file at `rest`, a path as URLs write it, in the folder of that number; None when there is none in it."""
    return below(folders[number][1], rest) if 0 <= number < len(folders) else None


def below(folder: Path, rest: str) -> Path | None:
    """The existing file at `rest` (a URL's path, maybe with a query) in `folder`, symbolic links followed."""
    try:
        root = folder.resolve()
        file = (root / unquote(urlsplit(f"///{rest}").path).lstrip("/")).resolve()
        return file if file.is_relative_to(root) and file.is_file() else None
    except (OSError, ValueError):  # a name that no file can have
        return None


def _held(address: str, folders: Folders) -> tuple[int, Path] | None:
    held = (
        (number, below(folder, address[len(prefix) :]))
        for number, (prefix, folder) in enumerate(folders)
        if address.startswith(prefix)
    )
    return next(((number, file) for number, file in held if file), None)
