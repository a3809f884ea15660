"""The readers' way in a real browser: by the keyboard alone, with axe-core on each page, and no other site asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from digest.web.preview.chromium import browsing
from tests.acceptance.browser import Visitor
from tests.acceptance.publication import Publication
from tests.acceptance.serving import served
from tests.acceptance.test_in_a_browser import BROWSER
from tests.reference.packages import missing

MISSING = missing("axe-core")
pytestmark = [
    pytest.mark.skipif(not BROWSER, reason="there is no Chromium or Chrome here"),
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {MISSING}"),
]


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    """The sample newsroom."""
    publication = Publication(tmp_path_factory.mktemp("newsroom"))
    publication.run("init", "--sample", ".")
    return publication


@pytest.fixture(scope="module")
def pages(newsroom: Publication) -> Iterator[str]:
    """The address at which the readers' pages answer."""
    with served(newsroom) as address:
        yield address


@pytest.fixture(scope="module")
def visitor(pages: str) -> Iterator[Visitor]:
    """Somebody at a keyboard. In the end the browser must have asked no other site for anything."""
    with browsing() as tab:
        visitor = Visitor(tab)
        yield visitor
    strays = {address for address in visitor.asked if not address.startswith((pages, "about:", "data:"))}
    assert strays == set()


def test_a_page_that_is_not_there(visitor: Visitor, pages: str) -> None:
    visitor.open(f"{pages}nothing-here")
    assert "There is no such page" in visitor.words
    assert visitor.violations() == []
    visitor.follow("Español")
    assert visitor.violations() == []
    visitor.follow("العربية")
    assert visitor.violations() == []
