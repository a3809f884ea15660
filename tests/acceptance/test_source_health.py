"""How sources stand, by the real command: complete, silent, failing, gone; and what was corrected after it ran."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.acceptance.publication import Publication
from tests.unit.sources.scripted_site import Site, page, status

NOW = datetime.now(UTC)


@pytest.fixture
def newsroom(sample: Publication, site: Site) -> Publication:
    """The sample's settings with a site's feed as the only source."""
    sample.read_from({"The Docket": site.at("/feed")}, more="[fetch]\npause = 0\n")
    sample.configure("first_issue = 2026-11-20", "#")
    return sample


def feed(*hours_ago: float, **titles: str) -> str:
    items = "".join(
        f"<item><guid>{number}</guid><title>{titles.get(f'n{number}', f'The court decided case {number} this week')}"
        f"</title><link>https://docket.example/{number}/</link><category>National</category>"
        f"<description>The decision in case {number} was read aloud on the steps.</description>"
        f"<pubDate>{format_datetime(NOW - timedelta(hours=hours))}</pubDate></item>"
        for number, hours in enumerate(hours_ago)
    )
    return f"<rss version='2.0'><channel><title>The Docket</title>{items}</channel></rss>"


def test_a_source_is_told_to_be_incomplete_until_it_is_covered(newsroom: Publication, site: Site) -> None:
    site.acts["/feed"] = page(feed(1, 2, 3))
    gathered = newsroom.run("gather").stdout
    assert "ok        The Docket: 3 entries, 3 new, 0 updated, 0 unchanged; back to" in gathered
    assert "not complete for the week: it reaches back to" in gathered
    assert "The Docket is not complete for the week: it reaches back to" in newsroom.run("sources").stdout
    site.acts["/feed"] = page(feed(1, 2, 3, 24 * 15))
    (source,) = newsroom.json("gather")["sources"]
    assert (source["complete"], source["why"], source["unchanged"]) == (True, "every story since the week began", 3)
    (standing,) = newsroom.json("sources")["sources"]
    assert (standing["complete"], standing["this_week"]) == (True, 3)


def test_a_source_that_fails_is_asked_less_often_and_told_of(newsroom: Publication, site: Site) -> None:
    site.acts["/feed"] = status(500)
    for _ in range(2):
        newsroom.run("gather", expect=9)
    asked = len(site.asked)
    waiting = newsroom.run("gather", expect=9).stdout
    assert "waiting   The Docket: 2 failures in a row; it is asked again after" in waiting
    assert len(site.asked) == asked
    told = newsroom.run("sources").stdout
    assert "The Docket has failed 2 times since" in told
    assert "the server answered 500 Internal Server Error" in told
    site.acts["/feed"] = page(feed(1, 24 * 15))
    assert "2 new" in newsroom.run("gather", "--whole").stdout


def test_a_source_that_is_gone_for_good_is_retired(newsroom: Publication, site: Site) -> None:
    site.acts["/feed"] = status(410)
    newsroom.run("gather", expect=9)
    asked = len(site.asked)
    assert "retired   The Docket: its server said on" in newsroom.run("gather", expect=9).stdout
    assert len(site.asked) == asked
    assert "is gone for good since" in newsroom.run("sources").stdout


def test_a_server_that_asks_to_be_left_alone_is(newsroom: Publication, site: Site) -> None:
    site.acts["/feed"] = page("", 429, retry_after="3600")
    newsroom.run("gather", expect=9)
    asked = len(site.asked)
    assert "its server asked to be left alone until" in newsroom.run("gather", "--whole", expect=9).stdout
    assert len(site.asked) == asked


def test_a_source_without_stories_this_week_is_silent(newsroom: Publication, site: Site) -> None:
    weeks = [24 * 7 * week + hour for week in range(2, 6) for hour in (0, 5, 10, 15)]
    site.acts["/feed"] = page(feed(*weeks))
    newsroom.run("gather")
    assert "The Docket has nothing this week, and 4 stories in others" in newsroom.run("sources").stdout
    assert "National has no stories so far" in newsroom.run("sources").stdout


def test_a_correction_after_the_issue_went_out_is_noted_with_it(newsroom: Publication, site: Site) -> None:
    newsroom.configure("min_stories = 5", "min_stories = 1")
    hours = (1, 2, 3, 24 * 15)
    site.acts["/feed"] = page(feed(*hours))
    newsroom.run("gather")
    made = newsroom.json("compose")
    newsroom.run("send", "--yes", "--despite", "links.dead")
    before = {path.name: path.read_bytes() for path in (newsroom.folder / "issues" / made["issue"]).glob("issue.*")}
    site.acts["/feed"] = page(feed(*hours, n1="The court decided nothing"))
    told = newsroom.run("gather").stdout
    note = f"corrected after it ran in {made['issue']}: “The court decided case 1 this week”, now “The court decided"
    assert note in told
    kept = newsroom.folder / "issues" / made["issue"]
    assert "now it is “The court decided nothing”" in (kept / "corrections.txt").read_text(encoding="utf-8")
    assert {path.name: path.read_bytes() for path in kept.glob("issue.*")} == before
    assert newsroom.json("status", made["issue"])["corrections"][0]["after"] == "The court decided nothing"
    assert "now “The court decided nothing”" in newsroom.run("status", made["issue"]).stdout
