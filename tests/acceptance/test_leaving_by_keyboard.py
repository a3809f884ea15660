"""Choosing, leaving and taking it back, from a real letter's links, in a real browser by the keyboard alone."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.acceptance.browser import Visitor
from tests.acceptance.publication import Publication
from tests.acceptance.sending import through_smtp
from tests.acceptance.test_readers_way import ANA, letter_with, mail, newsroom, pages, pytestmark, visitor
from tests.contract.deliver.servers import MailServer

__all__ = ["mail", "newsroom", "pages", "pytestmark", "visitor"]

SITE = "https://letters.docket.example/"
ONE_CLICK = b"List-Unsubscribe=One-Click"


@pytest.fixture(scope="module")
def sent(mail: MailServer, newsroom: Publication) -> None:
    newsroom.run("send", "--yes", **through_smtp(mail.port))


@pytest.fixture
def letter(mail: MailServer, sent: None) -> EmailMessage:
    """What came to Ana."""
    (envelope,) = (each for each in mail.taken if each.rcpt_tos == [ANA])
    return message_from_bytes(mail.bytes_of(envelope), policy=policy.default)


def links(letter: EmailMessage) -> set[str]:
    """The places under our pages that a letter links to."""
    bodies = (letter.get_body((kind,)) for kind in ("html", "plain"))
    said = str(letter["List-Unsubscribe"]) + "".join(body.get_content() for body in bodies if body)
    return {found.removeprefix(SITE) for found in re.findall(rf"{re.escape(SITE)}[^\s\"'<>)]*", said)}


def link(letter: EmailMessage, kind: str) -> str:
    (found,) = (place for place in links(letter) if place.startswith(f"{kind}/"))
    return found


def gone(newsroom: Publication) -> dict[str, int]:
    """How many readers get no letters, by why."""
    counted = newsroom.json("subscribers", "stats")["suppressed"]
    return {why: count for why, count in counted.items() if count}


def scanned(pages: str, places: set[str]) -> set[str]:
    """GETs these places, and whatever of ours their pages link to, as a scanner of links does."""
    seen, ahead = set[str](), {f"{pages}{place}" for place in places}
    while ahead:
        address = ahead.pop()
        seen.add(address)
        try:
            with urlopen(address) as answer:
                html = answer.read().decode("utf-8", "replace")
        except HTTPError:
            continue
        found = re.findall(r'(?:href|action|src)="(/[^"#]*)', html)
        ahead |= {f"{pages.rstrip('/')}{each}".replace("&amp;", "&") for each in found} - seen
    return seen


def test_a_scanner_of_links_unsubscribes_nobody(letter: EmailMessage, newsroom: Publication, pages: str) -> None:
    seen = scanned(pages, links(letter))
    assert len(seen) > 5
    assert gone(newsroom) == {}


def test_choosing(visitor: Visitor, letter: EmailMessage, pages: str) -> None:
    visitor.open(f"{pages}{link(letter, 'p')}")
    assert visitor.violations() == []
    visitor.reach("Regional", kind="checkbox")
    visitor.press("Space")
    visitor.follow("Save")
    assert "Saved." in visitor.words
    assert visitor.violations() == []


def test_leaving_by_the_page_and_taking_it_back(
    visitor: Visitor, letter: EmailMessage, newsroom: Publication, pages: str
) -> None:
    visitor.open(f"{pages}{link(letter, 'u')}")
    assert visitor.violations() == []
    visitor.follow("Unsubscribe", kind="submit")
    assert "You are unsubscribed" in visitor.words
    assert visitor.violations() == []
    assert gone(newsroom) == {"unsubscribed": 1}
    visitor.follow("Take it back", key="Space")
    assert "You are subscribed again" in visitor.words
    assert visitor.violations() == []
    assert gone(newsroom) == {}


def test_leaving_by_one_click(visitor: Visitor, letter: EmailMessage, newsroom: Publication, pages: str) -> None:
    assert letter["List-Unsubscribe-Post"] == ONE_CLICK.decode()
    with urlopen(Request(f"{pages}{link(letter, 'u')}", data=ONE_CLICK, method="POST")) as answer:
        assert answer.status == 200
    assert gone(newsroom) == {"unsubscribed": 1}
    visitor.open(f"{pages}{link(letter, 'u')}")
    assert "You are unsubscribed" in visitor.words
    assert visitor.violations() == []


def test_seeing_ones_data_and_having_it_erased(
    visitor: Visitor, letter: EmailMessage, newsroom: Publication, mail: MailServer, pages: str
) -> None:
    visitor.open(f"{pages}{link(letter, 'p')}")
    visitor.follow("See or erase my data", kind="submit")
    assert "A letter with the link goes to" in visitor.words
    assert visitor.violations() == []
    visitor.open(f"{pages}{letter_with(mail, ANA, 'data')}")
    assert "You unsubscribed" in visitor.words
    assert visitor.violations() == []
    visitor.follow("Erase my data", kind="submit")
    assert "Tick this first." in visitor.words
    assert visitor.violations() == []
    visitor.reach("I understand that this cannot be taken back.", kind="checkbox")
    visitor.press("Space")
    visitor.follow("Erase my data", kind="submit")
    assert "Your data is erased" in visitor.words
    assert visitor.violations() == []
    files = [path for path in newsroom.folder.rglob("*") if path.is_file() and path.name != "subscribers.csv"]
    assert len(files) > 10
    assert [path.name for path in files if ANA.encode() in path.read_bytes().lower()] == []
    assert gone(newsroom) == {"forgotten": 1}
    assert "subscribers.csv names readers who were erased, in line 2\n" in newsroom.run("status").stdout
