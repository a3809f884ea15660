"""An issue's pictures, as an operator has them: kept with it, shown from where digest.toml says."""

from __future__ import annotations

import re
import subprocess

from tests.acceptance.previewing import command
from tests.acceptance.publication import Publication

ISSUE = "2026-11-20"
SOURCES = re.compile(r'<img[^>]* src="([^"]+)"')
FROM_ARCHIVE = 'from = "archive"'


def addresses(publication: Publication, folder: str = "issues") -> list[str]:
    return SOURCES.findall((publication.folder / folder / ISSUE / "issue.html").read_text(encoding="utf-8"))


def test_a_letter_shows_the_very_files_that_are_kept_with_its_issue(composed: Publication) -> None:
    kept = {file.name for file in (composed.folder / "issues" / ISSUE / "pictures").iterdir()}
    base = f"https://letters.docket.example/issues/{ISSUE}/pictures/"
    assert len(kept) > 5
    assert {address.removeprefix(base) for address in addresses(composed)} == kept
    checked = ["sha256sum", "--check", "--strict", "--quiet", "sha256sums"]
    subprocess.run(checked, cwd=composed.folder / "issues" / ISSUE, check=True)


def test_a_dry_run_leaves_its_pictures_in_the_outbox_only(sample: Publication) -> None:
    before = sample.state()
    sample.run("run", "--dry-run")
    assert sample.state() == before
    page = (sample.folder / "outbox" / "dry-run" / ISSUE / f"{ISSUE}.preview.html").read_text(encoding="utf-8")
    shown = SOURCES.findall(page)
    assert len(shown) > 5
    assert all(address.startswith("file://") and f"dry-run/{ISSUE}/pictures/" in address for address in shown)


def test_the_preview_shows_them_before_they_are_on_the_web(composed: Publication) -> None:
    with command(composed) as (preview, _):
        shown = SOURCES.findall(preview.get("/letter").body.decode())
        assert len(shown) > 5
        assert {preview.get(address).headers["content-type"] for address in shown} == {"image/jpeg"}
        sheet = preview.get("/sheet").json["sheet"]
    assert "pictures.there" not in str(sheet)


def test_a_picture_that_is_none_is_told_and_its_story_goes_without(sample: Publication) -> None:
    for file in (sample.folder / "sample" / "uploads" / "2026" / "11").iterdir():
        file.write_text("<!doctype html><title>Sign in</title>")
    sample.run("gather")
    told = sample.json("compose")
    assert told["pictures"] == 0
    assert {each["reason"] for each in told["pictures_passed_over"]} == {"a web page, not a picture"}
    assert "Pictures not shown" in sample.run("compose").stdout


def test_pictures_are_copied_to_the_folder_that_is_served_and_a_dry_run_copies_none(sample: Publication) -> None:
    sample.configure(FROM_ARCHIVE, 'from = "https://pictures.docket.example/"\nfolder = "served"')
    sample.run("run", "--dry-run")
    assert not (sample.folder / "served").exists()
    sample.run("gather")
    sample.run("compose")
    served = {f"https://pictures.docket.example/{file.name}" for file in (sample.folder / "served").iterdir()}
    assert served == set(addresses(sample))


def test_what_was_previewed_is_what_is_sent(composed: Publication) -> None:
    """Pictures are settled when the issue is made up: composing again asks for none, and changes nothing."""
    first = composed.json("compose")["fingerprint"]
    for file in (composed.folder / "sample" / "uploads" / "2026" / "11").iterdir():
        file.unlink()
    assert composed.json("compose")["fingerprint"] == first


def test_without_copies_letters_show_the_site_s_own_pictures(sample: Publication) -> None:
    sample.configure(FROM_ARCHIVE, "keep = false")
    sample.run("gather")
    sample.run("compose")
    assert all(address.startswith("https://docket.example/wp-content/uploads/") for address in addresses(sample))
    assert not (sample.folder / "issues" / ISSUE / "pictures").exists()
