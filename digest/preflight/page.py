"""A letter's HTML read once: what it links to, shows and says, and the shapes that it is made of.

The HTML library is used here alone. It calls back for each element, and no tree is built.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar, cast

from lxml import etree

from digest.preflight import features
from digest.preflight.shapes import Shape, root


@dataclass(slots=True, kw_only=True)
class Link:
    """`<a href>`: where it leads, and the words and alt texts in it. `at` is the number of its element."""

    address: str
    at: int
    label: str = ""
    words: str = ""


@dataclass(slots=True, kw_only=True)
class SeenPicture:
    """`<img>`, its attributes as they are written; `alt` is None where there is none. `link` is the link around it."""

    address: str
    at: int
    alt: str | None
    width: str
    height: str
    link: Link | None = None


@dataclass(slots=True, kw_only=True)
class Heading:
    """`<h1>` to `<h6>`."""

    level: int
    at: int
    words: str = ""


@dataclass(slots=True, kw_only=True)
class SeenTable:
    """`<table>` with its role; `data` when it has headers or a caption, and so is no mere layout."""

    at: int
    role: str
    data: bool = False


@dataclass(slots=True)
class Page:
    """What was met, in the order of the letter. Shapes and texts are kept at their first place."""

    language: str = ""
    title: str = ""
    meta: dict[str, str] = field(default_factory=dict)
    sheets: list[tuple[str, str]] = field(default_factory=list)
    """The style elements: text and `media` of each."""
    words: list[str] = field(default_factory=list)
    """Every piece of text that is shown, in order."""
    shapes: dict[Shape, int] = field(default_factory=dict)
    not_for_outlook: set[Shape] = field(default_factory=set)
    texts: dict[Shape, tuple[int, str]] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    pictures: list[SeenPicture] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    tables: list[SeenTable] = field(default_factory=list)
    identities: set[str] = field(default_factory=set)
    for_outlook: set[str] = field(default_factory=set)
    """The contents of conditional comments that Outlook on Windows reads."""


def read(html: str) -> Page:
    """Reads a letter, however broken it is."""
    target = _Target()
    # libxml2 refuses nothing but an empty document.
    if html.strip():
        etree.fromstring(
            html.encode("utf-8", "replace"),
            etree.HTMLParser(encoding="utf-8", target=cast("Any", target), huge_tree=True),
        )
    return target.page


@lru_cache(maxsize=1024)
def outlooks_features(comment: str) -> features.Features:
    """What a conditional comment for Outlook asks of it."""
    page = read(f"<html><body>{comment.partition(']>')[2].partition('<![endif]')[0]}</body></html>")
    return frozenset().union(*(shape.uses for shape in page.shapes))


class _Target:
    """Listens to the parser. `stack` holds the shapes that are open, `key` being all that tells shapes apart."""

    def __init__(self) -> None:
        self.page = Page()
        self.count = 0
        self.stack: list[Shape] = [root(())]
        self.style: list[str] | None = None
        self.media = ""
        self.link: Link | None = None
        self.heading: Heading | None = None
        self.open_tables: list[SeenTable] = []
        self.in_title = False
        self.outlook_reads = True

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.count = at = self.count + 1
        if tag == "body":
            self.stack[-1] = root(tuple(self.page.sheets))
        get = attributes.get
        top = self.stack[-1]
        key = (tag, get("class"), get("style"), get("bgcolor"), get("type"), get("id"), tuple(attributes))
        shape = top.children.get(key) or top.child(key, tag, attributes)
        self.stack.append(shape)
        page = self.page
        if shape not in page.shapes:
            page.shapes[shape] = at
            if not self.outlook_reads:
                page.not_for_outlook.add(shape)
        elif self.outlook_reads and page.not_for_outlook:
            page.not_for_outlook.discard(shape)
        if listener := self.LISTENERS.get(tag):
            listener(self, at, attributes)

    def end(self, tag: str) -> None:
        stack = self.stack
        if len(stack) > 1:
            stack.pop()
        if tag == "a":
            self.link = None
        elif tag == "table" and self.open_tables:
            self.open_tables.pop()
        elif tag == "style":
            self._end_style()
        elif tag == "title":
            self.in_title = False
        elif self.heading and tag in _HEADINGS:
            self.heading = None

    def data(self, text: str) -> None:
        if self.style is not None:
            self.style.append(text)
        elif self.in_title:
            self.page.title += text
        elif text.strip():
            shape = self.stack[-1]
            if not shape.hidden:
                self.page.words.append(text)
                self.page.texts.setdefault(shape, (self.count, text))
            self._say(text)

    def comment(self, text: str) -> None:
        if text.startswith("[if !mso"):
            self.outlook_reads = False
        elif text.startswith("<![endif]"):
            self.outlook_reads = True
        elif text.startswith("[if ") and "mso" in text[:24]:
            self.page.for_outlook.add(text)

    def close(self) -> Page:
        return self.page

    def _say(self, text: str) -> None:
        if self.link:
            self.link.words += text
        if self.heading:
            self.heading.words += text

    def _end_style(self) -> None:
        self.page.sheets.append(("".join(self.style or ()), self.media))
        self.style = None

    def _html(self, at: int, attributes: Mapping[str, str]) -> None:
        self.page.language = attributes.get("lang", "")

    def _title(self, at: int, attributes: Mapping[str, str]) -> None:
        self.in_title = True

    def _meta(self, at: int, attributes: Mapping[str, str]) -> None:
        name = attributes.get("name") or attributes.get("http-equiv", "")
        self.page.meta[name.lower()] = attributes.get("content", "")

    def _style(self, at: int, attributes: Mapping[str, str]) -> None:
        self.style, self.media = [], attributes.get("media", "")

    def _a(self, at: int, attributes: Mapping[str, str]) -> None:
        if name := attributes.get("name") or attributes.get("id"):
            self.page.identities.add(name)
        if "href" in attributes:
            self.link = Link(address=attributes["href"].strip(), at=at, label=attributes.get("aria-label", ""))
            self.page.links.append(self.link)

    def _img(self, at: int, attributes: Mapping[str, str]) -> None:
        picture = SeenPicture(
            address=attributes.get("src", "").strip(),
            at=at,
            alt=attributes.get("alt"),
            width=attributes.get("width", ""),
            height=attributes.get("height", ""),
            link=self.link,
        )
        self.page.pictures.append(picture)
        if picture.alt:
            self._say(picture.alt)
            shape = self.stack[-1]
            if not shape.hidden:
                self.page.texts.setdefault(shape, (at, picture.alt))

    def _heading(self, at: int, attributes: Mapping[str, str]) -> None:
        self.heading = Heading(level=int(self.stack[-1].tag[1]), at=at)
        self.page.headings.append(self.heading)

    def _table(self, at: int, attributes: Mapping[str, str]) -> None:
        table = SeenTable(at=at, role=attributes.get("role", "").lower())
        self.open_tables.append(table)
        self.page.tables.append(table)

    def _header(self, at: int, attributes: Mapping[str, str]) -> None:
        if self.open_tables:
            self.open_tables[-1].data = True

    LISTENERS: ClassVar[Mapping[str, Any]] = {
        "html": _html,
        "title": _title,
        "meta": _meta,
        "style": _style,
        "a": _a,
        "img": _img,
        "table": _table,
        "th": _header,
        "caption": _header,
        **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _heading),
    }


_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


def selector_of(html: str, at: int) -> str:
    """A CSS selector that finds element number `at` in a browser, which adds the `<tbody>` that is not written."""
    tree = etree.fromstring(html.encode("utf-8", "replace"), etree.HTMLParser(encoding="utf-8", huge_tree=True))
    elements = (each for each in tree.iter() if isinstance(each.tag, str))
    found = next((each for number, each in enumerate(elements, 1) if number == at), None)
    steps: list[str] = []
    while found is not None and found.tag not in {"body", "html"}:
        steps.append(_step(found))
        found = found.getparent()
    return " > ".join(["body", *reversed(steps)]) if steps else ""


def _step(element: Any) -> str:
    before = sum(1 for _ in element.itersiblings(element.tag, preceding=True))
    parent = element.getparent()
    implied = "tbody > " if element.tag == "tr" and parent is not None and parent.tag == "table" else ""
    return f"{implied}{element.tag}:nth-of-type({before + 1})"
