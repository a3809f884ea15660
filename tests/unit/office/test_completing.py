"""Stories completed from their pages: a real store, a real site, and only what is worth asking for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from digest import pipeline
from digest.config.load import load
from digest.edit.issue import EditorsChoices
from digest.model import Entry, FetchedSource, Form, Issue, SourceStatus
from digest.office.completing import MOST_PAGES, Completed, Completing, is_due
from digest.record.archive import Archive
from digest.record.articles import AskedPage
from digest.record.location import url_of
from digest.record.store import Store
from digest.settings import SectionRule
from tests.unit.sources.scripted_site import Site, page, status

DAY = date(2026, 11, 20)
FEED = "https://docket.example/feed"
NOW = datetime(2026, 11, 20, 23, tzinfo=UTC)
REPOSITORY = Path(__file__).resolve().parents[3]
SECTIONS = (
    SectionRule(name="Opinion", categories=("Op-Ed",), form=Form.OPINION),
    SectionRule(name="This week", max=30),
)


class Newsroom:
    """A site whose feed says little, and the store that has read it."""

    def __init__(self, site: Site, store: Store, folder: Path) -> None:
        self.site, self.store, self.now = site, store, NOW
        base = load(REPOSITORY / "digest.toml", {})
        week = replace(base.week, first_issue=None, min_stories=1)
        fetching = replace(base.fetching, private=("127.0.0.1",), pause=0.0, timeout=5.0)
        self.settings = replace(base, sections=SECTIONS, week=week, fetching=fetching)
        self.archive = Archive(folder / "issues")

    def publish(self, *slugs: str, **fields: Any) -> None:
        entries = tuple(
            Entry(
                source="The Docket",
                identity=slug,
                link=self.site.at(f"/{slug}"),
                **{"title": f"Story {slug} of this week", "published": NOW - timedelta(days=2)} | fields,
            )
            for slug in slugs
        )
        found = FetchedSource(name="The Docket", url=FEED, status=SourceStatus.OK, entries=entries)
        self.store.sources.keep(found, now=self.now)

    def complete(self) -> Completed:
        return Completing(self.settings, self.store, lambda: self.now).complete(DAY)

    def issue(self) -> Issue:
        composed = pipeline.compose(
            DAY, self.settings, self.store, self.archive, choices=EditorsChoices(), now=self.now
        )
        return composed.issue

    def asked(self) -> list[str]:
        return sorted(path for path, _ in self.site.asked if path != "/robots.txt")


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    site = Site()
    with Store.open(url_of(tmp_path / "digest.db")) as store:
        yield Newsroom(site, store, tmp_path)
    site.close()


def story(slug: str) -> str:
    return (
        f'<meta property="og:title" content="Headline of {slug}">'
        f'<meta property="og:description" content="Deck of {slug}.">'
        f'<meta property="og:image" content="/{slug}.jpg"><meta name="author" content="Ana Ruiz">'
        f'<meta property="article:section" content="{"Op-Ed" if slug == "column" else "Courts"}">'
    )


def test_what_feeds_leave_out_comes_from_pages_once(newsroom: Newsroom) -> None:
    newsroom.site.acts |= {f"/{slug}": page(story(slug), content_type="text/html") for slug in ("bridge", "untitled")}
    newsroom.publish("bridge")
    newsroom.publish("untitled", title="")
    assert newsroom.complete() == Completed(asked=2, read=2)
    assert newsroom.asked() == ["/bridge", "/untitled"]
    stories = {one.headline: one for one in newsroom.issue().stories}
    assert set(stories) == {"Story bridge of this week", "Headline of untitled"}
    assert all(one.deck.startswith("Deck of") and one.picture for one in stories.values())
    assert newsroom.complete() == Completed()


def test_a_story_that_moves_by_its_section_is_looked_at_again_there(newsroom: Newsroom) -> None:
    newsroom.site.acts["/column"] = page(story("column"))
    newsroom.publish("column")
    newsroom.complete()
    (section,) = newsroom.issue().sections
    assert (section.name, section.stories[0].byline) == ("Opinion", "Ana Ruiz")


def test_a_corrected_entry_is_asked_for_again(newsroom: Newsroom) -> None:
    newsroom.site.acts["/bridge"] = page(story("bridge"))
    newsroom.publish("bridge")
    newsroom.complete()
    newsroom.now += timedelta(minutes=1)
    newsroom.publish("bridge", title="Story bridge, corrected")
    assert newsroom.complete().asked == 1


def test_failures_are_told_and_left_alone_for_a_while(newsroom: Newsroom) -> None:
    newsroom.site.acts |= {"/robots.txt": page("User-agent: *\nDisallow: /closed"), "/gone": status(404)}
    newsroom.publish("closed", "gone")
    found = newsroom.complete()
    assert (found.asked, found.read, found.refused) == (2, 0, 1)
    assert [address for address, _ in found.failed] == [newsroom.site.at("/gone")]
    assert newsroom.complete() == Completed()
    newsroom.now += timedelta(hours=1)
    assert newsroom.complete().asked == 2
    assert len(newsroom.issue().stories) == 2


def test_a_run_asks_for_so_many_pages_and_says_what_it_left(newsroom: Newsroom) -> None:
    newsroom.settings = replace(newsroom.settings, week=replace(newsroom.settings.week, max_stories=100))
    newsroom.publish(*(f"untitled-{number}" for number in range(MOST_PAGES + 5)), title="")
    found = newsroom.complete()
    assert (found.asked, found.left) == (MOST_PAGES, 5)


def test_nothing_is_asked_where_the_configuration_says_so(newsroom: Newsroom) -> None:
    newsroom.settings = replace(newsroom.settings, fetching=replace(newsroom.settings.fetching, articles=False))
    newsroom.publish("bridge", title="")
    assert newsroom.complete() == Completed()
    assert newsroom.site.asked == []


def test_nobody_asks_names_for_examples(newsroom: Newsroom) -> None:
    found = FetchedSource(
        name="The Docket",
        url=FEED,
        status=SourceStatus.OK,
        entries=(Entry(source="The Docket", identity="1", title="", link="https://docket.example/1", published=NOW),),
    )
    newsroom.store.sources.keep(found, now=NOW)
    assert newsroom.complete() == Completed()


@pytest.mark.parametrize(
    ("failures", "minutes", "due"), [(0, 10_000, False), (1, 4, False), (1, 5, True), (2, 9, False), (2, 10, True)]
)
def test_when_a_page_is_asked_for_again(failures: int, minutes: int, due: bool) -> None:
    asked = AskedPage(at=NOW, failures=failures, is_stale=False)
    assert is_due(asked, NOW + timedelta(minutes=minutes)) is due
    assert is_due(replace(asked, is_stale=True), NOW)
    assert is_due(None, NOW)
