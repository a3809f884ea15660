"""Letters to one reader that lie in folders: those of the outbox, and samples."""

from __future__ import annotations

from email.parser import BytesHeaderParser
from email.policy import default
from email.utils import getaddresses
from pathlib import Path

_HEADERS = 16_384
"""Bytes at the beginning of a letter within which its recipient stands."""


def remove_letters(folder: Path, address: str) -> int:
    """Takes every letter to a normalised address out of a folder and those in it; gives their number.

    Each is opened, because their names tell of nobody. Raises OSError.
    """
    found = [path for path in folder.rglob("*.eml") if _is_to(path, address)]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _is_to(path: Path, address: str) -> bool:
    try:
        with path.open("rb") as letter:
            beginning = letter.read(_HEADERS)
    except FileNotFoundError:
        return False
    # To look for the bytes is quick; only the few that have them are read as letters.
    if address.encode() not in beginning.lower():
        return False
    headers = BytesHeaderParser(policy=default).parsebytes(beginning)
    return any(found.casefold() == address for _, found in getaddresses(map(str, headers.get_all("To", []))))
