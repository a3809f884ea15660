"""WordPress's REST interface as a source, read from a real server with its manners."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from digest.model import FetchedSource, KnownSource, SourceKind, SourceStatus
from digest.settings import Fetching, Source
from tests.unit.sources.gathered import NOTHING, NOW, WANTED, known_after, read_sources
from tests.unit.sources.scripted_site import Act, Site, cut_after, in_turn, page, status
from tests.unit.sources.site.rest import DEEP, HOUR, Rest, error, post

WEEK = 7 * 24
POSTS = "/wp-json/wp/v2/posts"


@pytest.fixture
def rest(site: Site) -> Rest:
    """Posts every four hours for ten days; the front page names the interface."""
    site.acts[POSTS] = made = Rest(*(post(number) for number in range(1, 240, 4)))
    site.acts["/"] = page("<html></html>", link=f'<{site.at("/wp-json/")}>; rel="https://api.w.org/"')
    return made


def read(site: Site, *, known: KnownSource = NOTHING, whole: bool = False, most_pages: int = 60) -> FetchedSource:
    source = Source(name="s", feed=site.at("/"), kind=SourceKind.WORDPRESS)
    wanted = replace(WANTED, whole=whole)
    (found,) = read_sources(source, known=known, wanted=wanted, fetching=Fetching(timeout=2, most_pages=most_pages))
    return found


def identities(found: FetchedSource) -> set[int]:
    return {int(entry.identity.rpartition("=")[2]) for entry in found.entries}


def test_the_week_is_read_and_nothing_older(site: Site, rest: Rest) -> None:
    found = read(site)
    assert identities(found) == set(range(1, WEEK, 4))
    assert (found.status, found.through, found.complete) == (SourceStatus.OK, "REST", True)
    assert found.why == "all 42 posts since the week began, as the site counts them"
    assert (found.covered_since, found.whole_since, found.whole) == (WANTED.since, WANTED.since, True)
    assert found.api == site.at("/wp-json/")


def test_a_little_earlier_is_asked_because_of_the_hour_that_comes_twice(site: Site, rest: Rest) -> None:
    read(site)
    assert rest.asked[-1]["after"] == "2026-11-13T13:04:59Z"
    assert (rest.asked[-1]["per_page"], rest.asked[-1]["orderby"]) == ("100", "id")


def test_no_news_cost_one_small_question(site: Site, rest: Rest) -> None:
    known = known_after(read(site))
    rest.asked.clear()
    found = read(site, known=known)
    assert (found.status, found.complete, len(rest.asked)) == (SourceStatus.UNCHANGED, True, 1)
    assert rest.asked[0]["per_page"] == "1"


@pytest.mark.parametrize("why", ["whole", "stale", "uncovered"])
def test_no_news_are_not_believed_always(site: Site, rest: Rest, why: str) -> None:
    known = known_after(read(site))
    known = {
        "whole": known,
        "stale": replace(known, whole_at=NOW - timedelta(days=1)),
        "uncovered": replace(known, covered_since=WANTED.since + HOUR),
    }[why]
    rest.posts.pop(5)
    found = read(site, known=known, whole=why == "whole")
    assert (found.status, found.whole_since, len(found.entries)) == (SourceStatus.OK, WANTED.since, 41)


def test_a_quiet_week_is_complete(site: Site, rest: Rest) -> None:
    rest.posts = [post(500)]
    found = read(site)
    assert (found.status, found.complete, found.why) == (SourceStatus.OK, True, "the site has no posts of the week")


def test_a_site_that_does_not_count_is_read_to_its_end(site: Site, rest: Rest) -> None:
    rest.tells = False
    found = read(site)
    assert (len(found.entries), found.complete) == (42, True)
    assert found.why.endswith("until the site had no more")


def test_the_limit_of_pages_leaves_a_week_incomplete(site: Site, rest: Rest) -> None:
    rest.most = 20
    found = read(site, most_pages=2)
    assert (len(found.entries), found.complete, found.whole_since) == (38, False, None)
    assert found.why == "38 posts of the week were read before the limit of pages was reached"


class TestWeakServers:
    def test_that_give_fewer_at_once_are_asked_for_fewer(self, site: Site, rest: Rest) -> None:
        rest.most = 20
        found = read(site)
        assert (len(found.entries), found.complete) == (42, True)
        assert [asked["per_page"] for asked in rest.asked[1:]] == ["100", "20", "20", "20"]

    @pytest.mark.parametrize(
        "act", [status(500), cut_after(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n[{"), page('[{"id": 1, "ti')]
    )
    def test_that_break_down_over_many_are_asked_for_fewer(self, site: Site, rest: Rest, act: Act) -> None:
        """Also one whose PHP ends in the middle of the answer."""
        site.acts[POSTS] = lambda handler: (act if "per_page=100" in handler.path else rest)(handler)
        found = read(site)
        assert (len(found.entries), found.complete) == (42, True)

    def test_that_know_no_inner_fields_are_asked_for_everything(self, site: Site, rest: Rest) -> None:
        bare = [{name: value for name, value in each.items() if name != DEEP} for each in rest.posts]
        whole, rest_posts = rest.posts, rest

        def old(handler: object) -> None:
            rest_posts.posts = bare if "_fields" in handler.path else whole  # type: ignore[attr-defined]
            rest_posts(handler)  # type: ignore[arg-type]

        site.acts[POSTS] = old
        found = read(site)
        assert (found.complete, {entry.author for entry in found.entries}) == (True, {"Ada Brandt"})
        assert "_fields" not in rest.asked[-1]


class TestOlderStories:
    """Changed ones come with the week, if they are in the store."""

    def known(self, site: Site) -> KnownSource:
        return replace(known_after(read(site)), covered_since=NOW - 220 * HOUR, whole_at=NOW - 48 * HOUR)

    def test_that_were_changed_since_the_last_whole_look_come_too(self, site: Site, rest: Rest) -> None:
        known = self.known(site)
        rest.posts = [*rest.posts[:50], post(201, modified_gmt=f"{NOW - HOUR:%Y-%m-%dT%H:%M:%S}"), *rest.posts[51:]]
        found = read(site, known=known, whole=True)
        assert identities(found) == {*range(1, WEEK, 4), 201}
        assert (found.complete, found.warnings) == (True, ())
        assert found.why.startswith("all 42 posts")

    def test_that_the_store_does_not_hold_stay_out(self, site: Site, rest: Rest) -> None:
        """To us they would be new, and run as such."""
        known = self.known(site)
        rest.posts.append(post(230, modified_gmt=f"{NOW - HOUR:%Y-%m-%dT%H:%M:%S}"))
        assert 230 not in identities(read(site, known=known, whole=True))

    def test_are_not_taken_from_a_wordpress_that_gives_them_all(self, site: Site, rest: Rest) -> None:
        known = self.known(site)
        rest.knows_modified_after = False
        found = read(site, known=known, whole=True)
        assert identities(found) == set(range(1, WEEK, 4))
        assert rest.asked[-1]["per_page"] == "20"

    def test_that_cannot_be_asked_for_are_a_warning(self, site: Site, rest: Rest) -> None:
        known = self.known(site)
        rest.asked.clear()
        rest.broken[3] = error(403, "rest_forbidden", "No.")
        found = read(site, known=known, whole=True)
        assert (found.complete, len(found.entries)) == (True, 42)
        assert found.warnings == (
            "whether older stories were changed could not be asked: its REST interface is closed (403: No)",
        )


def test_what_lies_before_the_week_stays_covered_where_the_readings_meet(site: Site, rest: Rest) -> None:
    known = replace(known_after(read(site)), covered_since=NOW - 300 * HOUR)
    assert read(site, known=known, whole=True).covered_since == NOW - 300 * HOUR
    apart = replace(known, newest=WANTED.since - HOUR)
    assert read(site, known=apart, whole=True).covered_since == WANTED.since


REFUSALS = [
    (error(401, "rest_disabled", "Signed-in users only."), "its REST interface is closed (401: Signed-in users only)"),
    (status(403), "its REST interface is closed (403)"),
    (status(404), "it has no REST interface at "),
    (page("<!doctype html><title>Hello</title>", content_type="text/html"), "answered with an HTML page"),
    (page(" "), "answered with nothing"),
    (page('[{"id": 1'), "answered with broken JSON"),
    (page('{"code": "rest_disabled", "message": "off"}'), "something else than a list (rest_disabled)"),
    (page('["posts"]'), "something else than a list"),
    (page("[" * 100_000), "nested too deep"),
    (page('[{"id": 1}]', x_wp_total="1"), "tells neither authors nor categories"),
]


@pytest.mark.parametrize(("act", "words"), REFUSALS)
@pytest.mark.parametrize("question", [1, 2])
def test_an_interface_that_does_not_serve_is_told_in_words_and_the_feed_is_read(
    site: Site, rest: Rest, act: Act, words: str, question: int
) -> None:
    """Whether at once or half-way, for the second question comes after the first has told of the newest change."""
    if words.startswith("tells") and question == 1:
        question = 2
    site.acts[POSTS] = in_turn(*[rest] * (question - 1), act)
    item = "<item><guid>1</guid><title>Ferry</title><pubDate>Fri, 20 Nov 2026 08:00:00 +0000</pubDate></item>"
    site.acts["/feed/"] = page(f"<rss version='2.0'><channel><title>L</title>{item}</channel></rss>")
    found = read(site)
    assert (found.status, found.url, found.through, found.complete) == (SourceStatus.OK, site.at("/"), "feed", False)
    assert [entry.identity for entry in found.entries] == ["1"]
    (told,) = found.warnings
    assert told.startswith("read as a feed, because REST did not serve: ")
    assert words in told


def test_without_a_feed_either_the_refusal_is_told(site: Site, rest: Rest) -> None:
    site.acts[POSTS] = status(403)
    found = read(site)
    assert (found.status, found.entries) == (SourceStatus.FAILED, ())
    assert found.error.startswith("its REST interface is closed (403); its feed is the way back")
