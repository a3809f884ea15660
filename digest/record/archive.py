"""The archive: a folder for each issue, which holds what was previewed and will be sent, and the editor's own files.

    issues/2026-11-20/   issue.json  issue.html  issue.txt  fingerprint  sha256sums     made by `compose`
                         pictures/                                                      its pictures, by their hashes
                         note.txt    lead.txt    keep.txt                               the editor's

An issue is written beside the old one (`.writing`), and counts from the moment when that folder is renamed to `.kept`;
then its files are moved to their places. Whoever reads looks in `.kept` first, so that a crash at any instant leaves
the old issue or the new one, whole. Nothing but `keep`, `pin_lead` and `note_kept` writes.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from digest.errors import RecordError
from digest.model import Issue, RenderedIssue
from digest.record.durable import only_writer, sync_folder, write_durably
from digest.record.editors_files import editors_text, explained, write_editors_text
from digest.record.serial import KeptIssue, issue_from_json, issue_to_json

_JSON, _HTML, _TEXT, _FINGERPRINT, _SUMS = "issue.json", "issue.html", "issue.txt", "fingerprint", "sha256sums"
_SUMMED = (_JSON, _HTML, _TEXT, _FINGERPRINT)
_PICTURES = "pictures"
_NOTE, _LEAD, _KEEP = "note.txt", "lead.txt", "keep.txt"
_WRITING, _KEPT = ".writing", ".kept"
_PICTURE_PATH = re.compile(rf"{_PICTURES}/[0-9a-f]{{32}}\.(?:jpg|png)")
NO_PICTURES: Mapping[str, bytes] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuePaths:
    """Where an issue's files are."""

    folder: Path
    json: Path
    html: Path
    text: Path
    fingerprint: Path
    pictures: Path


class Archive:
    """The issues that were made up, under `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, issue: Issue, rendered: RenderedIssue, pictures: Mapping[str, bytes] = NO_PICTURES) -> Path:
        """Keeps an issue, on disk when this returns, in place of an earlier one of its date; gives its folder.

        `pictures` are the contents of its pictures by their files' names. The editor's files stay. Raises RecordError.
        """
        folder = self._folder_of(issue.id)
        with explained(folder):
            folder.mkdir(parents=True, exist_ok=True)
            with only_writer(folder):
                _move_into_place(folder)
                _write_beside(folder, _contents(issue, rendered, pictures))
                (folder / _WRITING).rename(folder / _KEPT)
                sync_folder(folder)
                _move_into_place(folder)
        return folder

    def load(self, issue_id: str) -> tuple[Issue, RenderedIssue]:
        """The issue as it was kept. Raises RecordError when there is none, or when a file of it is not as it was."""
        folder = self._folder_of(issue_id)
        with explained(folder):
            if not _place(folder, _JSON).exists():
                raise RecordError(
                    f"there is no issue of {issue_id} in {self.folder}",
                    hint=f"make it up: `digest compose --date {issue_id}`",
                )
            sums = _read(folder, _SUMS)
            files = {name: _read(folder, name) for name in _SUMMED}
            kept_pictures = {name: _picture(folder, name) for name in _picture_names(sums)}
        _check(folder, {**files, **kept_pictures}, sums)
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
        with explained(self.folder):
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
            pictures=_place(folder, _PICTURES),
        )

    def pictures(self, issue_id: str) -> dict[str, bytes]:
        """The contents of an issue's pictures by their files' names. Raises RecordError when one is not there."""
        folder = self._folder_of(issue_id)
        with explained(folder):
            names = _picture_names(_read(folder, _SUMS))
            return {name.removeprefix(f"{_PICTURES}/"): _read(folder, name) for name in names}

    def picture(self, issue_id: str, name: str) -> bytes | None:
        """The content of one of an issue's pictures by its file's name; None when it is not there or was altered."""
        if not _is_date(issue_id) or not _PICTURE_PATH.fullmatch(f"{_PICTURES}/{name}"):
            return None
        try:
            content = _read(self.folder / issue_id, f"{_PICTURES}/{name}")
        except OSError:
            return None
        return content if sha256(content).hexdigest().startswith(name.partition(".")[0]) else None

    def note(self, issue_id: str) -> str | None:
        """The editor's note for this issue, from `note.txt` in its folder; None without one. Raises RecordError."""
        return editors_text(self._folder_of(issue_id) / _NOTE)

    def lead(self, issue_id: str) -> str | None:
        """The address of the story that the editor wants first, from `lead.txt`; None without. Raises RecordError."""
        text = editors_text(self._folder_of(issue_id) / _LEAD)
        return text.splitlines()[0].strip() if text else None

    def pin_lead(self, issue_id: str, address: str) -> None:
        """Notes which story comes first; an empty address takes the pin away."""
        self._note(issue_id, _LEAD, address)

    def kept(self, issue_id: str) -> tuple[str, ...]:
        """The addresses of stories that the editor keeps although they are near duplicates, from `keep.txt`: one a
        line. Raises RecordError."""
        text = editors_text(self._folder_of(issue_id) / _KEEP) or ""
        return tuple(line.strip() for line in text.splitlines() if line.strip())

    def note_kept(self, issue_id: str, addresses: Iterable[str]) -> None:
        """Notes which near duplicates stay; without any, the file goes."""
        self._note(issue_id, _KEEP, "\n".join(addresses))

    def _note(self, issue_id: str, name: str, text: str) -> None:
        folder = self._folder_of(issue_id)
        with explained(folder):
            write_editors_text(folder / name, text)

    def _folder_of(self, issue_id: str) -> Path:
        if not _is_date(issue_id):
            raise RecordError(
                f"{issue_id!r} is no issue: issues are named by their date", hint="write it like 2026-11-20"
            )
        return self.folder / issue_id


def _contents(issue: Issue, rendered: RenderedIssue, pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    files = {
        _JSON: issue_to_json(issue, rendered).encode(),
        _HTML: rendered.html.encode(),
        _TEXT: rendered.text.encode(),
        _FINGERPRINT: f"{rendered.fingerprint}\n".encode(),
        **{f"{_PICTURES}/{name}": pictures[name] for name in sorted(pictures)},
    }
    return {**files, _SUMS: _sums(files)}


def _sums(files: Mapping[str, bytes]) -> bytes:
    """As `sha256sum` writes them, so that `sha256sum --check` can tell too."""
    return "".join(f"{sha256(content).hexdigest()}  {name}\n" for name, content in files.items()).encode()


def _picture_names(sums: bytes) -> list[str]:
    """The pictures that the sums name, as paths in the issue's folder."""
    names = (line.partition("  ")[2] for line in sums.decode("utf-8", "replace").splitlines())
    return [name for name in names if _PICTURE_PATH.fullmatch(name)]


def _picture(folder: Path, name: str) -> bytes:
    """The content of a picture; nothing for one that is not there any more, so that it counts as altered."""
    try:
        return _read(folder, name)
    except FileNotFoundError:
        return b""


def _check(folder: Path, files: Mapping[str, bytes], sums: bytes) -> None:
    """Raises RecordError when a file is not the one that was kept."""
    kept = set(sums.decode("ascii", "replace").splitlines())
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
        (writing / name).parent.mkdir(exist_ok=True)
        write_durably(writing / name, content)
    if (writing / _PICTURES).exists():
        sync_folder(writing / _PICTURES)
    sync_folder(writing)


def _move_into_place(folder: Path) -> None:
    """Moves the files of `.kept` to where they belong; takes up where a crash left off.

    Pictures go first, and no picture leaves before the sums that do not name it are in place.
    """
    kept = folder / _KEPT
    if not kept.exists():
        return
    if (kept / _PICTURES).exists():
        _move_all(kept / _PICTURES, folder / _PICTURES)
    _move_all(kept, folder)
    _clear_pictures(folder)


def _move_all(from_: Path, to: Path) -> None:
    to.mkdir(exist_ok=True)
    for file in from_.iterdir():
        file.replace(to / file.name)
    sync_folder(to)
    from_.rmdir()


def _clear_pictures(folder: Path) -> None:
    """Takes away the pictures of an earlier issue of the date."""
    if not (folder / _PICTURES).exists():
        return
    named = {name.removeprefix(f"{_PICTURES}/") for name in _picture_names(_read(folder, _SUMS))}
    for file in (folder / _PICTURES).iterdir():
        if file.name not in named:
            file.unlink()
    if not named:
        (folder / _PICTURES).rmdir()


def _is_date(name: str) -> bool:
    try:
        return date.fromisoformat(name).isoformat() == name
    except ValueError:
        return False
