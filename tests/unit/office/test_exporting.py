"""Back issues as a folder of files: only what changed is written, and nothing of anybody else's is touched."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import html

from digest.errors import RecordError
from digest.model.back_issues import Exported
from digest.office.exporting import Exporting
from digest.office.pages import Pages
from digest.record.exported import MANIFEST
from tests.backlist import NEWEST, Backlist, issue, story

LATEST = NEWEST.isoformat()


@pytest.fixture
def backlist(tmp_path: Path) -> Backlist:
    backlist = Backlist.open(tmp_path / "letter")
    backlist.send_weeks(2)
    return backlist


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "public"


def export(backlist: Backlist, folder: Path) -> Exported:
    pages = Pages(backlist.settings, backlist.store, backlist.archive, backlist.clock)
    return Exporting(pages).export(folder)


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file: what is in it, and when it was last written."""
    found = (one for one in folder.rglob("*") if one.is_file())
    return {one.relative_to(folder).as_posix(): (one.read_bytes(), one.stat().st_mtime_ns) for one in found}


def test_every_page_is_there_and_every_link_leads_to_one(backlist: Backlist, folder: Path) -> None:
    done = export(backlist, folder)
    written = files(folder)
    assert (done.issues, done.removed, done.faults) == (2, 0, {})
    assert {f"issues/{LATEST}/index.html", f"issues/{LATEST}/text.txt", "issues/feed.xml", "sitemap.xml"} <= set(
        written
    )
    root = Pages(backlist.settings, backlist.store, backlist.archive, backlist.clock).root
    assert [one for one in _links(folder, root) if one not in written] == []


def _links(folder: Path, root: str) -> list[str]:
    """Where the links of all pages lead, as files; what only a server answers is left out."""
    found: set[str] = set()
    for page in folder.rglob("*.html"):
        where = f"https://here{root}{page.relative_to(folder).as_posix()}"
        tree = html.fromstring(page.read_text(encoding="utf-8"))
        tree.make_links_absolute(where)
        inside = f"https://here{root}"
        places = [
            place.removeprefix(inside).partition("#")[0]
            for _, _, place, _ in tree.iterlinks()
            if place.startswith(inside)
        ]
        found |= {f"{one}index.html" if one.endswith("/") else one for one in places if one not in ("", "privacy")}
    return sorted(found)


def test_no_page_searches_or_names_anybody(backlist: Backlist, folder: Path) -> None:
    export(backlist, folder)
    for page in folder.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "issues/search" not in text
        assert "/u/" not in text


def test_what_has_not_changed_is_not_touched(backlist: Backlist, folder: Path) -> None:
    first = export(backlist, folder)
    before = files(folder)
    again = export(backlist, folder)
    assert (again.written, again.unchanged, again.removed) == (0, first.written, 0)
    after = files(folder)
    assert {name: one for name, one in after.items() if name != MANIFEST} == {
        name: one for name, one in before.items() if name != MANIFEST
    }


def test_a_new_issue_is_added_and_a_stopped_one_goes(backlist: Backlist, folder: Path) -> None:
    export(backlist, folder)
    before = files(folder)
    next_week = NEWEST + timedelta(weeks=1)
    backlist.send(issue(next_week, 3, (story("The dam holds"), story("So does the law"))))
    backlist.store.issues.stop(LATEST, "wrong", now=backlist.now)
    done = export(backlist, folder)
    after = files(folder)
    assert done.removed >= 3
    assert f"issues/{next_week}/index.html" in after
    assert not (folder / "issues" / LATEST).exists()
    older = (NEWEST - timedelta(weeks=1)).isoformat()
    assert after[f"issues/{older}/text.txt"] == before[f"issues/{older}/text.txt"]


def test_a_folder_with_somebody_elses_files_is_left_alone(backlist: Backlist, folder: Path) -> None:
    folder.mkdir()
    (folder / "index.html").write_text("ours", encoding="utf-8")
    with pytest.raises(RecordError, match="did not write"):
        export(backlist, folder)
    assert [one.name for one in folder.iterdir()] == ["index.html"]


def test_a_file_that_came_later_is_neither_read_nor_removed(backlist: Backlist, folder: Path) -> None:
    export(backlist, folder)
    (folder / "issues" / "notes.txt").write_text("theirs", encoding="utf-8")
    export(backlist, folder)
    assert (folder / "issues" / "notes.txt").read_text(encoding="utf-8") == "theirs"


@pytest.mark.parametrize("place", ["../outside.txt", "/etc/outside.txt", ""])
def test_a_manifest_cannot_have_files_removed_elsewhere(backlist: Backlist, folder: Path, place: str) -> None:
    export(backlist, folder)
    outside = folder.parent / "outside.txt"
    outside.write_text("keep", encoding="utf-8")
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    manifest["files"].append(place)
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    export(backlist, folder)
    assert outside.read_text(encoding="utf-8") == "keep"


@pytest.mark.parametrize("manifest", ["", "[]", '{"web": "https://other.example/", "files": []}', '{"web": 7}'])
def test_a_folder_of_another_publication_is_refused(backlist: Backlist, folder: Path, manifest: str) -> None:
    folder.mkdir()
    (folder / MANIFEST).write_text(manifest, encoding="utf-8")
    with pytest.raises(RecordError) as refused:
        export(backlist, folder)
    assert refused.value.hint
    assert [one.name for one in folder.iterdir()] == [MANIFEST]


def test_what_an_export_left_half_written_is_mended(
    backlist: Backlist, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_self: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device", str(folder))

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Path, "replace", full)
        with pytest.raises(RecordError, match="No space left"):
            export(backlist, folder)
    assert export(backlist, folder).issues == 2
    assert (folder / "issues" / "index.html").exists()


def test_a_first_export_that_was_killed_is_no_foreign_folder(backlist: Backlist, folder: Path) -> None:
    folder.mkdir()
    (folder / f".{MANIFEST}.4711").write_text("{", encoding="utf-8")
    assert export(backlist, folder).issues == 2


def test_a_damaged_issue_is_said_and_left_out(backlist: Backlist, folder: Path) -> None:
    letter = next((backlist.settings.archive / LATEST).glob("*.html"))
    letter.write_bytes(letter.read_bytes()[:-9])
    done = export(backlist, folder)
    assert list(done.faults) == [LATEST]
    assert done.issues == 1
    assert not (folder / "issues" / LATEST).exists()
    assert LATEST not in (folder / "issues" / "feed.xml").read_text(encoding="utf-8")
