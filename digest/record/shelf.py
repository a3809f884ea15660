"""The shelf: the prints of pictures until their issue is made up. Files are named by the beginning of their hash."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from digest.errors import RecordError
from digest.record.durable import replace_durably


class Shelf:
    """Files in `folder`; what is not there is looked for in the folders `behind` it, in which nothing is written."""

    def __init__(self, folder: Path, *behind: Path) -> None:
        self.folder = folder
        self.folders = tuple(dict.fromkeys((folder, *behind)))

    def keep(self, contents: Mapping[str, bytes]) -> None:
        """Puts files on the shelf, on disk when this returns. Each is there whole or not at all. Raises RecordError."""
        put(self.folder, contents)

    def read(self, name: str) -> bytes | None:
        """The content of a file; None when it is not there, or not what its name says. Raises RecordError."""
        for folder in self.folders:
            with _explained(folder):
                content = (folder / name).read_bytes() if (folder / name).is_file() else b""
            if content and _is(name, content):
                return content
        return None

    def remove(self, names: Iterable[str]) -> None:
        """Takes files off the shelf. Raises RecordError."""
        with _explained(self.folder):
            for name in names:
                (self.folder / name).unlink(missing_ok=True)


def put(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Writes files named by their hashes into a folder, unless they are there already, and takes none away.

    Raises RecordError.
    """
    with _explained(folder):
        for name, content in contents.items():
            file = folder / name
            if not file.is_file() or file.read_bytes() != content:
                folder.mkdir(parents=True, exist_ok=True)
                replace_durably(file, content)


def _is(name: str, content: bytes) -> bool:
    return sha256(content).hexdigest().startswith(name.partition(".")[0])


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RecordError(
            f"{error.filename or folder} cannot be read or written: {error.strerror or error}",
            hint="look at the rights of the folder and at the room on its disk",
        ) from error
