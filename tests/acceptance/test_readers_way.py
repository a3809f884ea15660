"""The readers' way in a real browser: by the keyboard alone, with axe-core on each page, and no other site asked."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from urllib.request import Request, urlopen

import pytest

from digest.web.preview.chromium import browsing
from tests.acceptance.browser import Visitor
from tests.acceptance.publication import Publication
from tests.acceptance.sending import through_smtp
from tests.acceptance.serving import served
from tests.acceptance.test_in_a_browser import BROWSER
from tests.contract.deliver.servers import MailServer
from tests.reference.packages import missing

ANA, BEN, CLEO, DAN, EVE = (f"{name}@reader.example" for name in ("ana", "ben", "cleo", "dan", "eve"))
LISTED = ANA, CLEO, DAN, EVE
"""Who is on the operator's list: each test takes a reader of its own, so that it stands alone."""
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
    """The sample newsroom with a few readers, and its first issue made up."""
    publication = Publication(tmp_path_factory.mktemp("newsroom"))
    publication.run("init", "--sample", ".")
    (publication.folder / "subscribers.csv").write_text("\n".join(("email", *LISTED, "")), encoding="utf-8")
    publication.run("gather")
    publication.run("compose")
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


def letter_with(mail: MailServer, address: str, place: str) -> str:
    """The path of the link to `place` in the newest letter to that address, once it has come."""
    for _ in range(200):
        for envelope in reversed([each for each in mail.taken if each.rcpt_tos == [address]]):
            letter = message_from_bytes(mail.bytes_of(envelope), policy=policy.default)
            body = letter.get_body(("plain",))
            found = re.search(
                rf"https://letters\.docket\.example/({place}/[\w.-]+)", body.get_content() if body else ""
            )
            if found:
                return found[1]
        time.sleep(0.1)
    pytest.fail(f"no letter to {address} with a link to {place} has come")


def gets_letters(newsroom: Publication, address: str) -> bool:
    return address in newsroom.run("subscribers", "export").stdout


def signed_up(visitor: Visitor, pages: str, address: str) -> None:
    """Fills the form in, and sends it."""
    visitor.open(pages)
    assert visitor.violations() == []
    time.sleep(2)  # `sign_up.least_seconds`: who is faster is a robot
    visitor.reach("Your email address", kind="email")
    visitor.write(address)
    visitor.follow("Subscribe", kind="submit")


def test_an_address_that_is_none_is_said_below_the_field(visitor: Visitor, pages: str) -> None:
    signed_up(visitor, pages, "fay at reader")
    assert "has a name, an @ and a domain" in visitor.words
    assert visitor.violations() == []


def confirmed(visitor: Visitor, newsroom: Publication, mail: MailServer, pages: str, address: str) -> None:
    """Signs up, and follows the link of the letter that comes."""
    signed_up(visitor, pages, address)
    assert "look in your mailbox" in visitor.words
    assert visitor.violations() == []
    visitor.open(f"{pages}{letter_with(mail, address, 'confirm')}")
    assert visitor.violations() == []
    assert not gets_letters(newsroom, address)
    visitor.follow("Yes, send it to me", kind="submit")
    assert "You are on the list" in visitor.words
    assert visitor.violations() == []
    assert gets_letters(newsroom, address)


@pytest.fixture(scope="module")
def sent(visitor: Visitor, newsroom: Publication, mail: MailServer, pages: str) -> None:
    """The issue is sent, after Ben has signed up."""
    confirmed(visitor, newsroom, mail, pages, BEN)
    newsroom.run("send", "--yes", **through_smtp(mail.port))


@pytest.mark.usefixtures("sent")
def test_a_new_reader_gets_the_next_issue_and_can_leave_by_it(
    visitor: Visitor, newsroom: Publication, mail: MailServer, pages: str
) -> None:
    visitor.open(f"{pages}{letter_with(mail, BEN, 'u')}")
    assert visitor.violations() == []
    assert gets_letters(newsroom, BEN)
    visitor.follow("Unsubscribe", kind="submit")
    assert visitor.violations() == []
    assert not gets_letters(newsroom, BEN)


@pytest.mark.usefixtures("sent")
def test_leaving_by_one_click_and_coming_back(
    visitor: Visitor, newsroom: Publication, mail: MailServer, pages: str
) -> None:
    leave = f"{pages}{letter_with(mail, ANA, 'u')}"
    with urlopen(Request(leave, data=b"List-Unsubscribe=One-Click", method="POST")) as answer:
        assert answer.status == 200
    assert not gets_letters(newsroom, ANA)
    confirmed(visitor, newsroom, mail, pages, ANA)


@pytest.mark.usefixtures("sent")
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


def test_how_addresses_are_treated(visitor: Visitor, pages: str) -> None:
    visitor.open(pages)
    visitor.follow("Privacy")
    assert "one click" in visitor.words
    assert visitor.violations() == []
