"""A browser that knows the pictures' fonts alone, and the letters to open in it. Both are made once in a process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from digest.errors import ConfigurationError
from digest.web.preview.chromium import browsing, find_browser
from tests.golden.pictures import fonts
from tests.golden.pictures.comparing import opened
from tests.golden.pictures.letters import Letter, arabic_letter, sample_letter

WINDOW = 900  # px; the pictures are as tall as the letter

Photograph = Callable[[str, int], Image.Image]
"""Takes a picture of a page of HTML at a width in px."""


@pytest.fixture(scope="session")
def photograph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Photograph]:
    if missing := fonts.missing():
        pytest.skip(f"pictures want these fonts, which .ci/run installs: {missing}")
    try:
        find_browser()
    except ConfigurationError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("pictures")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FONTCONFIG_FILE", str(fonts.laid_out(folder / "fonts")))
        with browsing() as tab:

            def taken(html: str, width: int) -> Image.Image:
                page = folder / "page.html"
                page.write_text(html, encoding="utf-8")
                tab.resize(width, WINDOW)
                tab.open(page.as_uri())
                return opened(tab.picture())

            yield taken


@pytest.fixture(scope="session")
def letters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Letter]:
    newsroom: Path = tmp_path_factory.mktemp("pictured") / "newsroom"
    return {"sample": sample_letter(newsroom), "arabic": arabic_letter(newsroom)}
