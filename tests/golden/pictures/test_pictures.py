"""The letter as it looks, pixel by pixel, against pictures that somebody looked at.

After a wanted change: UPDATE_PICTURES=1 python -m pytest tests/golden/pictures, then look at each one that changed.
A picture that does not agree is left in var/pictures, to be held beside the one that was expected.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image

from digest.model.preview import Look, View
from tests.golden.pictures.comparing import TOLERATED, difference, keep, reduced
from tests.golden.pictures.conftest import Photograph
from tests.golden.pictures.letters import Letter

FOLDER = Path(__file__).parent
LEFT = FOLDER.parents[2] / "var" / "pictures"
# A phone's and a desktop's letter in every look. 600 and 1280 px differ in their margins only, and share the looks.
PICTURES = {
    "360-light": ("sample", 360, View()),
    "360-dark": ("sample", 360, View(look=Look.DARK)),
    "360-inverted-gmail": ("sample", 360, View(look=Look.GMAIL)),
    "360-inverted-outlook": ("sample", 360, View(look=Look.OUTLOOK)),
    "360-pictures-off": ("sample", 360, View(pictures=False)),
    "360-arabic": ("arabic", 360, View()),
    "600-light": ("sample", 600, View()),
    "600-dark": ("sample", 600, View(look=Look.DARK)),
    "600-pictures-off": ("sample", 600, View(pictures=False)),
    "1280-light": ("sample", 1280, View()),
    "1280-inverted-gmail": ("sample", 1280, View(look=Look.GMAIL)),
    "1280-inverted-outlook": ("sample", 1280, View(look=Look.OUTLOOK)),
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_letter_looks_as_it_did(name: str, photograph: Photograph, letters: dict[str, Letter]) -> None:
    which, width, view = PICTURES[name]
    seen = photograph(letters[which].page(view), width)
    assert seen.width == width, "something is wider than the window"
    expected = FOLDER / f"{name}.png"
    if os.environ.get("UPDATE_PICTURES"):
        keep(seen, expected)
    with Image.open(expected) as kept:
        share = difference(reduced(seen, kept), kept)
    if share > TOLERATED:
        LEFT.mkdir(parents=True, exist_ok=True)
        seen.save(LEFT / f"{name}.png")
    assert share <= TOLERATED, f"in one place {share:.0%} of the pixels differ: look at {LEFT / f'{name}.png'}"


def test_every_picture_is_of_a_letter() -> None:
    assert {path.stem for path in FOLDER.glob("*.png")} == set(PICTURES)
