"""Which addresses of a letter are to be asked for, and the pictures that lie in a folder of this machine."""

from __future__ import annotations

import mimetypes
from collections.abc import Collection, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from digest.model import LinkAnswer, Reached
from digest.preflight.page import read

_WEB = ("http://", "https://")


def to_ask(html: str, own: Collection[str], answered: Collection[str]) -> tuple[str, ...]:
    """The links and pictures of a letter, each once. `own` are those of the reader and of a copy that is not there yet;
    `answered` are known already."""
    page = read(html)
    found = dict.fromkeys([*(link.address for link in page.links), *(picture.address for picture in page.pictures)])
    left_out = {*own, *answered}
    return tuple(address for address in found if address.lower().startswith(_WEB) and address not in left_out)


def in_folders(html: str, folders: Sequence[tuple[str, Path]]) -> dict[str, LinkAnswer]:
    """Pictures whose address begins with a prefix for which a folder stands: there or gone, and how large."""
    addresses = dict.fromkeys(picture.address for picture in read(html).pictures)
    found = {address: _file_answer(address, folders) for address in addresses}
    return {address: answer for address, answer in found.items() if answer}


def _file_answer(address: str, folders: Sequence[tuple[str, Path]]) -> LinkAnswer | None:
    standing = [(prefix, folder) for prefix, folder in folders if address.startswith(prefix)]
    if not standing:
        return None
    for prefix, folder in standing:
        size = _size_below(folder, address[len(prefix) :])
        if size is not None:
            kind = mimetypes.guess_type(urlsplit(address).path)[0] or ""
            return LinkAnswer(address=address, reached=Reached.ANSWERS, size=size, kind=kind)
    return LinkAnswer(address=address, reached=Reached.GONE, words=f"it is not in {standing[0][1].name}")


def _size_below(folder: Path, rest: str) -> int | None:
    """The size of the file at `rest`, a path out of an address, below the folder; None where there is none."""
    try:
        root = folder.resolve()
        file = (root / unquote(urlsplit(f"///{rest}").path).lstrip("/")).resolve()
        return file.stat().st_size if file.is_relative_to(root) and file.is_file() else None
    except (OSError, ValueError):
        return None
