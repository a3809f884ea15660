from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from digest.edit.sift import Candidate, effective_date, sift
from digest.model import ArticlePage, Cut, SeenEntry, Window
from digest.settings import Exclusions

MakeSeen = Callable[..., SeenEntry]
NOTHING = Exclusions()


def sifted(
    entries: list[SeenEntry], week: Window, *, exclusions: Exclusions = NOTHING, ran: dict[str, str] | None = None
) -> tuple[tuple[Candidate, ...], tuple[Cut, ...]]:
    return sift(entries, window=week, exclusions=exclusions, ran=ran or {}, sources=["The Docket", "Sister"])


def reasons(cuts: tuple[Cut, ...]) -> list[str]:
    return [cut.reason for cut in cuts]


def test_newest_first(seen: MakeSeen, week: Window) -> None:
    older = seen(first_seen=week.closes - timedelta(days=3))
    newer = seen(first_seen=week.closes - timedelta(days=1))
    kept, cuts = sifted([older, newer], week)
    assert [one.seen for one in kept] == [newer, older]
    assert cuts == ()


def test_a_date_that_is_missing_or_in_the_future_gives_way_to_the_first_sight(seen: MakeSeen, week: Window) -> None:
    undated = seen(published=None)
    future = seen(published=datetime(2031, 1, 1, tzinfo=UTC))
    assert effective_date(undated) == undated.first_seen
    assert effective_date(future) == future.first_seen
    assert len(sifted([undated, future], week)[0]) == 2


def test_a_back_dated_story_of_a_known_source_is_not_lost(seen: MakeSeen, week: Window) -> None:
    back_dated = seen(published=week.opens - timedelta(days=8))
    assert [one.seen for one in sifted([back_dated], week)[0]] == [back_dated]


def test_the_old_stories_of_a_new_source_are_not_this_week_s(seen: MakeSeen, week: Window) -> None:
    tuesday = week.opens + timedelta(days=4)
    old = seen(published=datetime(2026, 10, 1, 9, tzinfo=UTC), first_seen=tuesday, source_since=tuesday)
    kept, cuts = sifted([old], week)
    assert kept == ()
    assert reasons(cuts) == ["published before the week (2026-10-01) and its source is new"]


def test_of_addresses_without_anything_else_those_are_new_that_were_not_there_at_first(
    seen: MakeSeen, week: Window
) -> None:
    for monday in (week.opens + timedelta(days=3), week.closes + timedelta(days=3)):
        alone = {"title": "", "content": "", "published": None, "source_since": monday}
        _, cuts = sifted([seen(**alone, first_seen=monday)], week)
        assert reasons(cuts) == ["listed without a date, and its source is new"]
    monday = week.opens + timedelta(days=3)
    later = seen(title="", content="", published=None, source_since=monday, first_seen=monday + timedelta(hours=1))
    assert reasons(sifted([later], week)[1]) == ["no headline"]


@pytest.mark.parametrize(("days", "is_new"), [(2, True), (400, False)])
def test_an_old_story_that_was_touched_does_not_come_up_again_by_its_sitemap(
    seen: MakeSeen, week: Window, days: int, is_new: bool
) -> None:
    published = week.opens - timedelta(days=days)
    touched = seen(title="", content="", published=None, updated=week.opens + timedelta(days=1))
    told = ArticlePage(address="https://docket.example/1/", title="Toll bridge contract upheld", published=published)
    kept, cuts = sifted([replace(touched, page=told)], week)
    assert len(kept) == is_new
    assert reasons(cuts) == ([] if is_new else [f"published before the week ({published:%Y-%m-%d}), says its page"])


def test_a_back_dated_story_in_a_source_s_first_week_is_not_lost(seen: MakeSeen, week: Window) -> None:
    monday, tuesday = week.opens + timedelta(days=3), week.opens + timedelta(days=4)
    back_dated = seen(published=datetime(2026, 11, 1, tzinfo=UTC), first_seen=tuesday, source_since=monday)
    assert [one.seen for one in sifted([back_dated], week)[0]] == [back_dated]


def test_what_comes_after_the_close_waits_for_the_next_issue(seen: MakeSeen, week: Window) -> None:
    early = seen(published=week.closes + timedelta(minutes=5), first_seen=week.closes + timedelta(minutes=6))
    kept, cuts = sifted([early], week)
    assert kept == ()
    assert reasons(cuts) == ["after the week closed"]
    assert not cuts[0].settled


def test_a_story_published_in_time_but_seen_late_is_in(seen: MakeSeen, week: Window) -> None:
    late = seen(published=week.closes - timedelta(minutes=5), first_seen=week.closes + timedelta(minutes=6))
    assert len(sifted([late], week)[0]) == 1


def test_an_undated_story_of_a_first_gather_after_the_close_is_in(seen: MakeSeen, week: Window) -> None:
    after = week.closes + timedelta(days=2)
    assert len(sifted([seen(published=None, first_seen=after, source_since=after)], week)[0]) == 1


def test_exclusions_by_category_and_title_pattern(seen: MakeSeen, week: Window) -> None:
    unwanted = Exclusions(categories=("podcast",), titles=("Closing Arguments:*",))
    entries = [
        seen(categories=("National", "Podcast")),
        seen(title="closing arguments: the week"),
        seen(title="On Closing Arguments"),
    ]
    kept, cuts = sifted(entries, week, exclusions=unwanted)
    assert [one.title for one in kept] == ["On Closing Arguments"]
    assert reasons(cuts) == ["excluded: category Podcast", "excluded: title Closing Arguments:*"]


def test_square_brackets_in_a_title_pattern_are_just_brackets(seen: MakeSeen, week: Window) -> None:
    entries = [seen(title="[Sponsored] Buy a bridge"), seen(title="Senate votes on the bridge")]
    kept, _ = sifted(entries, week, exclusions=Exclusions(titles=("[Sponsored]*",)))
    assert [one.title for one in kept] == ["Senate votes on the bridge"]


def test_a_story_that_ran_does_not_run_again(seen: MakeSeen, week: Window) -> None:
    entries = [seen(ran_in="2026-11-13"), seen(link="http://www.docket.example/old?utm_source=x")]
    kept, cuts = sifted(entries, week, ran={"docket.example/old": "2026-11-06"})
    assert kept == ()
    assert reasons(cuts) == ["ran in 2026-11-13", "ran in 2026-11-06"]


def test_unusable_entries_are_named_not_dropped(seen: MakeSeen, week: Window) -> None:
    entries = [seen(title=" "), seen(link="javascript:alert(1)")]
    assert reasons(sifted(entries, week)[1]) == ["no headline", "no address that a reader could open"]


def test_a_story_under_many_addresses_is_one(seen: MakeSeen, week: Window) -> None:
    links = ["https://docket.example/a/", "http://docket.example/a", "https://docket.example/a/?amp&utm_source=x"]
    kept, cuts = sifted([seen(link=link) for link in links], week)
    assert len(kept) == 1
    assert reasons(cuts) == ["duplicate of https://docket.example/a/"] * 2


def test_the_same_guid_in_two_feeds_is_one_story(seen: MakeSeen, week: Window) -> None:
    guid = "https://docket.example/?p=7"
    entries = [
        seen(source="Sister", identity=guid, link="https://sister.example/x/"),
        seen(identity=guid, link="https://docket.example/x/"),
    ]
    kept, cuts = sifted(entries, week)
    assert [one.entry.source for one in kept] == ["The Docket"]
    assert reasons(cuts) == ["duplicate of https://docket.example/x/"]


def test_the_sister_s_copy_is_found_by_headline_and_opening(seen: MakeSeen, week: Window) -> None:
    title, body = "Oyster bed ruling stands", "<p>PORT MERROW — Two families share a flat of mud.</p>"
    entries = [
        seen(title=title, content=body),
        seen(title="Oyster Bed Ruling Stands", content=body, source="Sister", link="https://sister.example/oyster/"),
    ]
    kept, cuts = sifted(entries, week)
    assert len(kept) == 1
    assert cuts[0].address == "https://sister.example/oyster/"


def test_short_or_equal_headlines_with_other_text_are_other_stories(seen: MakeSeen, week: Window) -> None:
    entries = [
        seen(title="Corrections", content="<p>On Monday we had a name wrong, and are sorry.</p>"),
        seen(title="Corrections", content="<p>On Tuesday we had a name wrong, and are sorry.</p>"),
        seen(title="County board meets again tonight", content="<p>Budget figures are on the table once more.</p>"),
        seen(title="County board meets again tonight", content="<p>The bridge is on the table once more.</p>"),
    ]
    assert len(sifted(entries, week)[0]) == 4
