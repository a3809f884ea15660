"""Back issues on the command line: which can be looked at, and their pages as files."""

from __future__ import annotations

from pathlib import Path

from tests.acceptance.publication import Publication
from tests.backlist import NEWEST, Backlist


def test_an_editor_lists_and_exports_the_back_issues(tmp_path: Path) -> None:
    folder = tmp_path / "letter"
    backlist = Backlist.open(folder)
    backlist.send_weeks(2)
    backlist.store.close()
    publication = Publication(folder)

    listed = publication.run("archive", "list").stdout.splitlines()
    assert [line.split()[0] for line in listed] == [NEWEST.isoformat(), "2026-11-13"]

    assert "2 issues" in publication.run("archive", "export", "public").stdout
    assert (folder / "public" / "issues" / NEWEST.isoformat() / "index.html").exists()

    letter = folder / "issues" / NEWEST.isoformat() / "issue.html"
    letter.write_text("other words", encoding="utf-8")
    damaged = publication.run("archive", "export", "public")
    assert f"the issue of {NEWEST} cannot be shown" in damaged.stderr
    assert "→" in damaged.stderr
    assert not (folder / "public" / "issues" / NEWEST.isoformat()).exists()

    refused = publication.run("archive", "export", ".", expect=8)
    assert "did not write" in refused.stderr
