"""A feed's past, page after page, read from a real server."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from digest.model import Entry, FetchedSource, SourceStatus
from digest.settings import Fetching
from digest.sources.coverage import EVER
from digest.sources.feeds.history import reach
from tests.unit.sources.feeds.past import DAY, HOUR, WordPress, dated, item, rss
from tests.unit.sources.gathered import NOW, WANTED, known_after, read_one
from tests.unit.sources.scripted_site import Site, page, status

WHOLE = replace(WANTED, whole=True)
FRESH = {"whole_at": NOW}
WEEK = [str(number) for number in range(29)]  # what was published since the week began, and the story that began it


@pytest.fixture
def wordpress(site: Site) -> WordPress:
    site.acts["/feed/"] = made = WordPress()
    return made


def identities(found: FetchedSource) -> list[str]:
    return [entry.identity for entry in found.entries]


class TestWordPress:
    def test_is_read_back_to_where_the_week_begins(self, site: Site, wordpress: WordPress) -> None:
        found = read_one(site.at("/feed/"))
        assert set(identities(found)) >= set(WEEK)
        assert (found.complete, found.why) == (True, "every story since the week began")
        assert (found.oldest, found.covered_since) == (dated(29), dated(29))
        assert wordpress.asked == [1, 2, 3, 1]

    def test_past_its_first_story_ends_in_404_and_is_complete(self, site: Site) -> None:
        site.acts["/feed/"] = WordPress(stories=12)
        found = read_one(site.at("/feed/"))
        assert len(found.entries) == 12
        assert (found.complete, found.why, found.covered_since) == (True, "every story that it ever had", EVER)

    def test_costs_one_request_while_nothing_has_changed(self, site: Site, wordpress: WordPress) -> None:
        known = replace(known_after(read_one(site.at("/feed/"))), **FRESH)
        wordpress.asked.clear()
        found = read_one(site.at("/feed/"), known=known)
        assert (found.status, found.complete, wordpress.asked) == (SourceStatus.UNCHANGED, True, [1])

    def test_is_read_no_further_than_to_what_is_known(self, site: Site, wordpress: WordPress) -> None:
        wordpress.stories = wordpress.stories[3:]
        known = replace(known_after(read_one(site.at("/feed/"))), **FRESH)
        wordpress.stories, wordpress.etag = [0, 1, 2, *wordpress.stories], '"2"'
        wordpress.asked.clear()
        found = read_one(site.at("/feed/"), known=known)
        assert (identities(found)[:4], found.complete, wordpress.asked) == (["0", "1", "2", "3"], True, [1])

    def test_after_a_gap_is_read_over_it(self, site: Site, wordpress: WordPress) -> None:
        newer, wordpress.stories = wordpress.stories[:15], wordpress.stories[15:]
        known = replace(known_after(read_one(site.at("/feed/"))), **FRESH)
        wordpress.stories, wordpress.etag = [*newer, *wordpress.stories], '"2"'
        wordpress.asked.clear()
        found = read_one(site.at("/feed/"), known=known)
        assert set(identities(found)) >= {str(number) for number in range(16)}
        assert (found.complete, wordpress.asked) == (True, [1, 2])

    def test_with_a_broken_page_keeps_what_came_and_is_not_complete(self, site: Site, wordpress: WordPress) -> None:
        wordpress.broken = {3}
        found = read_one(site.at("/feed/"))
        assert (found.status, len(found.entries), found.complete) == (SourceStatus.OK, 20, False)
        assert found.why == f"it reaches back to {dated(19):%Y-%m-%d %H:%M} UTC; " + (
            "page 3 could not be read: the server answered 500 Internal Server Error"
        )
        wordpress.broken = set()
        again = read_one(site.at("/feed/"), known=replace(known_after(found), **FRESH))
        assert again.complete
        assert set(identities(again)) >= set(WEEK)

    def test_says_where_its_limit_stopped_it(self, site: Site, wordpress: WordPress) -> None:
        found = read_one(site.at("/feed/"), fetching=Fetching(most_pages=2))
        assert (found.complete, found.pages_read) == (False, 2)
        assert found.why.endswith("; the limit of 2 pages was reached")

    def test_hides_nothing_from_a_whole_look(self, site: Site, wordpress: WordPress) -> None:
        known = replace(known_after(read_one(site.at("/feed/"))), **FRESH)
        wordpress.stories.remove(5)  # and the ETag stays, as WordPress has it
        assert read_one(site.at("/feed/"), known=known).status == SourceStatus.UNCHANGED
        found = read_one(site.at("/feed/"), known=known, wanted=WHOLE)
        assert "5" not in identities(found)
        assert (found.whole, found.whole_since) == (True, WANTED.since)

    def test_is_looked_at_whole_once_a_day(self, site: Site, wordpress: WordPress) -> None:
        known = known_after(read_one(site.at("/feed/")))
        stale = replace(known, whole_at=NOW - DAY)
        assert read_one(site.at("/feed/"), known=stale).whole
        assert read_one(site.at("/feed/"), known=replace(known, **FRESH)).status == SourceStatus.UNCHANGED

    def test_that_changes_under_a_whole_look_loses_no_story_to_it(self, site: Site, wordpress: WordPress) -> None:
        """A story deleted from page 1 draws the first one of page 2 over to page 1, which was read already."""
        known = replace(known_after(read_one(site.at("/feed/"))), **FRESH)
        plain = wordpress.__call__

        def shifting(handler: object) -> None:
            plain(handler)  # type: ignore[arg-type]
            if wordpress.asked[-1] == 1 and 4 in wordpress.stories:
                wordpress.stories.remove(4)

        site.acts["/feed/"] = shifting
        found = read_one(site.at("/feed/"), known=known, wanted=WHOLE)
        assert set(identities(found)) >= set(WEEK) - {"4"}
        assert (found.complete, found.whole_since) == (True, WANTED.since)

    def test_published_under_it_gives_no_story_twice(self, site: Site, wordpress: WordPress) -> None:
        plain = wordpress.__call__

        def growing(handler: object) -> None:
            plain(handler)  # type: ignore[arg-type]
            if wordpress.asked == [1]:
                wordpress.stories.insert(0, 1000)

        site.acts["/feed/"] = growing
        found = read_one(site.at("/feed/"))
        assert len(set(identities(found))) == len(identities(found))
        assert set(identities(found)) >= set(WEEK)


class TestOtherFeeds:
    def test_name_their_next_page(self, site: Site) -> None:
        """RFC 5005, section 3."""
        link = f"<atom:link rel='next' href='{site.at('/older')}'/>"
        site.acts |= {"/feed": page(rss(map(item, range(20)), link)), "/older": page(rss(map(item, range(20, 35))))}
        found = read_one(site.at("/feed"))
        assert (len(found.entries), found.complete) == (35, True)

    def test_name_their_archive(self, site: Site) -> None:
        """RFC 5005, section 4, whose archives never change: they are asked for once."""
        link = f"<atom:link rel='prev-archive' href='{site.at('/2026/46')}'/>"
        archive = page(rss(map(item, range(20, 35))), etag='"46"')
        site.acts |= {"/feed": page(rss(map(item, range(20)), link)), "/2026/46": archive}
        first = read_one(site.at("/feed"))
        assert (len(first.entries), first.complete) == (35, True)
        site.acts["/feed"] = page(rss(map(item, range(1, 20)), link))
        assert read_one(site.at("/feed"), known=known_after(first)).complete
        assert [path for path, _ in site.asked].count("/2026/46") == 1

    def test_in_json_name_their_next_page(self, site: Site) -> None:
        def feed(numbers: range, **more: str) -> str:
            items = [{"id": str(number), "date_published": dated(number).isoformat()} for number in numbers]
            return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "D", "items": items, **more})

        site.acts |= {"/1": page(feed(range(20), next_url=site.at("/2"))), "/2": page(feed(range(20, 35)))}
        found = read_one(site.at("/1"))
        assert (len(found.entries), found.complete, found.through) == (35, True, "feed and its older pages")

    def test_may_be_all_there_is(self, site: Site) -> None:
        """RFC 5005, section 2."""
        site.acts["/feed"] = page(rss(map(item, range(3)), "<fh:complete/>"))
        found = read_one(site.at("/feed"))
        assert (found.complete, found.why) == (True, "every story that it ever had")

    def test_without_a_past_are_complete_only_as_far_as_they_reach(self, site: Site) -> None:
        site.acts["/feed"] = page(rss(map(item, range(10))))
        found = read_one(site.at("/feed"))
        assert (found.complete, found.covered_since) == (False, dated(9))
        assert found.why.endswith("and has no older pages; gather more often")
        assert len(site.asked) == 1

    def test_without_a_past_become_complete_by_being_read_often(self, site: Site) -> None:
        site.acts["/feed"] = page(rss(map(item, range(25, 35))))
        known = known_after(read_one(site.at("/feed")))
        for newest in (20, 15, 8, 0):
            site.acts["/feed"] = page(rss(map(item, range(newest, newest + 10))))
            found = read_one(site.at("/feed"), known=known)
            known = known_after(found, known)
            assert found.complete, found.why

    def test_that_outran_us_are_complete_since_the_gap(self, site: Site) -> None:
        site.acts["/feed"] = page(rss(map(item, range(25, 35))))
        known = known_after(read_one(site.at("/feed")))
        site.acts["/feed"] = page(rss(map(item, range(10))))
        found = read_one(site.at("/feed"), known=known)
        assert (found.complete, found.covered_since) == (False, dated(9))

    def test_that_repeat_their_page_end(self, site: Site) -> None:
        link = f"<atom:link rel='next' href='{site.at('/feed')}?page=2'/>"
        site.acts["/feed"] = page(rss(map(item, range(10)), link))
        found = read_one(site.at("/feed"))
        assert (found.complete, found.pages_read) == (False, 2)
        assert found.why.endswith("its older pages repeat the newer ones")

    @pytest.mark.parametrize(
        ("body", "why"),
        [
            (rss([]), "it holds no entries; is its address right?"),
            (rss(["<item><guid>1</guid><title>T</title></item>"]), "its entries have no dates"),
        ],
    )
    def test_that_say_nothing_are_not_complete(self, site: Site, body: str, why: str) -> None:
        site.acts["/feed"] = page(body)
        found = read_one(site.at("/feed"))
        assert (found.status, found.complete, found.why) == (SourceStatus.OK, False, why)

    def test_lead_nowhere_but_to_web_addresses(self, site: Site) -> None:
        link = "<atom:link rel='next' href='file:///etc/hostname'/>"
        site.acts["/feed"] = page(rss(map(item, range(10)), link))
        assert read_one(site.at("/feed")).pages_read == 1

    def test_whose_past_is_gone_say_so_as_the_end(self, site: Site) -> None:
        link = f"<atom:link rel='next' href='{site.at('/older')}'/>"
        site.acts |= {"/feed": page(rss(map(item, range(10)), link)), "/older": status(404)}
        assert read_one(site.at("/feed")).complete


class TestHowFarAPageReaches:
    def entries(self, *days: float) -> list[Entry]:
        return [
            Entry(source="s", identity=str(number), published=NOW - timedelta(days=day))
            for number, day in enumerate(days)
        ]

    @pytest.mark.parametrize(
        ("days", "reached"),
        [
            ((0, 1, 2, 3), 3),
            ((3, 2, 1, 0), 3),  # the oldest first
            ((90, 0, 1, 2), 2),  # one pinned to the top
            ((0, 1, 2, 20_000), 2),  # one dated wrongly
            ((0, 1, 2, 400), 2),
            ((5,), 5),
        ],
    )
    def test_is_the_date_of_its_last_story(self, days: tuple[float, ...], reached: float) -> None:
        assert reach(self.entries(*days)) == NOW - timedelta(days=reached)

    def test_is_unknown_without_dates(self) -> None:
        assert reach([Entry(source="s", identity="1")]) is None
        assert reach([]) is None


def test_hours_matter(site: Site) -> None:
    site.acts["/feed"] = page(rss([item(1, WANTED.since + HOUR)]))
    assert not read_one(site.at("/feed")).complete
    site.acts["/feed"] = page(rss([item(1, WANTED.since)]))
    assert read_one(site.at("/feed")).complete
