"""What the forms of sections make of an entry: features, podcasts, corrections, opinion, and the amount of text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from digest.edit.make_up import make_up, rule_for, story_of
from digest.edit.sift import Candidate, candidate
from digest.model import Amount, Form, Picture, SeenEntry
from digest.settings import SectionRule

MakeStory = Callable[..., Candidate]
DECK = "The first sentence of it. The second sentence of it."


@pytest.fixture
def story(seen: Callable[..., SeenEntry]) -> MakeStory:
    return lambda *categories, **fields: candidate(seen(categories=categories, **fields))


def rule(form: Form, *categories: str, name: str = "A section") -> SectionRule:
    return SectionRule(name=name, categories=categories, form=form)


def test_an_episode_is_one_even_where_its_topic_has_a_section() -> None:
    rules = (
        rule(Form.STANDARD, "Courts", name="Courts"),
        rule(Form.PODCAST, "Podcast", name="Listen"),
        rule(Form.BRIEF),
    )
    assert rule_for(["Courts", "Podcast"], rules).name == "Listen"


@pytest.mark.parametrize("form", [Form.BRIEF, Form.OPINION, Form.FEATURE, Form.PODCAST, Form.CORRECTION])
def test_sections_that_stand_apart_give_no_lead(story: MakeStory, form: Form) -> None:
    rules = (rule(form, "Apart"), SectionRule(name="Also this week"))
    assert make_up([story("Apart", picture=True)], rules, most=20).lead is None


def test_a_feature_says_how_long_it_takes_to_read(story: MakeStory) -> None:
    entry = story("Features", content=f"<p>{'word ' * 700}</p>")
    assert story_of(entry, rule(Form.FEATURE, "Features")).minutes == 3
    assert story_of(entry, rule(Form.STANDARD, "Features")).minutes == 0


def test_an_episode_says_how_long_it_runs_and_has_one_sentence(story: MakeStory) -> None:
    made = story_of(story("Podcast", seconds=1628, summary=DECK), rule(Form.PODCAST, "Podcast"))
    assert (made.minutes, made.deck) == (27, "The first sentence of it.")


def test_a_correction_is_told_whole(story: MakeStory) -> None:
    words = "A report named the wrong court. " * 8
    made = story_of(story("Corrections", summary=words), rule(Form.CORRECTION, "Corrections"), Amount.HEADLINES)
    assert made.deck == words.strip()


@pytest.mark.parametrize(
    ("categories", "kind"),
    [
        (("Opinion",), ""),
        (("Op-Ed", "Opinion"), "Op-Ed"),
        (("Taxes", "Opinion"), ""),
        (("Opinion", "Column: The back row"), "Column: The back row"),
    ],
)
def test_the_kind_of_an_opinion(story: MakeStory, categories: tuple[str, ...], kind: str) -> None:
    made = story_of(story(*categories), rule(Form.OPINION, "Opinion", "Op-Ed", name="Opinion"))
    assert made.kicker == kind


def test_an_opinion_says_who_its_author_is(story: MakeStory) -> None:
    entry = story("Opinion", author="Ana Ruiz", content="<p>An argument.</p><p>Ana Ruiz tries civil cases.</p>")
    assert story_of(entry, rule(Form.OPINION, "Opinion")).about == "tries civil cases."
    assert story_of(entry, rule(Form.STANDARD, "Opinion")).about == ""


@pytest.mark.parametrize(
    ("amount", "deck"), [(Amount.HEADLINES, ""), (Amount.DECKS, "The first sentence of it."), (Amount.FULL, DECK)]
)
@pytest.mark.parametrize("form", [Form.STANDARD, Form.LEAD, Form.OPINION, Form.FEATURE])
def test_the_theme_says_how_much_stands_under_a_headline(
    story: MakeStory, form: Form, amount: Amount, deck: str
) -> None:
    assert story_of(story("National", summary=DECK), rule(form, "National"), amount).deck == deck


def test_a_picture_that_gmail_does_not_show_is_passed_over(story: MakeStory) -> None:
    drawn = Picture(address="https://docket.example/Plan.SVG?v=1", width=640)
    photo = Picture(address="https://docket.example/plan.jpg", width=640)
    assert story_of(story("National", pictures=(drawn, photo)), rule(Form.STANDARD)).picture == photo
    assert story_of(story("National", pictures=(drawn,)), rule(Form.STANDARD)).picture is None


def test_a_brief_keeps_its_sentence(story: MakeStory) -> None:
    made = story_of(story("In brief", summary=DECK), rule(Form.BRIEF, "In brief"), Amount.HEADLINES)
    assert made.deck == "The first sentence of it."


def test_a_pictures_words_are_left_out_where_they_say_nothing(story: MakeStory) -> None:
    given = Picture(address="https://docket.example/IMG_2041.jpg", width=640, alt="IMG_2041.jpg", credit="None")
    shown = story_of(story("National", pictures=(given,)), rule(Form.STANDARD)).picture
    assert shown
    assert (shown.alt, shown.credit) == ("", "")
