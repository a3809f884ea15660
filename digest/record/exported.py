"""A folder of files that are written out for somebody else's server, and kept up to date without touching what is.

The folder belongs to one publication: a manifest in it names every file that was written. Nothing else in it is read,
changed or removed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from digest.errors import RecordError

MANIFEST = ".digest-export.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How many files were written, left as they were, and taken away."""

    written: int
    unchanged: int
    removed: int


class ExportedFolder:
    """A folder that holds what was exported of the publication at the address `web`."""

    def __init__(self, folder: Path, web: str) -> None:
        self.folder = folder
        self._web = web

    def write(self, files: Mapping[str, Callable[[], bytes]]) -> Written:
        """Writes files, given as paths in the folder and what makes their contents; those that were written before and
        are not among them go. Each is replaced at once; one that says the same stays untouched.

        Raises RecordError, before anything is changed, for a folder with somebody else's files, or with files where
        ours belong; and when it cannot be written.
        """
        with self._explained():
            known = self._known()
            self._check_free(files.keys() - known)
            self.folder.mkdir(parents=True, exist_ok=True)
            # Named before they are there: after a crash the next export knows them for its own.
            self._keep_manifest(known | files.keys())
            written = sum(_written(self.folder / path, make()) for path, make in files.items())
            gone = known - files.keys()
            for path in gone:
                self._remove(path)
            self._keep_manifest(files.keys())
        return Written(written=written, unchanged=len(files) - written, removed=len(gone))

    def _known(self) -> set[str]:
        """The files that the manifest names. Raises RecordError for a folder that is not ours."""
        try:
            manifest = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
            web, paths = manifest["web"], set(map(str, manifest["files"]))
        except FileNotFoundError:
            if self.folder.exists() and not all(map(_is_left_over, self.folder.iterdir())):
                raise self._not_ours("has files in it that `digest archive export` did not write") from None
            return set()
        except (ValueError, LookupError, TypeError):
            raise self._not_ours(f"has a {MANIFEST} that cannot be read") from None
        if web != self._web:
            raise self._not_ours(f"holds the back issues of {web}")
        return set(filter(_stays_inside, paths))

    def _not_ours(self, why: str) -> RecordError:
        return RecordError(f"{self.folder} {why}", hint="name another folder, a new or an empty one")

    def _check_free(self, paths: Iterable[str]) -> None:
        taken = sorted(path for path in paths if (self.folder / path).exists())
        if taken:
            raise RecordError(
                f"{self.folder / taken[0]} was not written by `digest archive export`, and stands where a file of it "
                "belongs",
                hint="move it away, or name another folder",
            )

    def _keep_manifest(self, paths: Iterable[str]) -> None:
        manifest = {"what": "written by `digest archive export`", "web": self._web, "files": sorted(paths)}
        text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
        _written(self.folder / MANIFEST, text.encode())

    def _remove(self, path: str) -> None:
        """Takes a file away, and the folders that are empty without it."""
        file = self.folder / path
        file.unlink(missing_ok=True)
        for folder in list(file.parents)[: len(PurePosixPath(path).parents) - 1]:
            if not folder.is_dir() or any(folder.iterdir()):
                return
            folder.rmdir()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise RecordError(
                f"{error.filename or self.folder} cannot be written: {error.strerror or error}",
                hint="look at the rights of the folder and at the room on its disk, and export again",
            ) from error


def _stays_inside(path: str) -> bool:
    """Whether a manifest that somebody may have changed names a file of the folder."""
    parts = PurePosixPath(path).parts
    return bool(parts) and ".." not in parts and not PurePosixPath(path).is_absolute()


def _written(file: Path, content: bytes) -> bool:
    """Puts `content` at `file` unless it is there. Whoever reads finds the old or the new one; after a power cut the
    next export mends what was lost."""
    if _says(file, content):
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
    return True


def _is_left_over(file: Path) -> bool:
    """Whether this is what a first export leaves that was killed before it had written a manifest."""
    return file.name.startswith(f".{MANIFEST}.")


def _says(file: Path, content: bytes) -> bool:
    try:
        return file.stat().st_size == len(content) and file.read_bytes() == content
    except FileNotFoundError:
        return False
