"""The sample newsroom as feedparser and a JSON reader see it, before any room of ours has read it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import feedparser
from lxml import etree

REPOSITORY = Path(__file__).resolve().parents[3]
SAMPLE = REPOSITORY / "sample"
MEDIA = "{http://search.yahoo.com/mrss/}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry of any of the feeds: texts as they stand there, `published` empty when there is none."""

    feed: str
    guid: str
    title: str
    link: str
    author: str
    summary: str
    content: str
    categories: tuple[str, ...]
    published: str
    audio: str = ""
    seconds: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A picture as the media elements of the main feed describe it."""

    name: str
    width: int
    height: int
    alt: str
    caption: str
    credit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """All feeds of the sample."""

    items: tuple[Item, ...]
    pictures: tuple[Shown, ...]

    def of(self, feed: str) -> list[Item]:
        return [item for item in self.items if item.feed == feed]

    def one(self, feed: str, words: str) -> Item:
        """The only item of `feed` whose headline holds `words`."""
        (item,) = [item for item in self.of(feed) if words in item.title]
        return item

    def many(self, words: str) -> list[Item]:
        """Every item, in whatever feed, whose headline holds `words`."""
        return [item for item in self.items if words in item.title]


def read_newsroom() -> Newsroom:
    """Reads all feeds of the sample."""
    xml = [item for path in sorted(SAMPLE.glob("*/*.xml")) for item in _items(path)]
    return Newsroom(items=(*xml, *_json_items(SAMPLE / "feeds" / "sister.json")), pictures=_pictures())


def parsed(path: Path) -> Any:
    return feedparser.parse(path.read_bytes(), sanitize_html=False, resolve_relative_uris=False)


def _items(path: Path) -> list[Item]:
    feed = path.relative_to(SAMPLE).as_posix()
    return [_item(feed, entry) for entry in parsed(path).entries]


def _item(feed: str, entry: Any) -> Item:
    return Item(
        feed=feed,
        guid=entry.id,
        title=entry.title,
        link=entry.link,
        author=entry.author,
        summary=entry.summary,
        content=entry.content[0].value,
        categories=tuple(tag.term for tag in entry.tags),
        published=entry.get("published", ""),
        seconds=entry.get("itunes_duration", ""),
        audio=entry.enclosures[0].type if entry.enclosures else "",
    )


def _json_items(path: Path) -> list[Item]:
    document = json.loads(path.read_bytes())
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    return [
        Item(
            feed=f"feeds/{path.name}",
            guid=item["id"],
            title=item["title"],
            link=item["url"],
            author=item["authors"][0]["name"],
            summary=item.get("summary", ""),
            content=item["content_html"],
            categories=tuple(item["tags"]),
            published=item["date_published"],
        )
        for item in document["items"]
    ]


def _pictures() -> tuple[Shown, ...]:
    tree = etree.parse(SAMPLE / "feeds" / "main.xml")
    return tuple(_picture(element) for element in tree.iter(f"{MEDIA}content"))


def _picture(element: Any) -> Shown:
    return Shown(
        name=element.get("url").removeprefix("https://docket.example/wp-content/uploads/"),
        width=int(element.get("width")),
        height=int(element.get("height")),
        alt=element.findtext(f"{MEDIA}title"),
        caption=element.findtext(f"{MEDIA}description"),
        credit=element.findtext(f"{MEDIA}credit"),
    )
