"""What the tags of a page's head say of its article: Open Graph (https://ogp.me/), Twitter card, `article:…` and the
older names; and what the page shows where they say nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree

from digest.model import ArticlePage, Picture
from digest.sources.articles.tree import attribute, words_in
from digest.sources.dates import instant
from digest.sources.pictures import pixels
from digest.sources.texts import MAX_SUMMARY, MAX_TITLE, absolute, name_of_person, names, on_one_line

_MOST_TAGS = 1_000
_FREE = {"free": True, "locked": False}
_OTHER_FACES = re.compile(r"^(?:www|m|mobile|amp)\.")
_OF_A_PICTURE = frozenset({"og:image:width", "og:image:height", "og:image:alt", "twitter:image:alt"})
_BETWEEN = re.compile(r"\s+(?:[|•·»:]|[-–—])\s+")


@dataclass(frozen=True, slots=True)
class Tags:
    """The `meta` elements of a page, as pairs of a name in small letters and a content, in its order."""

    pairs: tuple[tuple[str, str], ...]

    def all(self, *names: str) -> list[str]:
        """What stands under the first of the names that has anything."""
        found = ([content for name, content in self.pairs if name == wanted] for wanted in names)
        return next(filter(None, found), [])

    def first(self, *names: str) -> str:
        return next(iter(self.all(*names)), "")


def tags_of(tree: etree._Element) -> Tags:
    """The tags of a page, those without a name or a content left out."""
    metas = islice(tree.iter("meta"), _MOST_TAGS)
    pairs = ((attribute(each, "property") or attribute(each, "name"), attribute(each, "content")) for each in metas)
    stripped = ((name.strip().lower(), content.strip()[:MAX_SUMMARY]) for name, content in pairs)
    return Tags(tuple((name, content) for name, content in stripped if name and content))


def tagged_page(tree: etree._Element, tags: Tags, address: str) -> ArticlePage:
    """What the tags say of the article at `address`."""
    return ArticlePage(
        address=address,
        canonical=_canonical(tree, tags, address),
        title=_without_site(tags.first("og:title", "twitter:title", "parsely-title"), tags),
        description=on_one_line(tags.first("og:description", "twitter:description", "description")),
        section=on_one_line(tags.first("article:section", "parsely-section")),
        keywords=names(_keywords(tags)),
        authors=names(_authors(tags)),
        published=instant(tags.first("article:published_time", "og:article:published_time", "parsely-pub-date")),
        modified=instant(tags.first("article:modified_time", "og:updated_time")),
        is_free=_FREE.get(tags.first("article:content_tier").lower()),
        language=attribute(tree, "lang") or tags.first("og:locale"),
    )


def shown_page(tree: etree._Element, tags: Tags, address: str) -> ArticlePage:
    """What a reader of the page sees: its one great heading, else its title, and a date marked as such."""
    headings = [heading for each in islice(tree.iter("h1"), 2) if (heading := on_one_line(words_in(each, MAX_TITLE)))]
    title = on_one_line(words_in(next(tree.iter("title"), None), MAX_TITLE))
    times = filter(_marks_date, islice(tree.iter("time"), _MOST_TAGS))
    return ArticlePage(
        address=address,
        title=headings[0] if len(headings) == 1 else _without_site(title, tags),
        published=next(filter(None, (instant(attribute(each, "datetime")) for each in times)), None),
    )


def tagged_pictures(tags: Tags) -> tuple[Picture, ...]:
    """The pictures of Open Graph, each with what follows it (https://ogp.me/#structured), then the Twitter card's."""
    found: list[Picture] = []
    for name, content in tags.pairs:
        if name in ("og:image", "twitter:image", "twitter:image:src"):
            found.append(Picture(address=content))
        elif found and name in _OF_A_PICTURE:
            found[-1] = _with(found[-1], name.rpartition(":")[2], content)
        elif name in ("og:image:url", "og:image:secure_url"):
            found.append(Picture(address=content))
    return tuple(found)


def of_one_site(one: str, other: str) -> bool:
    """Whether two addresses are of one site, its faces for telephones and AMP included."""
    try:
        hosts = {_OTHER_FACES.sub("", urlsplit(each).hostname or "") for each in (one, other)}
    except ValueError:
        return False
    return len(hosts) == 1 and "" not in hosts


def _with(picture: Picture, what: str, content: str) -> Picture:
    if what == "alt":
        return replace(picture, alt=content)
    return replace(picture, width=pixels(content)) if what == "width" else replace(picture, height=pixels(content))


def _canonical(tree: etree._Element, tags: Tags, address: str) -> str:
    """The address that the page calls its own. Another site's is no business of ours, and a front page's an error."""
    links = (attribute(link, "href") for link in islice(tree.iter("link"), _MOST_TAGS) if _is_canonical(link))
    named = (absolute(each, address) for each in (*links, *tags.all("og:url")[:1]))
    return next((each for each in named if each and _may_be_own(each, address)), "")


def _is_canonical(link: etree._Element) -> bool:
    return "canonical" in attribute(link, "rel").lower().split()


def _may_be_own(canonical: str, address: str) -> bool:
    if not address.startswith(("http://", "https://")):  # a saved page: what it says is all there is
        return True
    own, asked = urlsplit(canonical), urlsplit(address)
    is_front = own.path.strip("/") == "" and not own.query and bool(asked.path.strip("/") or asked.query)
    return of_one_site(canonical, address) and not is_front


def _without_site(title: str, tags: Tags) -> str:
    """The title without the name of the site that many put behind it."""
    title, site = on_one_line(title), on_one_line(tags.first("og:site_name")).casefold()
    *before, last = _BETWEEN.split(title) or [title]
    if before and site and last.casefold() == site:
        return title[: -len(last)].rstrip(" |•·»:-–—")
    return title


def _keywords(tags: Tags) -> Iterator[str]:
    yield from tags.all("article:tag")
    for words in tags.all("news_keywords", "keywords", "parsely-tags"):
        yield from words.split(",")


def _authors(tags: Tags) -> Iterator[str]:
    """Names. `article:author` is meant for addresses of profiles, which are no names."""
    for name in ("author", "article:author", "parsely-author", "twitter:creator:name"):
        known = [each for each in map(name_of_person, tags.all(name)) if each and not absolute(each)]
        if known:
            yield from known
            return


def _marks_date(time: etree._Element) -> bool:
    marks = " ".join((attribute(time, "class"), attribute(time, "itemprop"))).lower()
    return time.get("pubdate") is not None or "publish" in marks or "entry-date" in marks
