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
from tests.acceptance.test_readers_way import (
    ANA,
    CLEO,
    DAN,
    EVE,
    LISTED,
    letter_with,
    mail,
    newsroom,
    pages,
    pytestmark,
    visitor,
)
from tests.contract.deliver.servers import MailServer

__all__ = ["mail", "newsroom", "pages", "pytestmark", "visitor"]

SITE = "https://letters.docket.example/"
ONE_CLICK = b"List-Unsubscribe=One-Click"
LINE_OF_EVE = LISTED.index(EVE) + 2


@pytest.fixture(scope="module")
def sent(mail: MailServer, newsroom: Publication) -> None:
    newsroom.run("send", "--yes", **through_smtp(mail.port))


def letter_to(mail: MailServer, address: str) -> EmailMessage:
    """The issue as it came to a reader."""
    letters = (
        message_from_bytes(mail.bytes_of(each), policy=policy.default)
        for each in mail.taken
        if each.rcpt_tos == [address]
    )
    return next(each for each in letters if each["List-Unsubscribe-Post"])


def links(letter: EmailMessage) -> set[str]:
    """The places under our pages that a letter links to."""
    bodies = (letter.get_body((kind,)) for kind in ("html", "plain"))
    said = str(letter["List-Unsubscribe"]) + "".join(body.get_content() for body in bodies if body)
    return {found.removeprefix(SITE) for found in re.findall(rf"{re.escape(SITE)}[^\s\"'<>)]*", said)}


def link(letter: EmailMessage, kind: str) -> str:
    (found,) = (place for place in links(letter) if place.startswith(f"{kind}/"))
    return found


def unsubscribe(pages: str, letter: EmailMessage) -> None:
    """By one click (RFC 8058), as the reader's mail program does it."""
    with urlopen(Request(f"{pages}{link(letter, 'u')}", data=ONE_CLICK, method="POST")) as answer:
        assert answer.status == 200


def no_of(newsroom: Publication, address: str) -> str | None:
    """Why a reader gets no letters; None who does get them."""
    refusal = newsroom.json("subscribers", "show", address)["not_written_to"]
    return refusal and str(refusal["because"])


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


@pytest.mark.usefixtures("sent")
def test_a_scanner_of_links_unsubscribes_nobody(mail: MailServer, newsroom: Publication, pages: str) -> None:
    seen = scanned(pages, links(letter_to(mail, ANA)))
    assert len(seen) > 5
    assert no_of(newsroom, ANA) is None


@pytest.mark.usefixtures("sent")
def test_choosing(visitor: Visitor, mail: MailServer, pages: str) -> None:
    visitor.open(f"{pages}{link(letter_to(mail, ANA), 'p')}")
    assert visitor.violations() == []
    visitor.reach("Regional", kind="checkbox")
    visitor.press("Space")
    visitor.follow("Save")
    assert "Saved." in visitor.words
    assert visitor.violations() == []


@pytest.mark.usefixtures("sent")
def test_leaving_by_the_page_and_taking_it_back(
    visitor: Visitor, mail: MailServer, newsroom: Publication, pages: str
) -> None:
    visitor.open(f"{pages}{link(letter_to(mail, CLEO), 'u')}")
    assert visitor.violations() == []
    visitor.follow("Unsubscribe", kind="submit")
    assert "You are unsubscribed" in visitor.words
    assert visitor.violations() == []
    assert no_of(newsroom, CLEO) == "unsubscribed"
    visitor.follow("Take it back", key="Space")
    assert "You are subscribed again" in visitor.words
    assert visitor.violations() == []
    assert no_of(newsroom, CLEO) is None


@pytest.mark.usefixtures("sent")
def test_leaving_by_one_click(visitor: Visitor, mail: MailServer, newsroom: Publication, pages: str) -> None:
    letter = letter_to(mail, DAN)
    assert letter["List-Unsubscribe-Post"] == ONE_CLICK.decode()
    unsubscribe(pages, letter)
    assert no_of(newsroom, DAN) == "unsubscribed"
    visitor.open(f"{pages}{link(letter, 'u')}")
    assert "You are unsubscribed" in visitor.words
    assert visitor.violations() == []


@pytest.mark.usefixtures("sent")
def test_seeing_ones_data_and_having_it_erased(
    visitor: Visitor, mail: MailServer, newsroom: Publication, pages: str
) -> None:
    letter = letter_to(mail, EVE)
    unsubscribe(pages, letter)
    visitor.open(f"{pages}{link(letter, 'p')}")
    visitor.follow("See or erase my data", kind="submit")
    assert "A letter with the link goes to" in visitor.words
    assert visitor.violations() == []
    visitor.open(f"{pages}{letter_with(mail, EVE, 'data')}")
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
    assert [path.name for path in files if EVE.encode() in path.read_bytes().lower()] == []
    assert no_of(newsroom, EVE) == "forgotten"
    assert f"subscribers.csv names readers who were erased, in line {LINE_OF_EVE}\n" in newsroom.run("status").stdout
