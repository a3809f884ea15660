"""The latest issue beside the sign-up, for whoever wants to see what they would get."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from lxml import html

from tests.backlist import NEWEST, Backlist, issue, story
from tests.visiting import Visitor

SENDGRID = '[delivery]\nprovider = "sendgrid"\n'


@pytest.fixture
def backlist(tmp_path: Path) -> Backlist:
    return Backlist.open(tmp_path / "newsroom")


def shown(backlist: Backlist, place: str = "") -> html.HtmlElement | None:
    page = html.document_fromstring(Visitor(backlist).get(place).content)
    return next(iter(page.xpath("//section[contains(@class, 'newest')]")), None)


def plain(set_words: str) -> str:
    return set_words.replace("\xa0", " ")


def test_before_the_first_issue_there_is_none(backlist: Backlist) -> None:
    backlist.compose(issue(NEWEST, 1, (story("Not out yet"),)))
    assert shown(backlist) is None


def test_it_shows_the_lead_with_its_picture_and_three_more_headlines(backlist: Backlist) -> None:
    backlist.send_weeks(2, newest=NEWEST - timedelta(weeks=1))
    stories, pictures = backlist.pictured(tuple(story(f"Jury out on case {number}") for number in range(6)))
    backlist.send(issue(NEWEST, 3, stories), pictures)
    section = shown(backlist)
    assert section is not None
    headlines = [plain(each.text) for each in section.xpath(".//h3 | .//li")]
    assert headlines == [f"Jury out on case {number}" for number in range(4)]
    (picture,) = section.xpath(".//img")
    assert picture.get("alt") == "A viaduct over a wide valley."
    visitor = Visitor(backlist)
    for address in (picture.get("src"), *(link.get("href") for link in section.xpath(".//a"))):
        assert visitor.get(str(address).removeprefix(visitor.pages.root)).status_code == 200


def test_no_picture_of_another_story_stands_under_the_lead(backlist: Backlist) -> None:
    (other,), pictures = backlist.pictured((story("Salmon have standing for now"),))
    backlist.send(issue(NEWEST, 1, (story("Jury out"), other)), pictures)
    section = shown(backlist)
    assert section is not None
    assert section.xpath(".//img") == []


def test_headlines_are_set_as_in_the_letter_in_whatever_language_the_page_is(backlist: Backlist) -> None:
    backlist.send(issue(NEWEST, 1, (story('Judge: "No"'),)))
    section = shown(backlist, "?language=ar")
    assert section is not None
    (headline,) = section.xpath(".//h3")
    assert (plain(headline.text), headline.get("lang"), headline.get("dir")) == ("Judge: “No”", "en", "ltr")


def test_a_frame_of_another_site_has_none(backlist: Backlist) -> None:
    backlist.send_weeks(1)
    assert shown(backlist, "embed") is None


@pytest.mark.parametrize(
    ("counting", "promised"),
    [("", True), (f"{SENDGRID}[delivery.sendgrid]\ntrack_clicks = true\n", False)],
)
def test_nothing_is_promised_that_the_settings_do_not_keep(tmp_path: Path, counting: str, promised: bool) -> None:
    visitor = Visitor(Backlist.open(tmp_path / "newsroom", more=counting))
    assert ("We do not count opens" in visitor.get("").text) is promised
