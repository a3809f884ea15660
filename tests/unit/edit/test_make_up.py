from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from digest.edit.make_up import make_up, rule_for
from digest.edit.sift import Candidate, candidate
from digest.errors import ConfigurationError
from digest.model import Form, Picture, SeenEntry
from digest.settings import SectionRule

MakeSeen = Callable[..., SeenEntry]
RULES = (
    SectionRule(name="National", categories=("National", "Politics"), max=3),
    SectionRule(name="Courts", categories=("Courts", "Appeals"), max=3),
    SectionRule(name="In brief", categories=("In brief",), max=4, form=Form.BRIEF),
    SectionRule(name="Also this week", max=2),
)


@pytest.fixture
def story(seen: MakeSeen) -> Callable[..., Candidate]:
    return lambda *categories, **fields: candidate(seen(categories=categories, **fields))


MakeStory = Callable[..., Candidate]


def titles(page_sections: object) -> dict[str, list[str]]:
    return {section.name: [story.headline for story in section.stories] for section in page_sections}  # type: ignore[attr-defined]


def test_the_first_section_that_takes_a_category_gets_the_story() -> None:
    assert rule_for(["Appeals", "politics"], RULES).name == "National"
    assert rule_for(["Gardening"], RULES).name == "Also this week"
    assert rule_for([], RULES).name == "Also this week"


def test_the_lead_is_the_newest_with_a_picture_in_the_first_section(story: MakeStory) -> None:
    plain, pictured = story("National"), story("National", picture=True)
    page = make_up([story("Courts", picture=True), plain, pictured], RULES, most=20)
    assert page.lead is not None
    assert page.lead.headline == pictured.title
    assert titles(page.sections)["National"] == [plain.title]


def test_without_a_picture_the_newest_leads_and_briefs_never_do(story: MakeStory) -> None:
    brief, courts = story("In brief", picture=True), story("Courts")
    page = make_up([brief, courts], RULES, most=20)
    assert page.lead is not None
    assert page.lead.headline == courts.title
    assert make_up([brief], RULES, most=20).lead is None


def test_a_section_of_the_form_lead_gives_the_lead(story: MakeStory) -> None:
    rules = (*RULES[:1], SectionRule(name="Front", categories=("Front",), form=Form.LEAD), *RULES[1:])
    front, second = story("Front"), story("Front")
    page = make_up([story("National", picture=True), front, second], rules, most=20)
    assert page.lead is not None
    assert page.lead.headline == front.title
    assert next(section for section in page.sections if section.name == "Front").form is Form.STANDARD


def test_a_pinned_story_leads_under_any_of_its_addresses(story: MakeStory) -> None:
    pinned = story("Courts", link="https://docket.example/pinned/")
    page = make_up(
        [story("National", picture=True), pinned], RULES, most=20, pinned="http://docket.example/pinned?utm_source=x"
    )
    assert page.lead is not None
    assert page.lead.address == "https://docket.example/pinned/"


def test_a_pin_that_fits_nothing_is_an_error_that_says_so(story: MakeStory) -> None:
    with pytest.raises(ConfigurationError, match="gone"):
        make_up([story("National")], RULES, most=20, pinned="https://docket.example/gone/")


def test_sections_are_capped_and_say_so(story: MakeStory) -> None:
    page = make_up([story("Courts") for _ in range(6)], RULES, most=20)
    assert [cut.reason for cut in page.cuts] == ["over the section's 3", "over the section's 3"]
    assert len(page.sections[0].stories) == 3


def test_a_full_issue_costs_no_section_its_place(story: MakeStory) -> None:
    week = [story(name) for name in ("National", "Courts", "In brief") for _ in range(4)]
    page = make_up(week, RULES, most=6)
    assert {name: len(stories) for name, stories in titles(page.sections).items()} == {
        "National": 2,
        "Courts": 2,
        "In brief": 1,
    }
    assert sum(cut.reason == "over the issue's 6" for cut in page.cuts) == 5
    assert len(page.cuts) + 6 == len(week)


def test_every_candidate_is_in_the_issue_or_cut(story: MakeStory) -> None:
    week = [story(name) for name in ("National", "Courts", "In brief", "Other", "Politics") for _ in range(5)]
    page = make_up(week, RULES, most=9)
    placed = [story.entry_key for section in page.sections for story in section.stories]
    placed += [page.lead.entry_key] if page.lead else []
    assert sorted([*placed, *(cut.entry_key for cut in page.cuts)]) == [one.seen.key for one in week]


def test_a_story_is_set_with_clean_copy(story: MakeStory) -> None:
    one = story(
        "National",
        "Water",
        title="Three states &amp; a <em>river</em>",
        author="By Ana Okoro",
        summary="PORT MERROW — A panel ruled.",
        pictures=(
            Picture(address="javascript:alert(1)"),
            Picture(address="https://docket.example/pixel.gif", width=1),
            Picture(address="https://docket.example/r.jpg?utm_source=x", caption="<b>A</b> river", credit="A. B."),
        ),
    )
    lead = make_up([one], RULES, most=20).lead
    assert lead is not None
    assert (lead.headline, lead.deck, lead.place) == ("Three states & a river", "A panel ruled.", "Port Merrow")
    assert (lead.kicker, lead.byline) == ("Water", "Ana Okoro")
    assert lead.picture == Picture(address="https://docket.example/r.jpg", caption="A river", credit="A. B.")


def test_dates_survive(story: MakeStory) -> None:
    one = story("National")
    lead = make_up([one], RULES, most=20).lead
    assert lead is not None
    assert lead.published - one.dated == timedelta(0)
