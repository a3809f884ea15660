"""What an entry leaves out comes from its page; what it says stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from digest.edit import copy
from digest.edit.completed import House, completed, house_of
from digest.edit.sift import sift
from digest.model import ArticlePage, Entry, Picture, SeenEntry, Window
from digest.settings import Exclusions

MakeSeen = Callable[..., SeenEntry]
WHEN = datetime(2026, 11, 16, 9, tzinfo=UTC)
PAGE = ArticlePage(
    address="https://docket.example/1/",
    canonical="https://docket.example/a-bridge/",
    title="A bridge is closed",
    description="The bridge over the Quill is closed for the winter.",
    section="Roads",
    authors=("Ana Ruiz", "Bo Lind"),
    published=WHEN,
    picture=Picture(address="https://docket.example/bridge.jpg", width=1200),
    opening="QUILL CREEK — The bridge closed on Monday. Nobody knows for how long.\n\nA ferry runs until then.",
)
BARE: dict[str, Any] = {"title": "", "content": "", "summary": "", "published": None}


def filled(seen: SeenEntry, page: ArticlePage = PAGE, house: House = House()) -> Entry:  # noqa: B008 - frozen
    return completed(replace(seen, page=page), house).entry


def test_a_bare_entry_gets_all_that_its_page_says(seen: MakeSeen) -> None:
    entry = filled(seen(**BARE))
    assert entry.title == "A bridge is closed"
    assert copy.deck(entry, entry.title, limit=300) == "The bridge over the Quill is closed for the winter."
    assert copy.byline(entry.author) == "Ana Ruiz, Bo Lind"
    assert entry.categories == ("Roads",)
    assert entry.published == WHEN
    assert entry.pictures == (PAGE.picture,)


def test_what_an_entry_says_stays(seen: MakeSeen) -> None:
    own = seen(author="Cy Mott", categories=("Courts",), summary="A judge looked at the bridge.", picture=True)
    entry = filled(own)
    assert replace(entry, pictures=own.entry.pictures) == own.entry
    assert entry.pictures[0] == own.entry.pictures[0]


def test_an_entry_whose_page_was_not_asked_stays_as_it_is(seen: MakeSeen) -> None:
    one = seen(**BARE)
    assert completed(one, House()) is one


@pytest.mark.parametrize(
    "description",
    ["", "A bridge is closed", "The bridge over the Quill is […]", "The post A bridge appeared first on The Docket"],
)
def test_the_opening_stands_in_for_a_description_without_its_dateline(seen: MakeSeen, description: str) -> None:
    entry = filled(seen(**BARE), replace(PAGE, description=description))
    assert copy.deck(entry, entry.title, limit=60) == "The bridge closed on Monday. Nobody knows for how long."


def test_an_excerpt_that_was_cut_off_gives_way(seen: MakeSeen) -> None:
    entry = filled(seen(**BARE | {"title": "A bridge", "summary": "The bridge over the Quill has been [&hellip;]"}))
    assert copy.deck(entry, entry.title, limit=300) == PAGE.description


def test_an_excerpt_is_better_than_nothing(seen: MakeSeen) -> None:
    one = seen(**BARE | {"title": "A bridge", "summary": "The bridge over the Quill has been [&hellip;]"})
    assert filled(one, ArticlePage(address=PAGE.address)).summary == one.entry.summary


def test_less_than_signs_of_a_text_are_no_markup(seen: MakeSeen) -> None:
    entry = filled(seen(**BARE), replace(PAGE, description="", opening="Of the bridges <5 are older than ours is."))
    assert copy.deck(entry, entry.title, limit=300) == "Of the bridges <5 are older than ours is."


def test_what_several_pages_say_is_said_of_their_site(seen: MakeSeen) -> None:
    pages = [replace(PAGE, title=f"Story {number}") for number in range(2)]
    house = house_of(replace(seen(), page=page) for page in pages)
    entry = filled(seen(**BARE), pages[0], house)
    assert entry.pictures == ()
    assert copy.deck(entry, entry.title, limit=60).startswith("The bridge closed on Monday.")


def test_one_story_on_two_pages_is_no_site(seen: MakeSeen) -> None:
    assert house_of(replace(seen(), page=PAGE) for _ in range(2)) == House()


def sifted(entries: list[SeenEntry], week: Window, ran: dict[str, str] | None = None) -> tuple[list[str], list[str]]:
    kept, cuts = sift(entries, window=week, exclusions=Exclusions(), ran=ran or {}, sources=["The Docket"])
    return [one.title for one in kept], [cut.reason for cut in cuts]


def test_an_entry_without_a_headline_becomes_a_story(seen: MakeSeen, week: Window) -> None:
    assert sifted([seen(**BARE)], week) == ([], ["no headline"])
    assert sifted([replace(seen(**BARE), page=PAGE)], week) == (["A bridge is closed"], [])


def test_the_address_that_a_page_calls_its_own_tells_a_story_once(seen: MakeSeen, week: Window) -> None:
    first = seen(link="https://docket.example/a-bridge", title="One headline of it")
    again = replace(seen(link="https://docket.example/?p=7", title="Another headline altogether"), page=PAGE)
    kept, reasons = sifted([first, again], week)
    assert kept == ["One headline of it"]
    assert reasons == ["duplicate of https://docket.example/a-bridge"]
    assert sifted([again], week, {"docket.example/a-bridge": "2026-11-13"})[1] == ["ran in 2026-11-13"]


def test_an_address_on_every_page_of_a_site_makes_no_duplicates(seen: MakeSeen, week: Window) -> None:
    entries = [replace(seen(), page=replace(PAGE, title=f"Story {number}")) for number in range(3)]
    assert len(sifted(entries, week)[0]) == 3


def test_the_date_of_a_page_tells_that_a_story_is_old(seen: MakeSeen, week: Window) -> None:
    new_source = seen(
        published=None, source_since=week.opens + timedelta(days=1), first_seen=week.opens + timedelta(days=1)
    )
    old = replace(new_source, page=replace(PAGE, published=week.opens - timedelta(days=400)))
    assert "and its source is new" in sifted([old], week)[1][0]
