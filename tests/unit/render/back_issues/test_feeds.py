"""Feeds and sitemap, read by those that read them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import feedparser
import pytest
from lxml import etree

from digest.config.load import load
from digest.model.back_issues import BackIssue
from digest.render.back_issues.feeds import MOST, json_feed, rss
from digest.render.back_issues.sitemap import sitemap
from digest.settings import Publication
from tests.smallest import LEAST

HARD = 'Ruling & "reason" <b>5 > 3</b> ]]> مرحبا'


@pytest.fixture(scope="module")
def publication(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    file: Path = tmp_path_factory.mktemp("feeds") / "digest.toml"
    file.write_text(LEAST, encoding="utf-8")
    return load(file, {}).publication


def sent(week: int, **more: object) -> BackIssue:
    day = date(2026, 11, 20) - timedelta(weeks=week)
    went_out = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=14)
    made = BackIssue(
        date=day,
        number=400 - week,
        subject=f"Subject {week}",
        preheader="Before the letter",
        headline=HARD,
        deck=HARD,
        further=(HARD,),
        stories=9,
        went_out=went_out,
    )
    return replace(made, **more)  # type: ignore[arg-type]


ISSUES = tuple(map(sent, range(MOST + 5)))


def test_a_feed_reader_finds_nothing_wrong(publication: Publication) -> None:
    read = feedparser.parse(rss(ISSUES, publication))
    assert not read.bozo
    assert read.version == "rss20"
    assert (read.feed.title, read.feed.language) == (publication.name, publication.language)
    assert read.feed.link == f"{publication.web}issues/"
    assert len(read.entries) == MOST
    first = read.entries[0]
    assert (first.title, first.link) == ("Subject 0", f"{publication.web}issues/2026-11-20/")
    assert first.id == first.link
    assert first.published_parsed[:5] == (2026, 11, 20, 14, 0)
    assert "<script" not in first.content[0].value
    assert "5 &gt; 3" in first.content[0].value


def test_headlines_are_text_in_both_feeds(publication: Publication) -> None:
    channel = etree.fromstring(rss(ISSUES, publication)).find("channel")
    assert channel is not None
    assert channel.findtext("item/description") == HARD
    feed = json.loads(json_feed(ISSUES, publication))
    assert feed["items"][0]["summary"] == HARD
    assert "<b>" not in feed["items"][0]["content_html"]


def test_the_json_feed_has_what_the_format_wants(publication: Publication) -> None:
    feed = json.loads(json_feed(ISSUES, publication))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"{publication.web}issues/feed.json"
    assert len(feed["items"]) == MOST
    assert len({one["id"] for one in feed["items"]}) == MOST
    for one in feed["items"]:
        assert one["id"] == one["url"]
        assert datetime.fromisoformat(one["date_published"]).tzinfo is not None
        assert one["content_html"]


def test_both_feeds_bring_the_same_issues(publication: Publication) -> None:
    entries = feedparser.parse(rss(ISSUES, publication)).entries
    items = json.loads(json_feed(ISSUES, publication))["items"]
    assert [one.id for one in entries] == [one["id"] for one in items]


def test_a_feed_without_issues_is_a_feed(publication: Publication) -> None:
    assert not feedparser.parse(rss((), publication)).bozo
    assert json.loads(json_feed((), publication))["items"] == []


def test_the_sitemap_names_each_page_once(publication: Publication) -> None:
    tree = etree.fromstring(sitemap(ISSUES, publication.web))
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert tree.tag == f"{space}urlset"
    assert {one.tag for one in tree.iter()} == {f"{space}{name}" for name in ("urlset", "url", "loc", "lastmod")}
    places = [str(one.text) for one in tree.iter(f"{space}loc")]
    assert len(set(places)) == len(places)
    assert all(one.startswith(publication.web) for one in places)
    assert {f"{publication.web}issues/{one.id}/" for one in ISSUES} <= set(places)
    for day in tree.iter(f"{space}lastmod"):
        date.fromisoformat(str(day.text))
