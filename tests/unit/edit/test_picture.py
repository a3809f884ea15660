"""Which picture a story shows, by what is known of its pictures and whose they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from digest.edit.make_up import make_up
from digest.edit.picture import Gallery, addresses_of, passed_over, picture_of, with_print
from digest.edit.sift import candidate
from digest.model import ArticlePage, Entry, Form, Picture, SeenEntry
from digest.model.pictures import Crop, KnownPicture, Print
from digest.settings import SectionRule

MakeSeen = Callable[..., SeenEntry]
FIRST, SECOND = "https://docket.example/1.jpg", "https://docket.example/2.jpg"
RULES = (SectionRule(name="Courts", categories=("Courts",)), SectionRule(name="Also this week"))
MADE = Print(name=f"{'a' * 64}.jpg", width=1120, height=630, size=90_000)


def entry(*pictures: Picture) -> Entry:
    return Entry(source="The Docket", identity="1", pictures=pictures)


def refused(address: str, *crops: Crop, reason: str = "a banner") -> Gallery:
    return Gallery(known={address: KnownPicture(address=address, reasons=dict.fromkeys(crops or tuple(Crop), reason))})


BOTH = entry(Picture(address=FIRST), Picture(address=SECOND))


def test_while_nothing_is_known_the_first_is_taken() -> None:
    assert picture_of(BOTH) == Picture(address=FIRST)


def test_a_refused_picture_makes_room_for_the_next() -> None:
    gallery = refused(FIRST)
    assert picture_of(BOTH, Crop.STORY, gallery) == Picture(address=SECOND)
    assert list(passed_over(BOTH, Crop.STORY, gallery)) == [(FIRST, "a banner")]


def test_a_picture_may_do_for_a_story_and_not_for_the_lead() -> None:
    gallery = refused(FIRST, Crop.LEAD)
    assert picture_of(BOTH, Crop.LEAD, gallery) == Picture(address=SECOND)
    assert picture_of(BOTH, Crop.STORY, gallery) == Picture(address=FIRST)


def test_an_agency_s_picture_is_passed_over_without_a_licence() -> None:
    one = entry(Picture(address=FIRST, credit="Jane Doe/AP"))
    assert picture_of(one) is None
    ((address, reason),) = passed_over(one, Crop.STORY, Gallery())
    assert (address, "AP" in reason, "pictures.licensed" in reason) == (FIRST, True, True)
    assert picture_of(one, gallery=Gallery(licensed=("AP",))) == Picture(address=FIRST, credit="Jane Doe/AP")


def test_what_comes_after_the_picture_that_is_shown_is_not_passed_over() -> None:
    assert list(passed_over(BOTH, Crop.STORY, refused(SECOND))) == []


def test_a_story_whose_picture_was_refused_does_not_lead_for_it(seen: MakeSeen) -> None:
    newest = seen(categories=("Courts",), pictures=(Picture(address=FIRST),))
    older = seen(categories=("Courts",), pictures=(Picture(address=SECOND),))
    week = [candidate(newest), candidate(older)]
    page = make_up(week, RULES, most=20, gallery=refused(FIRST, Crop.LEAD))
    assert page.lead is not None
    assert page.lead.entry_key == older.key
    assert page.sections[0].stories[0].picture == Picture(address=FIRST)


def test_the_page_says_what_its_stories_do_not_show(seen: MakeSeen) -> None:
    one = candidate(seen(categories=("Courts",), pictures=(Picture(address=FIRST),)))
    page = make_up([one], RULES, most=20, gallery=refused(FIRST))
    (said,) = page.passed_over
    assert (said.headline, said.address, said.reason, said.alone) == (one.title, FIRST, "a banner", True)


def test_the_second_story_of_a_leading_section_is_cut_like_any_story(seen: MakeSeen) -> None:
    rules = (SectionRule(name="Front", categories=("Front",), form=Form.LEAD), SectionRule(name="Also this week"))
    week = [candidate(seen(categories=("Front",), pictures=(Picture(address=SECOND),))) for _ in range(2)]
    page = make_up(week, rules, most=20, gallery=refused(SECOND, Crop.LEAD))
    assert page.lead is not None
    assert page.lead.picture is None
    assert page.sections[0].stories[0].picture is not None


def test_the_addresses_are_those_of_entries_and_of_their_pages(seen: MakeSeen) -> None:
    page = ArticlePage(address="https://docket.example/1/", picture=Picture(address=f"{SECOND}?utm_source=x"))
    one = replace(seen(pictures=(Picture(address=FIRST), Picture(address="javascript:1"))), page=page)
    assert addresses_of([one]) == {FIRST, SECOND}


def test_a_print_has_its_own_place_and_size(seen: MakeSeen) -> None:
    story = make_up([candidate(seen(picture=True))], RULES[1:], most=20).lead
    assert story is not None
    known = KnownPicture(address=FIRST, width=3000, height=2000, prints={Crop.LEAD: MADE})
    shown = with_print(story, known, MADE, f"https://letters.docket.example/{MADE.name}")
    assert shown.picture == Picture(address=f"https://letters.docket.example/{MADE.name}", width=1120, height=630)
    assert shown.print == MADE.name


def test_at_its_own_address_a_picture_is_as_large_as_it_is_there(seen: MakeSeen) -> None:
    story = make_up([candidate(seen(picture=True))], RULES[1:], most=20).lead
    assert story is not None
    known = KnownPicture(address=FIRST, width=3000, height=2000, prints={Crop.LEAD: MADE})
    shown = with_print(story, known, MADE, "")
    assert shown.picture is not None
    assert story.picture is not None
    assert (shown.picture.address, shown.picture.width, shown.print) == (story.picture.address, 3000, MADE.name)
