"""The files beside an issue in which an editor writes by hand: a note, the lead, what is kept."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from digest.errors import RecordError
from digest.record.durable import replace_durably


def editors_text(file: Path) -> str | None:
    """The text of a file that somebody wrote by hand, without surrounding space; None when there is nothing in it."""
    with explained(file):
        content = file.read_bytes() if file.exists() else b""
    return _decoded(content).strip() or None


def _decoded(content: bytes) -> str:
    """Text as editors' programs save it: UTF-8, UTF-16 with its mark, or the old encoding of Windows."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def write_editors_text(file: Path, text: str) -> None:
    """Writes the text and a line's end; without a text the file goes. Raises OSError."""
    if not text:
        file.unlink(missing_ok=True)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    replace_durably(file, f"{text}\n".encode())


@contextmanager
def explained(place: Path) -> Iterator[None]:
    """Gives what the system says of a file as a RecordError."""
    try:
        yield
    except OSError as error:
        raise RecordError(
            f"{error.filename or place} cannot be read or written: {error.strerror or error}",
            hint="look at the rights of the archive's folder and at the room on its disk",
        ) from error
