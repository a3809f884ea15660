"""The readers' way in a real browser: by the keyboard alone, with axe-core on each page, and no other site asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from digest.web.preview.chromium import browsing
from tests.acceptance.browser import Visitor
from tests.acceptance.publication import Publication
from tests.acceptance.serving import served
from tests.acceptance.test_in_a_browser import BROWSER
from tests.acceptance.test_sending import through_smtp
from tests.contract.deliver.servers import MailServer
from tests.reference.packages import missing

ANA = "ana@reader.example"
MISSING = missing("axe-core")
pytestmark = [
    pytest.mark.skipif(not BROWSER, reason="there is no Chromium or Chrome here"),
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {MISSING}"),
]


@pytest.fixture(scope="module")
def mail() -> Iterator[MailServer]:
    """Where all letters arrive."""
    with MailServer() as server:
        yield server


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory, mail: MailServer) -> Publication:
    """The sample newsroom, with its first issue sent to its only reader."""
    publication = Publication(tmp_path_factory.mktemp("newsroom"))
    publication.run("init", "--sample", ".")
    (publication.folder / "subscribers.csv").write_text(f"email,name\n{ANA},Ana\n", encoding="utf-8")
    for command in (["gather"], ["compose"], ["send", "--yes"]):
        publication.run(*command, **through_smtp(mail.port))
    return publication


@pytest.fixture(scope="module")
def pages(newsroom: Publication, mail: MailServer) -> Iterator[str]:
    """The address at which the readers' pages answer."""
    with served(newsroom, **through_smtp(mail.port)) as address:
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


def test_back_issues(visitor: Visitor, pages: str) -> None:
    visitor.open(f"{pages}issues/")
    assert visitor.violations() == []
    visitor.reach("Search", kind="search")
    visitor.write("court")
    visitor.go()
    assert visitor.place == "/issues/search"
    assert visitor.violations() == []
    visitor.open(f"{pages}issues/2026-11-20/")
    assert visitor.violations() == []
    visitor.follow("Back issues")
    assert visitor.place == "/issues/"
