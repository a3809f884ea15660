"""The parts of the text that not every issue has."""

from types import SimpleNamespace

import pytest

from digest.render import theme
from digest.render.languages import language_of
from digest.render.letter import links_of
from digest.render.passages import Marks
from digest.render.plain import LEFT_TO_RIGHT_MARK as MARK

STORY = {
    "headline": "A bell",
    "address": "https://docket.example/bell/",
    "deck": "It rings.",
    "kicker": "",
    "place": "",
}
SPONSOR = {"text": "Boxes.", "payer": "Pell & Co.", "heading": "", "link": "https://box.example/", "link_text": ""}


@pytest.fixture
def text(issue, publication):
    """The text of an issue whose only sections are of these forms, with the story's other values."""

    def made(*forms, sponsor=None, code="en", **more):
        story = SimpleNamespace(**STORY | {"byline": "", "minutes": 0, "about": ""} | more)
        sections = [
            SimpleNamespace(name=form.title(), form=SimpleNamespace(value=form), stories=[story]) for form in forms
        ]
        parts = SimpleNamespace(
            date=issue.date, lead=None, note=issue.note, notice=None, shown=sections, sponsor=sponsor
        )
        language = language_of(code)
        marks = Marks("0" * 64)
        rendered = (
            theme.environment(None, code)
            .get_template(theme.TEXT_TEMPLATE)
            .render(
                passages=marks,
                issue=parts,
                publication=publication,
                links=links_of(issue, publication, "Subject"),
                slots={"greeting": "Hi,", "reader": "mark-r", "unsubscribe": "mark-u", "preferences": "mark-p"},
                contact="letters@docket.example",
                site_name="docket.example",
                date_line=language.date_line(issue.date),
            )
        )
        return marks.taken_out(rendered)[0]

    return made


def test_a_feature_says_how_long_it_takes(text):
    assert "* A bell\nIt rings.\n3-minute read\nhttps://docket.example/bell/\n" in text("feature", minutes=3)
    assert "* A bell\nIt rings.\nhttps://docket.example/bell/\n" in text("feature")
    assert "\n3 Minuten Lesezeit\n" in text("feature", minutes=3, code="de")


def test_an_episode_is_a_sentence_and_where_to_play_it(text):
    said = "Podcast\n-------\n\nIt rings.\nPlay the episode (1 minute):\nhttps://docket.example/bell/\n"
    assert said in text("podcast", minutes=1)
    assert "\nPlay the episode:\nhttps" in text("podcast")


def test_a_correction_leads_to_its_story(text):
    assert "\n\nIt rings.\nRead the story:\nhttps://docket.example/bell/\n" in text("correction")


def test_an_opinion_says_who_its_author_is(text):
    assert "\nBy Ana Pell, a judge.\nhttps" in text("opinion", byline="Ana Pell", about="a judge.")
    assert "\nBy Ana Pell\nhttps" in text("opinion", byline="Ana Pell")
    assert f"\nبقلم {MARK}Ana Pell{MARK}\nhttps" in text("opinion", byline="Ana Pell", code="ar")


def test_the_sponsor_stands_before_the_corrections_else_last(text):
    sponsor = SimpleNamespace(**SPONSOR)
    before = text("standard", "correction", sponsor=sponsor)
    assert before.index("Standard") < before.index("Sponsored message") < before.index("Correction")
    last = text("standard", "podcast", sponsor=sponsor)
    assert last.index("Podcast\n") < last.index("Sponsored message") < last.index("=" * 72)
    for whole in (before, last):
        assert whole.count("Boxes.\nRead more:\nhttps://box.example/\nPaid for by Pell & Co.") == 1
    assert "Sponsored" not in text("standard")


def test_no_part_leaves_a_hole_or_stands_in_another(text):
    whole = text("standard", "podcast", "feature", "correction", sponsor=SimpleNamespace(**SPONSOR))
    assert "\n\n\n\n" not in whole
    assert not [line for line in whole.split("\n") if line.endswith(" ") and line.strip() in {"", "It rings."}]


def test_who_gets_it_has_a_line_for_an_address_of_any_length(text):
    assert "because \nmark-r \nsigned up at docket.example.\n" in text("standard")
