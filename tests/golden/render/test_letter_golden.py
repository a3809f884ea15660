"""The sample week as a letter: its text word for word, and what the HTML must be whatever it looks like.

After a wanted change of the text: UPDATE_GOLDEN=1 python -m pytest tests/golden/render, then read the difference.
"""

import os
import re
from pathlib import Path

import pytest
from lxml import html as browser

from digest.model import Slot
from digest.render.languages import language_of
from digest.render.letter import render_issue
from digest.render.slots import fill_text, neutral_values

EXPECTED = Path(__file__).parent / "letter.txt"
ROLES = {"ink", "text", "muted", "accent", "waiting"}


@pytest.fixture
def rendered(issue, publication):
    return render_issue(issue, publication)


@pytest.fixture
def page(rendered):
    return browser.fromstring(rendered.html.encode())


def words_of(element):
    return " ".join(element.text_content().split())


def style_of(element):
    return dict(re.findall(r"([a-z-]+):([^;]+)", element.get("style", "")))


def test_the_text_part(rendered, publication):
    text = fill_text(rendered.text, rendered.slots, neutral_values(publication, language_of(publication.language)))
    if os.environ.get("UPDATE_GOLDEN"):
        EXPECTED.write_text(text)
    assert text == EXPECTED.read_text()


def test_no_line_of_the_text_is_wider_than_72_columns(rendered):
    assert [line for line in rendered.text.splitlines() if len(line.rstrip()) > 72] == []


def test_subject_and_preheader(rendered):
    assert rendered.subject == (
        "Closing Arguments: The ferry that never sailed must be paid for, high court tells island…"
    )
    assert rendered.preheader == (
        "Census bureau may count the people it cannot find, panel rules 2 to 1; Juror who slept through verdict was…"
    )


def test_the_headings_are_the_outline_of_the_issue(page, issue):
    (name,) = page.iter("h1")
    assert words_of(name) == "Closing Arguments."
    outline = [(element.tag, words_of(element)) for element in page.iter("h2", "h3")]
    expected = [("h2", issue.lead.headline)]
    for section in issue.sections:
        expected.append(("h2", section.name))
        if section.form != "brief":
            expected += [("h3", story.headline) for story in section.stories]
    assert outline == [*expected, ("h2", "Forwarded this letter?")]


def test_every_story_is_linked_once_by_its_words(page, issue):
    links = [(link.get("href"), words_of(link)) for link in page.iter("a") if words_of(link)]
    for story in issue.stories:
        (words,) = [words for address, words in links if address == story.address]
        assert story.headline in words


def test_the_parts_stand_in_order(page):
    text = " ".join(" ".join(page.body.itertext()).split())
    marks = ["Our privacy policy", "The Docket Closing Arguments", "Friday, November 20, 2026 | Back issues"]
    marks += ["View in browser", "digest-greeting", "Wilhelmina", "Contracts", "National", "In brief", "Opinion"]
    marks += ["Forwarded this letter?", "Change what you get", "You get this letter because", "12 Court Street", "©"]
    positions = [text.index(mark) for mark in marks]
    assert positions == sorted(positions)


def test_the_preheader_comes_first_hidden_and_padded(page, rendered):
    first = page.body[0]
    assert style_of(first)["display"] == "none"
    assert first.text_content().startswith(rendered.preheader)
    assert len(first.text_content()) > 250


def test_pictures_keep_their_place_and_say_what_they_show(page):
    pictures = {Path(one.get("src")).stem: one for one in page.iter("img")}
    sizes = {name: (one.get("width"), one.get("height")) for name, one in pictures.items()}
    assert sizes == {
        "ferry": ("560", "315"),
        "census": ("180", "120"),
        "note": ("180", "270"),
        "river": ("180", None),
        "crier": ("180", "120"),
    }
    assert pictures["ferry"].get("alt") == "A white ferry without passengers tied up in a gray harbor."
    assert pictures["note"].get("alt") == "A doctor’s handwriting is not a trade secret"


def test_a_caption_has_its_full_stop_and_then_the_credit(page):
    captions = [words_of(one) for one in page.xpath("//a[img]/following-sibling::p")]
    assert captions == [
        "The Constance at her builder’s quay in Alder Point on Nov. 12. (Petra Lindqvist/The Docket)",
        "Porches on Tanner Street, counted in April. (Jonah Abiola)",
        "The Ossa from the eastern bank. The western one was east until 1981! (Ilse Marchetti for The Docket)",
        "Ambrose Tull before the morning session. (Petra Lindqvist/The Docket)",
    ]


def test_briefs_stand_in_two_columns_the_first_one_longer(page):
    (row,) = page.xpath("//tr[td[@width='50%']]")
    assert [len(list(column.iter("p"))) for column in row] == [3, 2]
    assert [words_of(bold) for bold in row.iter("b")] == [
        "Housing.",
        "Insurance.",
        "Chess in the park needs no permit.",
        "Bakers may weigh bread after it has cooled.",
        "The noon whistle stays.",
    ]


def test_opinion_stands_on_its_panel_and_says_whose_it_is(page):
    (panel,) = page.find_class("bar")
    assert [words_of(bold) for bold in panel.iter("b")] == ["By Honora Pell", "By Dmitri Okafor"]
    assert all("italic" in style_of(one)["font-style"] for one in panel.iter("h3"))


def test_the_letter_is_small_enough_for_every_client(rendered):
    assert len(rendered.html.encode()) <= 60_000
    blocks = re.findall(r"<style[^>]*>(.*?)</style>", rendered.html, re.DOTALL)
    assert all(len(block) < 8_000 for block in blocks)
    assert "prefers-color-scheme:dark" in blocks[-2] + blocks[-1]


def test_nothing_is_loaded_but_pictures(rendered):
    assert re.findall(r"<(?:script|link|iframe|object|form)\b|@import|@font-face|url\(", rendered.html) == []


def test_every_colour_of_words_has_a_role_that_the_dark_can_change(page):
    for element in page.body.iter("p", "h1", "h2", "h3", "a", "span", "b", "img"):
        if "color" in style_of(element) and words_of(element) != "Subscribe for free":
            assert ROLES & set(element.get("class", "").split()), browser.tostring(element)


def test_nothing_is_set_smaller_than_12(rendered):
    sizes = [int(size) for size in re.findall(r"font(?:-size)?:(?:bold )?(\d+)px/?", rendered.html)]
    hidden = {0, 1}
    assert min(set(sizes) - hidden) == 12


def test_outlook_finds_no_padding_where_it_ignores_it(page):
    assert not [one for one in page.body.iter("p", "h1", "h2", "h3", "div") if "padding" in one.get("style", "")]


def test_layout_tables_are_not_read_out(page):
    assert {one.get("role") for one in page.body.iter("table")} == {"presentation"}


def test_footer_links(page, rendered):
    links = {words_of(link): link.get("href") for link in page.iter("a")}
    assert links["Unsubscribe"] == rendered.slots[Slot.UNSUBSCRIBE]
    assert links["Change what you get"] == rendered.slots[Slot.PREFERENCES]
    assert links["View in browser"] == "https://letters.docket.example/issues/2026-11-20/"
    assert links["Back issues"] == "https://letters.docket.example/issues/"
    assert links["Subscribe for free"] == "https://letters.docket.example/"
    assert links["Write to us"] == "mailto:letters@docket.example"
    assert links["Forward to a colleague"].startswith("mailto:?subject=Closing%20Arguments%3A%20The%20ferry")
