"""The README shows the letter as it is. `UPDATE_PICTURES=1` writes its pictures anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image

from digest.model.preview import Look, View
from tests.golden.pictures.comparing import TOLERATED, difference
from tests.golden.pictures.conftest import Photograph
from tests.golden.pictures.letters import Letter
from tests.golden.pictures.pages import list_of_back_issues, sign_up

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "docs" / "pictures"
# Whose letter, in which view, and how much of it in px.
PICTURES = {
    "desktop": ("sample", View(), 600, 1200),
    "phone-dark": ("sample", View(look=Look.DARK), 360, 1440),
    "phone-arabic": ("arabic", View(), 360, 1440),
}

PAGES = {"back-issues": list_of_back_issues, "sign-up": sign_up}
PART = (0, 190, 1120, 1190)  # px: what stands below the bar.


@pytest.mark.parametrize("name", PICTURES)
def test_the_readme_shows_the_letter_as_it_is(name: str, photograph: Photograph, letters: dict[str, Letter]) -> None:
    which, view, width, height = PICTURES[name]
    compare(name, photograph(letters[which].page(view), width).crop((0, 0, width, height)))


@pytest.mark.parametrize("name", PAGES)
def test_the_readme_shows_the_readers_pages_as_they_are(name: str, photograph: Photograph, tmp_path: Path) -> None:
    compare(name, photograph(PAGES[name](tmp_path), 1120).crop(PART))


def compare(name: str, seen: Image.Image) -> None:
    shown = FOLDER / f"{name}.jpg"
    if os.environ.get("UPDATE_PICTURES"):
        seen.save(shown, quality=88, subsampling=0, optimize=True)
    with Image.open(shown) as kept:
        share = difference(seen, kept)
    assert share <= TOLERATED, f"in one place {share:.0%} of the pixels differ from {shown.name}"


def test_it_shows_every_picture_that_there_is() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.jpg" for name in (*PICTURES, *PAGES)}
    assert [name for name in (*PICTURES, *PAGES) if f"docs/pictures/{name}.jpg" not in readme] == []
