"""The reference compiler, npm's mjml, makes the same picture of our MJML as the compiler that we use."""

from __future__ import annotations

import pytest

from digest.model.preview import View
from tests.golden.pictures.comparing import TOLERATED, difference
from tests.golden.pictures.conftest import Photograph
from tests.golden.pictures.letters import Letter
from tests.reference import packages

WIDTHS = (360, 600, 760)
MISSING = packages.missing("mjml")
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"`npm ci` in tests/reference would install {MISSING}")


def reference(source: str) -> str:
    return packages.answer("compile.mjs", source)


@pytest.mark.parametrize("which", ["sample", "arabic"])
def test_both_compilers_make_the_same_picture(which: str, photograph: Photograph, letters: dict[str, Letter]) -> None:
    ours, theirs = letters[which].page(View()), letters[which].page(View(), reference)
    assert ours != theirs
    shares = {width: difference(photograph(ours, width), photograph(theirs, width)) for width in WIDTHS}
    assert max(shares.values()) <= TOLERATED, shares
