"""The archive: a folder for each issue, which holds what was previewed and will be sent, and the editor's own files.

    issues/2026-11-20/   issue.json  issue.html  issue.txt  fingerprint  sha256sums     made by `compose`
                         note.txt    lead.txt    keep.txt                               the editor's

An issue is written beside the old one (`.writing`), and counts from the moment when that folder is renamed to `.kept`;
then its files are moved to their places. Whoever reads looks in `.kept` first, so that a crash at any instant leaves
the old issue or the new one, whole. Nothing but `keep`, `pin_lead` and `note_kept` writes.
"""

from __future__ import annotations

import codecs
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from digest.errors import RecordError
from digest.model import Issue, RenderedIssue
from digest.record.durable import only_writer, replace_durably, sync_folder, write_durably
from digest.record.serial import KeptIssue, issue_from_json, issue_to_json

_JSON, _HTML, _TEXT, _FINGERPRINT, _SUMS = "issue.json", "issue.html", "issue.txt", "fingerprint", "sha256sums"
_SUMMED = (_JSON, _HTML, _TEXT, _FINGERPRINT)
_NOTE, _LEAD, _KEEP = "note.txt", "lead.txt", "keep.txt"
_WRITING, _KEPT = ".writing", ".kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuePaths:
    """Where an issue's files are."""

    folder: Path
    json: Path
    html: Path
    text: Path
    fingerprint: Path


class Archive:
    """The issues that were made up, under `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, issue: Issue, rendered: RenderedIssue) -> Path:
        """Keeps an issue, on disk when this returns, in place of an earlier one of its date; gives its folder.

        The editor's files stay. Raises RecordError.
        """
        folder = self._folder_of(issue.id)
        with _explained(folder):
            folder.mkdir(parents=True, exist_ok=True)
            with only_writer(folder):
                _move_into_place(folder)
                _write_beside(folder, _contents(issue, rendered))
                (folder / _WRITING).rename(folder / _KEPT)
                sync_folder(folder)
                _move_into_place(folder)
        return folder

    def load(self, issue_id: str) -> tuple[Issue, RenderedIssue]:
        """The issue as it was kept. Raises RecordError when there is none, or when a file of it is not as it was."""
        folder = self._folder_of(issue_id)
        with _explained(folder):
            if not _place(folder, _JSON).exists():
                raise RecordError(
                    f"there is no issue of {issue_id} in {self.folder}",
                    hint=f"make it up: `digest compose --date {issue_id}`",
                )
            files = {name: _read(folder, name) for name in (*_SUMMED, _SUMS)}
        _check(folder, files)
        kept = _parsed(folder, files[_JSON])
        return kept.issue, RenderedIssue(
            issue=kept.issue.id,
            subject=kept.subject,
            preheader=kept.preheader,
            html=files[_HTML].decode(),
            text=files[_TEXT].decode(),
            slots=kept.slots,
            fingerprint=kept.fingerprint,
            html_passages=kept.html_passages,
            text_passages=kept.text_passages,
        )

    def ids(self) -> tuple[str, ...]:
        """The issues in the archive, the newest first."""
        with _explained(self.folder):
            folders = [one for one in self.folder.iterdir() if _is_date(one.name)] if self.folder.exists() else []
        return tuple(sorted((one.name for one in folders if _place(one, _JSON).exists()), reverse=True))

    def paths(self, issue_id: str) -> IssuePaths:
        """Where the issue's files are, or would be."""
        folder = self._folder_of(issue_id)
        return IssuePaths(
            folder=folder,
            json=_place(folder, _JSON),
            html=_place(folder, _HTML),
            text=_place(folder, _TEXT),
            fingerprint=_place(folder, _FINGERPRINT),
        )

    def note(self, issue_id: str) -> str | None:
        """The editor's note for this issue, from `note.txt` in its folder; None without one. Raises RecordError."""
        return _editors_text(self._folder_of(issue_id) / _NOTE)

    def lead(self, issue_id: str) -> str | None:
        """The address of the story that the editor wants first, from `lead.txt`; None without. Raises RecordError."""
        text = _editors_text(self._folder_of(issue_id) / _LEAD)
        return text.splitlines()[0].strip() if text else None

    def pin_lead(self, issue_id: str, address: str) -> None:
        """Notes which story comes first; an empty address takes the pin away."""
        self._note(issue_id, _LEAD, address)

    def kept(self, issue_id: str) -> tuple[str, ...]:
        """The addresses of stories that the editor keeps although they are near duplicates, from `keep.txt`: one a
        line. Raises RecordError."""
        text = _editors_text(self._folder_of(issue_id) / _KEEP) or ""
        return tuple(line.strip() for line in text.splitlines() if line.strip())

    def note_kept(self, issue_id: str, addresses: Iterable[str]) -> None:
        """Notes which near duplicates stay; without any, the file goes."""
        self._note(issue_id, _KEEP, "\n".join(addresses))

    def _note(self, issue_id: str, name: str, text: str) -> None:
        folder = self._folder_of(issue_id)
        with _explained(folder):
            if not text:
                (folder / name).unlink(missing_ok=True)
                return
            folder.mkdir(parents=True, exist_ok=True)
            replace_durably(folder / name, f"{text}\n".encode())

    def _folder_of(self, issue_id: str) -> Path:
        if not _is_date(issue_id):
            raise RecordError(
                f"{issue_id!r} is no issue: issues are named by their date", hint="write it like 2026-11-20"
            )
        return self.folder / issue_id


def _contents(issue: Issue, rendered: RenderedIssue) -> dict[str, bytes]:
    files = {
        _JSON: issue_to_json(issue, rendered).encode(),
        _HTML: rendered.html.encode(),
        _TEXT: rendered.text.encode(),
        _FINGERPRINT: f"{rendered.fingerprint}\n".encode(),
    }
    return {**files, _SUMS: _sums(files)}


def _sums(files: Mapping[str, bytes]) -> bytes:
    """As `sha256sum` writes them, so that `sha256sum --check` can tell too."""
    return "".join(f"{sha256(files[name]).hexdigest()}  {name}\n" for name in _SUMMED).encode()


def _check(folder: Path, files: Mapping[str, bytes]) -> None:
    """Raises RecordError when a file is not the one that was kept."""
    kept = set(files[_SUMS].decode("ascii", "replace").splitlines())
    altered = [line.split()[1] for line in _sums(files).decode().splitlines() if line not in kept]
    if altered:
        raise RecordError(
            f"{', '.join(altered)} in {folder} {'is' if len(altered) == 1 else 'are'} not as `digest compose` left it",
            hint=f"make it up again: `digest compose --date {folder.name}`; words of your own belong in note.txt",
        )


def _place(folder: Path, name: str) -> Path:
    """Where a file of the issue is: still in `.kept` when a crash came before it was moved."""
    waiting = folder / _KEPT / name
    return waiting if waiting.exists() else folder / name


def _read(folder: Path, name: str) -> bytes:
    try:
        return (folder / _KEPT / name).read_bytes()
    except FileNotFoundError:
        return (folder / name).read_bytes()


def _parsed(folder: Path, content: bytes) -> KeptIssue:
    try:
        return issue_from_json(content.decode())
    except ValueError as error:
        raise RecordError(
            f"{folder / _JSON} was written by another version of digest: {error}",
            hint=f"make it up again: `digest compose --date {folder.name}`",
        ) from error


def _write_beside(folder: Path, files: Mapping[str, bytes]) -> None:
    writing = folder / _WRITING
    if writing.exists():
        shutil.rmtree(writing)
    writing.mkdir()
    for name, content in files.items():
        write_durably(writing / name, content)
    sync_folder(writing)


def _move_into_place(folder: Path) -> None:
    """Moves the files of `.kept` to where they belong; takes up where a crash left off."""
    kept = folder / _KEPT
    if not kept.exists():
        return
    for file in kept.iterdir():
        file.replace(folder / file.name)
    sync_folder(folder)
    kept.rmdir()


@contextmanager
def _explained(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RecordError(
            f"{error.filename or place} cannot be read or written: {error.strerror or error}",
            hint="look at the rights of the archive's folder and at the room on its disk",
        ) from error


def _editors_text(file: Path) -> str | None:
    """The text of a file that somebody wrote by hand, without surrounding space; None when there is nothing in it."""
    with _explained(file):
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


def _is_date(name: str) -> bool:
    try:
        return date.fromisoformat(name).isoformat() == name
    except ValueError:
        return False
