"""The parts of the letter that not every issue has, and what the theme's settings make of all of them."""

from dataclasses import replace

import pytest
from lxml import html as browser

from digest.model import DARK, Amount, Form, Logo, Section, Sponsor, Theme
from digest.render.letter import render_issue

SPONSOR = Sponsor(
    text="Boxes for cases that go on.",
    payer="Fenwick",
    heading="Boxes",
    link="https://fenwick.example/",
    link_text="See them",
)


def words_of(element):
    return " ".join("".join(element.itertext()).split())


@pytest.fixture
def page(issue, publication):
    """Renders the issue with other sections or an other theme, as a browser reads it."""

    def rendered(sections=None, theme=None, **changes):
        changed = replace(issue, **changes, **({} if sections is None else {"sections": sections}))
        made = render_issue(changed, replace(publication, theme=theme or Theme()))
        return browser.fromstring(made.html)

    return rendered


@pytest.fixture
def stories(story_called):
    return lambda number, **fields: tuple(
        replace(story_called(f"Story {at}", slug=str(at)), **fields) for at in range(1, number + 1)
    )


def section(form, stories):
    return (Section(name="The section", form=form, stories=stories),)


@pytest.mark.parametrize(("number", "columns"), [(1, 0), (2, 2), (3, 0), (4, 4)])
def test_pairs_of_features_stand_in_columns_and_others_in_rows(page, stories, number, columns):
    made = page(section(Form.FEATURE, stories(number)))
    assert len(made.xpath("//table[@id='section-1']//td[@width='50%']")) == columns
    assert len(made.xpath("//table[@id='section-1']//h3")) == number
    assert page(section(Form.FEATURE, stories(number)), Theme(columns=1)).xpath("//td[@width='50%']") == []


def test_a_feature_opens_with_its_picture_and_ends_with_its_length(page, stories):
    made = page(section(Form.FEATURE, stories(2, minutes=14)))
    column = made.xpath("//td[@width='50%']")[0]
    assert [one.tag for one in column.iter("img", "h3")] == ["img", "h3"]
    assert words_of(column).endswith("14-minute read")
    assert "minute" not in words_of(page(section(Form.FEATURE, stories(2))))


def test_an_episode_has_its_link_and_its_length(page, stories):
    made = page(section(Form.PODCAST, stories(1, minutes=27)))
    (row,) = made.xpath("//table[@id='section-1']//td")
    assert words_of(row) == "The section Story 1. Story 1 Play the episode (27 minutes)"
    assert [link.get("href") for link in row.iter("a")] == ["https://docket.example/1/?a=1&b=2"]
    assert "minute" not in words_of(page(section(Form.PODCAST, stories(1))))
    assert "(1 minute)" in words_of(page(section(Form.PODCAST, stories(1, minutes=1)))).replace("\xa0", " ")


def test_corrections_have_their_label_and_lead_to_the_story(page, stories):
    made = page(section(Form.CORRECTION, stories(2)))
    (table,) = made.xpath("//table[@id='section-1']")
    assert [words_of(one) for one in table.iter("h2")] == ["The section"]
    assert [words_of(one) for one in table.iter("p")] == ["Story 1 Read the story", "Story 2 Read the story"]


def test_a_sponsor_is_named_framed_and_marked(page):
    (frame,) = page(sponsor=SPONSOR).xpath("//table[@id='sponsor']")
    assert [words_of(one) for one in frame.iter("p")] == [
        "Sponsored message",
        "Boxes",
        "Boxes for cases that go on. See them",
        "Paid for by Fenwick. The newsroom had no part in it.",
    ]
    (link,) = frame.iter("a")
    assert (link.get("href"), link.get("rel")) == ("https://fenwick.example/", "sponsored")
    assert all("Helvetica" in one.get("style") for one in frame.iter("p"))
    assert list(frame.iter("h2", "h3")) == []
    assert page().xpath("//table[@id='sponsor']") == []


def test_a_sponsor_may_have_neither_heading_nor_link(page):
    (frame,) = page(sponsor=Sponsor(text="Boxes.", payer="Fenwick")).xpath("//table[@id='sponsor']")
    assert len(list(frame.iter("p"))) == 3
    assert list(frame.iter("a")) == []


def test_the_sponsor_stands_after_the_news_and_before_the_corrections(page, stories):
    one, two = stories(2)
    sections = (*section(Form.STANDARD, (one,)), *section(Form.CORRECTION, (two,)))
    order = [table.get("id") for table in page(sections, sponsor=SPONSOR).xpath("//table[@id]")]
    assert order[-5:] == ["section-1", "sponsor", "section-2", "subscribe", "footer"]
    order = [table.get("id") for table in page(sections[:1], sponsor=SPONSOR).xpath("//table[@id]")]
    assert order[-4:] == ["section-1", "sponsor", "subscribe", "footer"]


FORMS = [Form.STANDARD, Form.BRIEF, Form.OPINION, Form.FEATURE, Form.PODCAST, Form.CORRECTION]


def test_stories_are_numbered_in_reading_order(page, stories):
    sections = tuple(section(form, stories(3))[0] for form in FORMS)
    for theme in (Theme(), Theme(columns=1), Theme(name="plain")):
        numbered = [one.get("id") for one in page(sections, theme).xpath("//*[starts-with(@id, 'story-')]")]
        assert numbered == [f"story-{number}" for number in range(1, 20)]
        without_lead = page(sections, theme, lead=None).xpath("//*[starts-with(@id, 'story-')]")
        assert [one.get("id") for one in without_lead][:2] == ["story-1", "story-2"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["closing-arguments", "plain"])
def test_a_section_of_any_form_may_stand_alone_and_hold_bare_stories(page, stories, form, name):
    bare = stories(2, deck="", kicker="", byline="", place="", picture=None)
    made = page(section(form, bare), Theme(name=name), lead=None, notice=None)
    assert "Story 2" in words_of(made.xpath("//*[@id='section-1']")[0])


def test_no_pictures_but_the_same_words(page, stories):
    sections = section(Form.FEATURE, stories(2)) + section(Form.STANDARD, stories(2))
    made = page(sections, Theme(pictures=False))
    assert list(made.iter("img")) == []
    assert len(list(made.iter("h3"))) == 4


def test_the_full_stop_may_be_left_out(page):
    assert words_of(page().find(".//h1")) == "Closing Arguments."
    assert words_of(page(theme=Theme(full_stop=False)).find(".//h1")) == "Closing Arguments"


LOGO = Logo(address="https://docket.example/logo.png", width=320, height=48, dark="https://docket.example/night.png")


@pytest.mark.parametrize("name", ["closing-arguments", "plain"])
def test_a_logo_stands_for_the_name_in_words_for_those_who_do_not_see_it(page, name):
    heading = page(theme=Theme(name=name, logo=LOGO)).find(".//h1")
    assert [(one.get("alt"), one.get("width")) for one in heading.iter("img")] == [("Closing Arguments", "320")] * 2
    assert words_of(heading) == ""
    spoken = page(theme=Theme(name=name, logo=replace(LOGO, dark="", alt="The letter"))).find(".//h1")
    assert [one.get("alt") for one in spoken.iter("img")] == ["The letter"]


def test_the_dark_logo_is_hidden_until_it_is_dark(issue, publication):
    made = render_issue(issue, replace(publication, theme=Theme(logo=LOGO))).html
    assert ".night{display:inline-block!important}" in made
    assert '<!--[if !mso]><!--><img class="night"' in made
    assert "display:none;max-width:100%" in made


def test_headings_and_text_may_have_another_face(page):
    made = page(theme=Theme(headings="sans"))
    assert all("Helvetica" in one.get("style") for one in made.iter("h1", "h2", "h3"))
    assert "Georgia" in made.xpath("//table[@id='note']/..")[0].get("style")
    made = page(theme=Theme(headings="serif", body="sans"))
    assert all("Georgia" in one.get("style") for one in made.iter("h1", "h2", "h3"))
    assert "Helvetica" in made.xpath("//table[@id='note']/..")[0].get("style")


def test_the_colours_are_the_themes(issue, publication):
    theme = Theme(dark=replace(DARK, muted="#B0A79B", rule="#777777"))
    made = render_issue(issue, replace(publication, theme=theme)).html
    assert ".muted{color:#B0A79B!important}" in made
    assert ".rule{border-color:#777777!important}" in made


def test_the_amount_of_text_is_the_edit_rooms(issue, publication):
    """What a story says is settled before it is set, so that the plain text says the same."""
    one = render_issue(issue, replace(publication, theme=Theme(text=Amount.HEADLINES)))
    other = render_issue(issue, publication)
    assert (one.html, one.text) == (other.html, other.text)


def test_a_script_without_case_has_no_italics_capitals_or_tracking(issue, publication):
    sections = tuple(Section(name="قسم", form=form, stories=issue.sections[0].stories) for form in FORMS)
    arabic = replace(issue, sections=sections, sponsor=SPONSOR)
    made = render_issue(arabic, replace(publication, language="ar")).html
    for mark in ("italic", "uppercase", "letter-spacing", "direction:ltr"):
        assert mark not in made, mark
    assert "<bdi>Fenwick</bdi>" in made
    assert "font-size:17px;line-height:29px" in made


@pytest.mark.parametrize("name", ["closing-arguments", "plain"])
def test_both_themes_turn_round_for_arabic(issue, publication, name):
    made = render_issue(issue, replace(publication, language="ar", theme=Theme(name=name))).html
    assert "direction:ltr" not in made
    assert '<html lang="ar" dir="rtl"' in made
