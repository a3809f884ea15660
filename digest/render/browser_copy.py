"""A copy of a letter to look at: pictures that are not on the web yet are taken from folders of this machine."""

from __future__ import annotations

import html as markup
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

_SOURCE = re.compile(r"""(?P<before>\ssrc\s*=\s*)(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')""", re.IGNORECASE)


def for_browser(html: str, folders: Sequence[tuple[str, Path]]) -> str:
    """`html` with each `src` address that begins with a prefix of `folders` turned into the file URI of its file.

    `folders` pairs an address prefix with the folder that stands for it; the first that has the file wins. An
    address whose file does not exist, or lies outside the folder, stays as it is.
    """

    def localised(found: re.Match[str]) -> str:
        address = markup.unescape(found["double"] if found["double"] is not None else found["single"])
        file = _file_for(address, folders)
        return f'{found["before"]}"{markup.escape(file.as_uri())}"' if file else found.group()

    return _SOURCE.sub(localised, html)


def _file_for(address: str, folders: Sequence[tuple[str, Path]]) -> Path | None:
    files = (_below(folder, address[len(prefix) :]) for prefix, folder in folders if address.startswith(prefix))
    return next((file for file in files if file), None)


def _below(folder: Path, rest: str) -> Path | None:
    """The existing file at `rest` (a URL's path, maybe with a query) in `folder`, symbolic links followed."""
    try:
        root = folder.resolve()
        file = (root / unquote(urlsplit(f"///{rest}").path).lstrip("/")).resolve()
        return file if file.is_relative_to(root) and file.is_file() else None
    except (OSError, ValueError):  # a name that no file can have
        return None
