"""A week in each shipped language: its text word for word, and an Arabic letter as the browser reads it.

After a wanted change of the text: UPDATE_GOLDEN=1 python -m pytest tests/golden/render, then read the difference.
"""

import os
from pathlib import Path

import pytest
from lxml import html as browser

import digest
from digest.model import Slot
from digest.render.languages import language_of, shipped_languages
from digest.render.letter import render_issue
from digest.render.plain import columns
from digest.render.slots import fill_html, fill_text, neutral_values
from tests.golden.render.weeks import WEEKS, arabic

FOLDER = Path(__file__).parent


ENGLISH = ("Back issues", "View in browser", "Good morning", "Unsubscribe", "You get", "Forward", "Write to", "By ")
MASTHEAD = Path(digest.__file__).parent.parent / "templates" / "closing-arguments" / "masthead.mjml"
html_in_its_language = pytest.mark.skipif("_(" not in MASTHEAD.read_text(), reason="the parts are in English only")


def rendered(code):
    publication, issue = WEEKS[code]()
    made = render_issue(issue, publication)
    return made, neutral_values(publication, language_of(code))


def test_there_is_a_week_in_every_language():
    assert {"en", *WEEKS} == set(shipped_languages())


@pytest.mark.parametrize("code", WEEKS)
def test_the_text_part(code):
    made, values = rendered(code)
    text = f"{made.subject}\n{made.preheader}\n\n{fill_text(made.text, made.slots, values)}"
    expected = FOLDER / f"letter.{code}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        expected.write_text(text)
    assert text == expected.read_text()


@pytest.mark.parametrize("code", WEEKS)
def test_no_line_is_too_wide_and_no_address_broken(code):
    made, _ = rendered(code)
    lines = made.text.splitlines()
    assert [line for line in lines if columns(line) > 73] == []
    _, issue = WEEKS[code]()
    assert all(story.address in lines for story in issue.stories)


@pytest.mark.parametrize("code", WEEKS)
def test_no_english_is_left_in_the_text(code):
    made, values = rendered(code)
    assert [words for words in ENGLISH if words in fill_text(made.text, made.slots, values)] == []


@pytest.mark.parametrize("code", WEEKS)
@html_in_its_language
def test_no_english_is_left_in_the_html(code):
    made, values = rendered(code)
    page = browser.fromstring(fill_html(made.html, made.slots, values).encode())
    said = " ".join(" ".join(page.body.itertext()).split())
    assert [words for words in ENGLISH if words in said] == []


@pytest.fixture
def page():
    made, _ = rendered("ar")
    return browser.fromstring(made.html.encode())


def test_an_arabic_letter_reads_from_the_right(page):
    assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")
    assert not [one for one in page.body.iter("*") if "ltr" in (one.get("dir") or "")]
    assert not [one for one in page.body.iter("table", "td", "div", "p") if "direction:ltr" in (one.get("style") or "")]


@html_in_its_language
def test_an_arabic_letter_has_neither_italics_nor_capitals_nor_tracking(page):
    styles = [one.get("style", "").replace(" ", "") for one in page.body.iter("*")]
    assert not [style for style in styles if "italic" in style or "uppercase" in style]
    assert not [style for style in styles if "letter-spacing" in style and "letter-spacing:0" not in style]


@html_in_its_language
def test_the_parts_of_an_arabic_letter_stand_in_order(page):
    text = " ".join(" ".join(page.body.itertext()).split())
    publication, issue = arabic()
    marks = [issue.notice.text[:10], publication.publisher, publication.name, "الجمعة، 20", "الأعداد السابقة"]
    marks += ["اعرضها في المتصفح", "digest-greeting", "ليلى منصور", "عقود", "أخبار وطنية", "باختصار", "رأي"]
    marks += ["غيّر ما يصلك", "إلغاء الاشتراك", "تصلك هذه الرسالة", "©"]
    positions = [text.replace("\u00a0", " ").index(mark) for mark in marks]
    assert positions == sorted(positions)


def test_addresses_in_arabic_lines_are_isolated():
    made, values = rendered("ar")
    text = fill_text(made.text, made.slots, {**values, Slot.READER: "ana@harrow.example"})
    assert "\u200eana@harrow.example\u200e" in text
    assert "\u200ediwan.example\u200e" in text
