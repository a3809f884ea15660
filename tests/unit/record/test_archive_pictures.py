"""An issue's pictures lie in its folder, as whole and as old as the issue itself."""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from digest.errors import RecordError
from digest.record.archive import Archive
from tests.unit.record.newsroom import ISSUE, issue, rendered

ROOT = Path(__file__).resolve().parents[3]


def pictures(*contents: bytes) -> dict[str, bytes]:
    return {f"{sha256(content).hexdigest()[:32]}.jpg": content for content in contents}


OLD, NEW = pictures(b"river", b"bridge"), pictures(b"bridge", b"trumpet")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "issues")


def on_disk(archive: Archive) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in archive.paths(ISSUE).pictures.iterdir()}


def test_pictures_are_kept_with_the_issue(archive: Archive) -> None:
    folder = archive.keep(issue(), rendered(), OLD)
    assert archive.load(ISSUE) == (issue(), rendered())
    assert archive.pictures(ISSUE) == OLD == on_disk(archive)
    assert archive.paths(ISSUE).pictures == folder / "pictures"


def test_the_sums_tell_of_pictures_too(archive: Archive) -> None:
    folder = archive.keep(issue(), rendered(), OLD)
    command = ["sha256sum", "--check", "--strict", "sha256sums"]
    checked = subprocess.run(command, cwd=folder, capture_output=True, check=True)
    assert checked.stdout.count(b"pictures/") == 2


def test_a_new_issue_of_the_date_takes_its_own_pictures_and_leaves_no_others(archive: Archive) -> None:
    archive.keep(issue(), rendered(), OLD)
    archive.keep(issue(number=2), rendered(), NEW)
    assert archive.pictures(ISSUE) == NEW == on_disk(archive)


def test_an_issue_without_pictures_has_no_folder_for_them(archive: Archive) -> None:
    archive.keep(issue(), rendered(), OLD)
    folder = archive.keep(issue(), rendered())
    assert not (folder / "pictures").exists()
    assert archive.pictures(ISSUE) == {}


def test_a_picture_that_was_altered_is_named(archive: Archive) -> None:
    folder = archive.keep(issue(), rendered(), OLD)
    name = next(iter(OLD))
    (folder / "pictures" / name).write_bytes(b"something else")
    with pytest.raises(RecordError, match=name):
        archive.load(ISSUE)


def test_a_picture_that_is_gone_is_named(archive: Archive) -> None:
    folder = archive.keep(issue(), rendered(), OLD)
    name = next(iter(OLD))
    (folder / "pictures" / name).unlink()
    with pytest.raises(RecordError, match=name):
        archive.load(ISSUE)
    archive.keep(issue(), rendered(), OLD)
    assert archive.pictures(ISSUE) == OLD


def test_sums_that_somebody_wrote_lead_out_of_no_folder(archive: Archive) -> None:
    folder = archive.keep(issue(), rendered(), OLD)
    with (folder / "sha256sums").open("a") as sums:
        sums.write(f"{'0' * 64}  pictures/../../secret.jpg\n")
    assert archive.pictures(ISSUE) == OLD


KEEPERS = """
import sys
from pathlib import Path
from digest.record.archive import Archive
from tests.unit.record.dying import at_every_step
from tests.unit.record.newsroom import issue, rendered
from tests.unit.record.test_archive_pictures import NEW, OLD

def prepare(number):
    archive = Archive(Path(sys.argv[1]) / f"{number:03}")
    archive.keep(issue(), rendered(), OLD)
    return lambda: archive.keep(issue(number=2), rendered(html="new"), NEW)

at_every_step(prepare)
"""


def test_a_crash_at_any_step_leaves_the_old_pictures_or_the_new_ones(tmp_path: Path) -> None:
    old, new = (issue(), rendered()), (issue(number=2), rendered(html="new"))
    subprocess.run([sys.executable, "-c", KEEPERS, str(tmp_path)], cwd=ROOT, check=True)
    outcomes = []
    for folder in sorted(tmp_path.iterdir()):
        archive = Archive(folder)
        found = archive.load(ISSUE)
        assert (found, archive.pictures(ISSUE)) in ((old, OLD), (new, NEW))
        outcomes.append(found == new)
        archive.keep(*old, OLD)
        assert archive.pictures(ISSUE) == OLD == on_disk(archive)
    assert outcomes == sorted(outcomes)
    assert 8 < sum(outcomes) < len(outcomes) - 8
