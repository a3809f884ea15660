"""What a page's microdata says of its article (HTML, section 5): schema.org's words, as attributes of what is shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from digest.model import ArticlePage, Picture
from digest.sources.articles.tree import attribute, words_in
from digest.sources.dates import instant
from digest.sources.pictures import pixels
from digest.sources.texts import MAX_SUMMARY, name_of_person, names, on_one_line

_MOST = 400
_BEARING = ("content", "datetime", "href", "src")

Properties = dict[str, list[str]]


def properties_of(tree: etree._Element) -> Properties:
    """The properties of the page's first article by their names; of a thing inside it `author.name`, `image.url`."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    scopes = islice((each for each in tree.iter("*") if each.get("itemtype") is not None), _MOST)
    article = next(filter(_is_article, scopes), None)
    for element in islice(_bearers(article), _MOST):
        for name in attribute(element, "itemprop").split()[:3]:
            found[_path(element, article) + name].append(_value(element))
    return dict(found)


def microdata_page(properties: Properties, address: str) -> ArticlePage:
    """What they say of the article at `address`."""
    return ArticlePage(
        address=address,
        title=_first(properties, "headline"),
        description=_first(properties, "description"),
        section=_first(properties, "articleSection"),
        keywords=names(word for words in properties.get("keywords", []) for word in words.split(",")),
        authors=names(map(name_of_person, properties.get("author.name") or properties.get("author", []))),
        published=instant(_first(properties, "datePublished")),
        modified=instant(_first(properties, "dateModified")),
    )


def microdata_pictures(properties: Properties) -> tuple[Picture, ...]:
    """The article's picture: an address, or a thing with an address and more."""
    inside = {name: _first(properties, f"image.{name}") for name in ("url", "contentUrl", "caption", "width", "height")}
    address = inside["url"] or inside["contentUrl"] or _first(properties, "image")
    if not address:
        return ()
    width, height = pixels(inside["width"]), pixels(inside["height"])
    return (Picture(address=address, caption=inside["caption"], width=width, height=height),)


def _is_article(element: etree._Element) -> bool:
    kind = attribute(element, "itemtype").rstrip("/").rpartition("/")[2]
    return kind.endswith("Article") or kind == "BlogPosting"


def _bearers(article: etree._Element | None) -> Iterator[etree._Element]:
    return (each for each in article.iterdescendants("*") if each.get("itemprop")) if article is not None else iter(())


def _path(element: etree._Element, article: etree._Element | None) -> str:
    """What the thing around a property is to the article: `author.`; empty for a property of its own."""
    around = next((each for each in element.iterancestors() if each.get("itemscope") is not None), article)
    return "" if around is article or around is None else f"{attribute(around, 'itemprop')}."


def _value(element: etree._Element) -> str:
    """HTML, section 5.2.4: what an attribute says, else the words that are shown."""
    named = next(filter(None, (attribute(element, name) for name in _BEARING)), "")
    return on_one_line(named or words_in(element, MAX_SUMMARY))


def _first(properties: Properties, name: str) -> str:
    return next(filter(None, properties.get(name, [])), "")
