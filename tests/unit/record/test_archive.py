from __future__ import annotations

import errno
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from digest.errors import RecordError
from digest.record import archive as archive_module
from digest.record.archive import Archive
from tests.unit.record.newsroom import ISSUE, issue, rendered

MADE = ["fingerprint", "issue.html", "issue.json", "issue.txt", "sha256sums"]
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "issues")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_was_kept_is_what_is_loaded(archive: Archive) -> None:
    folder = archive.keep(issue(), rendered())
    assert folder == archive.folder / ISSUE
    assert names(folder) == MADE
    assert archive.load(ISSUE) == (issue(), rendered())


def test_html_and_text_are_on_disk_to_the_byte(archive: Archive) -> None:
    archive.keep(issue(), rendered())
    paths = archive.paths(ISSUE)
    assert paths.html.read_bytes() == rendered().html.encode()
    assert paths.text.read_bytes() == rendered().text.encode()
    assert paths.fingerprint.read_text() == "f" * 64 + "\n"
    assert paths.json == archive.folder / ISSUE / "issue.json"


def test_the_sums_are_as_sha256sum_writes_them(archive: Archive) -> None:
    folder = archive.keep(issue(), rendered())
    for line in (folder / "sha256sums").read_text().splitlines():
        digest, name = line.split("  ")
        assert sha256((folder / name).read_bytes()).hexdigest() == digest


def test_an_issue_replaces_the_one_before(archive: Archive) -> None:
    archive.keep(issue(), rendered())
    archive.keep(issue(number=2), rendered(html="<p>Again</p>"))
    assert archive.load(ISSUE) == (issue(number=2), rendered(html="<p>Again</p>"))
    assert names(archive.folder / ISSUE) == MADE


def test_a_missing_issue_says_how_to_make_it(archive: Archive) -> None:
    with pytest.raises(RecordError, match=ISSUE) as refused:
        archive.load(ISSUE)
    assert f"digest compose --date {ISSUE}" in refused.value.hint
    assert not archive.folder.exists()


@pytest.mark.parametrize("name", ["issue.html", "issue.txt", "issue.json", "fingerprint"])
def test_a_file_that_was_altered_is_refused_by_name(archive: Archive, name: str) -> None:
    folder = archive.keep(issue(), rendered())
    with (folder / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(RecordError, match=f"{name} in .*{ISSUE} is not as") as refused:
        archive.load(ISSUE)
    assert "digest compose" in refused.value.hint


@pytest.mark.parametrize("name", ["issue.html", "issue.txt", "fingerprint", "sha256sums"])
def test_a_file_that_is_gone_is_named(archive: Archive, name: str) -> None:
    (archive.keep(issue(), rendered()) / name).unlink()
    with pytest.raises(RecordError, match=name):
        archive.load(ISSUE)


def test_issues_are_listed_newest_first(archive: Archive) -> None:
    assert archive.ids() == ()
    for day in ("2026-11-20", "2026-11-27", "2026-11-13"):
        archive.keep(issue(day), rendered(day))
    archive.pin_lead("2026-12-04", "https://docket.example/1")
    (archive.folder / "drafts").mkdir()
    assert archive.ids() == ("2026-11-27", "2026-11-20", "2026-11-13")


@pytest.mark.parametrize("name", ["", "..", "../2026-11-20", "20261120", "2026-W47-5", "2026-11-31", "latest"])
def test_only_dates_are_issues(archive: Archive, name: str) -> None:
    with pytest.raises(RecordError, match="named by their date"):
        archive.load(name)


# --- the editor's files


def test_note_and_lead_outlive_composing_again(archive: Archive) -> None:
    archive.keep(issue(), rendered())
    (archive.folder / ISSUE / "note.txt").write_bytes(b"\xef\xbb\xbfGood morning.\r\n\r\n\xc5\x8ckina\r\n\n")
    archive.pin_lead(ISSUE, "https://docket.example/1")
    archive.keep(issue(number=2), rendered())
    assert archive.note(ISSUE) == "Good morning.\r\n\r\nŌkina"
    assert archive.lead(ISSUE) == "https://docket.example/1"


def test_they_can_be_there_before_the_issue(archive: Archive) -> None:
    assert (archive.note(ISSUE), archive.lead(ISSUE)) == (None, None)
    archive.pin_lead(ISSUE, "https://docket.example/1")
    assert archive.lead(ISSUE) == "https://docket.example/1"
    assert names(archive.folder / ISSUE) == ["lead.txt"]


def test_a_pin_can_be_moved_and_taken_away(archive: Archive) -> None:
    for address in ("https://docket.example/1", "https://docket.example/2"):
        archive.pin_lead(ISSUE, address)
    assert archive.lead(ISSUE) == "https://docket.example/2"
    archive.pin_lead(ISSUE, "")
    assert archive.lead(ISSUE) is None


def test_taking_away_a_pin_that_never_was_makes_nothing(archive: Archive) -> None:
    archive.pin_lead(ISSUE, "")
    assert not archive.folder.exists()


@pytest.mark.parametrize("content", [b"", b" \r\n\t\n", b"\xef\xbb\xbf"])
def test_an_empty_file_says_nothing(archive: Archive, content: bytes) -> None:
    archive.keep(issue(), rendered())
    for name in ("note.txt", "lead.txt"):
        (archive.folder / ISSUE / name).write_bytes(content)
    assert (archive.note(ISSUE), archive.lead(ISSUE)) == (None, None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16", "cp1252"])
def test_a_note_in_any_program_s_encoding_is_read(archive: Archive, encoding: str) -> None:
    archive.keep(issue(), rendered())
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    (archive.folder / ISSUE / "note.txt").write_bytes(f"{mark}Café “x”".encode(encoding))
    assert (archive.note(ISSUE) or "").lstrip("\ufeff") == "Café “x”"


# --- crashes

KEEPERS = """
import sys
from pathlib import Path
from digest.record.archive import Archive
from tests.unit.record.dying import at_every_step
from tests.unit.record.newsroom import ISSUE, issue, rendered

def prepare(number):
    archive = Archive(Path(sys.argv[1]) / f"{number:03}")
    (archive.keep(issue(), rendered()) / "note.txt").write_text("Mine")
    return lambda: archive.keep(issue(number=2), rendered(html="new", text="new"))

at_every_step(prepare)
"""


def test_a_crash_at_any_step_leaves_the_old_issue_or_the_new_one(tmp_path: Path) -> None:
    old, new = (issue(), rendered()), (issue(number=2), rendered(html="new", text="new"))
    subprocess.run([sys.executable, "-c", KEEPERS, str(tmp_path)], cwd=ROOT, check=True)
    outcomes = []
    for folder in sorted(tmp_path.iterdir()):
        archive = Archive(folder)
        found = archive.load(ISSUE)
        assert found in (old, new)
        assert archive.paths(ISSUE).html.read_bytes().decode() == found[1].html
        assert archive.ids() == (ISSUE,)
        assert archive.note(ISSUE) == "Mine"
        outcomes.append(found == new)
        archive.keep(*old)
        assert archive.load(ISSUE) == old
        assert names(folder / ISSUE) == sorted([*MADE, "note.txt"])
    # One outcome a step: first the old issue stands, then the new one, and never the old one again.
    assert outcomes == sorted(outcomes)
    assert 5 < sum(outcomes) < len(outcomes) - 5


def test_reading_writes_nothing_even_after_a_crash(archive: Archive) -> None:
    folder = archive.keep(issue(), rendered())
    (folder / ".kept").mkdir()
    for name in MADE[:3]:
        (folder / name).rename(folder / ".kept" / name)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert archive.load(ISSUE) == (issue(), rendered())
    assert archive.ids() == (ISSUE,)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_a_full_disk_is_explained_and_the_old_issue_stays(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.keep(issue(), rendered())

    def full(file: Path, content: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(file))

    monkeypatch.setattr(archive_module, "write_durably", full)
    with pytest.raises(RecordError, match="No space left") as refused:
        archive.keep(issue(number=2), rendered())
    assert "room" in refused.value.hint
    assert archive.load(ISSUE) == (issue(), rendered())


def test_a_file_in_the_place_of_the_archive_is_explained(tmp_path: Path) -> None:
    (tmp_path / "issues").touch()
    with pytest.raises(RecordError, match="cannot be read or written"):
        Archive(tmp_path / "issues").keep(issue(), rendered())
