"""What the linked data of a page says of its article: schema.org's Article and what is derived from it
(https://schema.org/Article)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from digest.model import ArticlePage, Picture
from digest.sources.articles.documents import Documents, Thing, types_of
from digest.sources.dates import instant
from digest.sources.pictures import pixels
from digest.sources.texts import MAX_SUMMARY, absolute, name_of_person, names, on_one_line

_ALSO_ARTICLES = frozenset({"BlogPosting", "LiveBlogPosting", "PodcastEpisode", "Report"})
_HOUSES = frozenset({"Organization", "NewsMediaOrganization", "Corporation", "WebSite"})
_FALSE, _TRUE = re.compile(r"(?:^|[/#:])(?:false|no|0)$"), re.compile(r"(?:^|[/#:])(?:true|yes|1)$")
_MOST = 20


def linked_page(documents: Documents, address: str) -> ArticlePage:
    """What is said of the article at `address`; nothing is said where the page holds no article."""
    article = _article(documents, address)
    if article is None:
        return ArticlePage(address=address)
    return ArticlePage(
        address=address,
        title=on_one_line(_text(article, "headline") or _text(article, "name")),
        description=on_one_line(_text(article, "description")),
        section=next(iter(_texts(article, "articleSection")), ""),
        keywords=names(_keywords(article)),
        authors=names(_authors(article, documents)),
        published=instant(_text(article, "datePublished")),
        modified=instant(_text(article, "dateModified")),
        is_free=_is_free(article.get("isAccessibleForFree")),
        opening=_body(article),
        language=_text(article, "inLanguage"),
    )


def linked_pictures(documents: Documents, address: str) -> tuple[Picture, ...]:
    """The article's pictures, as far as they are named by an address."""
    article = _article(documents, address) or {}
    found = (documents.whole(each) for name in ("image", "thumbnailUrl") for each in _list(article, name))
    return tuple(filter(lambda picture: picture.address, map(_picture, found)))


def house_words(documents: Documents) -> frozenset[str]:
    """What the page says of its site and not of its story: descriptions and names of the house."""
    houses = [thing for thing in documents.things if types_of(thing) & _HOUSES]
    return frozenset(on_one_line(_text(house, name)) for house in houses for name in ("description", "name", "slogan"))


def _article(documents: Documents, address: str) -> Thing | None:
    """The page's own article: the one that says so by its address, else the first that stands outermost."""
    articles = [thing for thing in documents.things if _is_article(thing)]
    own = (thing for thing in articles if address and address in _addresses(thing))
    found = next(own, None) or next(iter(articles), None)
    return documents.whole(found) if found else None


def _is_article(thing: Thing) -> bool:
    named = any(type_.endswith("Article") or type_ in _ALSO_ARTICLES for type_ in types_of(thing))
    return named and any(_text(thing, name) for name in ("headline", "name", "datePublished"))


def _addresses(thing: Thing) -> Iterator[str]:
    for name in ("url", "@id", "mainEntityOfPage"):
        value = thing.get(name)
        value = value.get("@id") if isinstance(value, dict) else value
        if isinstance(value, str):
            yield value.partition("#")[0]


def _authors(article: Thing, documents: Documents) -> Iterator[str]:
    """People's names: what the house signed has no byline."""
    for name in ("author", "creator"):
        people = [documents.whole(each) for each in _list(article, name)]
        found = [each if isinstance(each, str) else _person(each) for each in people[:_MOST]]
        known = [each for each in map(name_of_person, found) if each and not absolute(each)]
        if known:
            yield from known
            return


def _person(value: Any) -> str:
    if not isinstance(value, dict) or types_of(value) & _HOUSES:
        return ""
    return next(iter(_texts(value, "name")), "")


def _keywords(article: Thing) -> Iterator[str]:
    for each in _list(article, "keywords")[: 5 * _MOST]:
        words = _text(each, "name") if isinstance(each, dict) else _as_text(each)
        yield from words.split(",")


def _picture(value: Any) -> Picture:
    if not isinstance(value, dict):
        return Picture(address=_as_text(value))
    return Picture(
        address=_text(value, "url") or _text(value, "contentUrl"),
        width=_size(value.get("width")),
        height=_size(value.get("height")),
        alt=_text(value, "alternateName") or _text(value, "description"),
        caption=_text(value, "caption"),
        credit=_text(value, "creditText") or _credit(value.get("author")) or _credit(value.get("creator")),
    )


def _credit(value: Any) -> str:
    value = next(iter(value), None) if isinstance(value, list) else value
    return _text(value, "name") if isinstance(value, dict) else _as_text(value)


def _size(value: Any) -> int:
    """A number, or a thing that has one: `{"@type": "QuantitativeValue", "value": 1200}`."""
    return pixels(value.get("value") if isinstance(value, dict) else _as_text(value))


def _is_free(value: Any) -> bool | None:
    """True and false are written in many ways; anything else says nothing."""
    if isinstance(value, bool):
        return value
    words = _as_text(value).strip().lower()
    if _TRUE.search(words):
        return True
    return False if _FALSE.search(words) else None


def _body(article: Thing) -> str:
    """The text, where it is plain: with markup in it the page itself is the better source."""
    text = _text(article, "articleBody")
    return "" if "<" in text else text[:MAX_SUMMARY]


def _list(thing: Thing, name: str) -> list[Any]:
    value = thing.get(name)
    return value if isinstance(value, list) else [] if value is None else [value]


def _texts(thing: Thing, name: str) -> list[str]:
    return [text for text in map(on_one_line, map(_as_text, _list(thing, name))) if text]


def _text(thing: Thing, name: str) -> str:
    """The value if it is a text, or the first in a list of them."""
    return next(filter(None, map(_as_text, _list(thing, name))), "")


def _as_text(value: Any) -> str:
    if isinstance(value, dict):  # {"@value": "…", "@language": "en"}
        value = value.get("@value")
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
