"""Each trap of a real newsroom is in the sample: without it, a test that passes on the sample would prove nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from tests.golden.sample.newsroom import Item, Newsroom

MAIN, COURTS, ATOM, JSON = "feeds/main.xml", "feeds/courts.xml", "feeds/sister.xml", "feeds/sister.json"
SYNDICATED = "?utm_source=harborrecord&utm_medium=syndication&utm_campaign=partner"


def lead_of(item: Item) -> str:
    """The first paragraph."""
    return item.content.partition("</p>")[0].removeprefix("<p>")


@pytest.mark.parametrize(
    ("feed", "count"), [(MAIN, 55), (COURTS, 14), (ATOM, 10), (JSON, 6), ("corrected/main.xml", 1)]
)
def test_counts(newsroom: Newsroom, feed: str, count: int) -> None:
    items = newsroom.of(feed)
    assert len(items) == count
    assert len({item.guid for item in items}) == count


def test_sixty_eight_stories(newsroom: Newsroom) -> None:
    gathered = [item for item in newsroom.items if item.feed.startswith("feeds/")]
    assert len({item.title for item in gathered}) == 68


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("three jurors", "{}"),
        ("law library", "{}?utm_source=rss&utm_medium=rss&utm_campaign=courts"),
        ("{{first_name}}", "{}?utm_source=feed&utm_content=headline"),
        ("chain saw", "{without the slash}"),
        ("hallway", "{by http}"),
        ("Thorne", "{}?amp"),
        ("train riders", "{}amp/"),
    ],
)
def test_the_same_post_under_another_address(newsroom: Newsroom, words: str, address: str) -> None:
    original, other = newsroom.one(MAIN, words), newsroom.one(COURTS, words)
    spellings = {
        "{without the slash}": original.link.rstrip("/"),
        "{by http}": original.link.replace("https:", "http:"),
    }
    assert other.guid == original.guid
    assert other.link == spellings.get(address, address.replace("{}", original.link))


@pytest.mark.parametrize(
    ("feed", "words", "ending"),
    [(ATOM, "river moved", SYNDICATED), (ATOM, "Kaʻahu", SYNDICATED), (JSON, "boardwalk", SYNDICATED)],
)
def test_the_sister_links_to_our_address(newsroom: Newsroom, feed: str, words: str, ending: str) -> None:
    original, copied = newsroom.one(MAIN, words), newsroom.one(feed, words)
    assert copied.link == original.link + ending
    assert copied.guid != original.guid


def test_the_sister_links_by_http_and_without_a_slash(newsroom: Newsroom) -> None:
    original = newsroom.one(MAIN, "river moved").link
    assert newsroom.one(JSON, "river moved").link == original.replace("https:", "http:").rstrip("/")


@pytest.mark.parametrize("words", ["6:05 ferry", "train riders"])
def test_the_sister_runs_our_story_under_its_own_address(newsroom: Newsroom, words: str) -> None:
    original, copied = newsroom.one(MAIN, words), newsroom.one(ATOM, words)
    assert copied.link.startswith("https://harborrecord.example/")
    assert (copied.title, lead_of(copied)) == (original.title, lead_of(original))
    assert copied.content != original.content


def test_the_sister_repeats_itself_in_its_other_feed(newsroom: Newsroom) -> None:
    assert newsroom.one(ATOM, "Ship’s cook").link == newsroom.one(JSON, "Ship’s cook").link


TRAPS: dict[str, Callable[[Item], bool]] = {
    "a story in four categories": lambda item: len(item.categories) == 4,
    "a tag among the categories": lambda item: "Water rights" in item.categories,
    "uncategorized": lambda item: item.categories == ("Uncategorized",),
    "a podcast episode": lambda item: "Podcast" in item.categories and item.audio == "audio/mpeg",
    "a podcast episode in a news category, too": lambda item: item.categories == ("Courts", "Podcast"),
    "an own letter, filed": lambda item: (
        item.title[:18] == "Closing Arguments:" and item.categories[0] == item.title[:17]
    ),
    "an own letter, not filed": lambda item: (
        item.title[:18] == "Closing Arguments:" and item.categories == ("Uncategorized",)
    ),
    "a brief without a deck": lambda item: item.summary == "" and "In brief" in item.categories,
    "a brief with an automatic excerpt": lambda item: (
        item.summary.endswith(" [&#8230;]") and "In brief" in item.categories
    ),
    "an automatic excerpt that begins with a dateline": lambda item: (
        item.summary.startswith("SALTFIELD — ") and item.summary.endswith(" [&#8230;]")
    ),
    "a deck that repeats the lead": lambda item: item.summary == lead_of(item) != "",
    "a deck that begins the lead": lambda item: lead_of(item).startswith(item.summary + " "),
    "a podcast episode with its length": lambda item: item.seconds == "27:08",
    "a correction": lambda item: item.categories == ("Corrections",),
    "a column": lambda item: "Column: Small print" in item.categories,
    "a long read": lambda item: "Features" in item.categories and len(item.content.split()) > 400,
    "an op-ed by a columnist": lambda item: "Op-Ed" in item.categories and item.author == "Augusta Pell",
    "an opinion": lambda item: item.categories == ("Opinion",),
    "no date": lambda item: not item.published,
    "a date in the future": lambda item: " 2031 " in item.published,
    "a date before the week": lambda item: item.published.startswith("Thu, 05 Nov 2026"),
    "a date after the closing hour": lambda item: item.published.startswith("Fri, 20 Nov 2026 15:"),
    "a headline of 98 characters": lambda item: len(item.title) == 98,
    "an okina": lambda item: item.title.startswith("Kaʻahu ") and "/ka%ca%bbahu-" in item.link,
    "an ampersand in a headline": lambda item: " & " in item.title,
    "an angle bracket in a headline": lambda item: "“< $500”" in item.title,
    "template braces in a headline": lambda item: "“{{first_name}}”" in item.title,
    "a dateline": lambda item: item.content.startswith("<p>PORT MERROW — "),
    "a figure in the text": lambda item: '<figure class="wp-block-image size-full"><img ' in item.content,
}


@pytest.mark.parametrize("trap", TRAPS)
def test_the_main_feed_has_the_trap(newsroom: Newsroom, trap: str) -> None:
    assert any(map(TRAPS[trap], newsroom.of(MAIN)))


def test_quotes_are_typed_and_entities(newsroom: Newsroom) -> None:
    texts = [item.content for item in newsroom.of(MAIN)]
    assert sum("’" in text for text in texts) > 20
    assert sum("&#8217;" in text and "’" not in text for text in texts) > 3


def test_the_sister_signs_every_story(newsroom: Newsroom) -> None:
    for item in newsroom.of(ATOM):
        paper = "The Docket" if "docket.example" in item.content.rpartition("first on")[2] else "The Harbor Record"
        assert item.content.rstrip().endswith(f">{paper}</a>.</p>")
        assert " appeared first on <a" in item.summary
    assert any(item.summary.startswith("<p>The post <a") for item in newsroom.of(ATOM))


def test_the_correction_keeps_the_guid_and_changes_the_words(newsroom: Newsroom) -> None:
    (corrected,) = newsroom.of("corrected/main.xml")
    (first,) = [item for item in newsroom.of(MAIN) if item.guid == corrected.guid]
    assert (first.link, first.published) == (corrected.link, corrected.published)
    assert "$4 million" in first.title
    assert "$1.4 million" in corrected.title
    assert first.summary != corrected.summary
    assert "<em>Correction, Nov. 19:" in corrected.content


@pytest.mark.parametrize(
    ("categories", "least"),
    [
        ({"National", "Politics", "Government"}, 6),
        ({"Courts", "Supreme Court", "Appeals", "Litigation", "Law firms"}, 12),
        ({"Regional", "County"}, 8),
        ({"International"}, 5),
        ({"In brief"}, 8),
        ({"Opinion", "Op-Ed"}, 4),
        ({"Environment", "Technology", "Sports law", "Legal education", "Uncategorized"}, 6),
    ],
)
def test_there_is_enough_for_every_section(newsroom: Newsroom, categories: set[str], least: int) -> None:
    titles = {item.title for item in newsroom.items if categories & set(item.categories)}
    assert len(titles) >= least


def test_no_story_is_made_of_another(newsroom: Newsroom) -> None:
    paragraphs = Counter(
        paragraph
        for item in {item.title: item for item in newsroom.of(MAIN)}.values()
        for paragraph in item.content.split("\n")
        if paragraph
    )
    assert max(paragraphs.values()) == 1
