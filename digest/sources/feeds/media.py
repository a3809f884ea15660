"""Media RSS: pictures with their captions and credits, taken out of the document before feedparser reads it.

feedparser forgets which caption belongs to which picture, and takes a picture's description for the story's text.
The elements: https://www.rssboard.org/media-rss
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from digest.model import Picture
from digest.sources.pictures import is_picture, pixels

MARK = b"search.yahoo.com/mrss"
_NAMESPACES = ("{http://search.yahoo.com/mrss/}", "{http://search.yahoo.com/mrss}")
_ITEMS = ("{*}item", "{*}entry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """What Media RSS says of one item. `description` is what it has for a text where the item itself has none."""

    pictures: tuple[Picture, ...] = ()
    thumbnails: tuple[Picture, ...] = ()
    description: str = ""


def take_media(tree: etree._Element) -> tuple[tuple[Media, ...], bytes]:
    """The media of every item in document order, and the XML of the tree without them."""
    media = tuple(_media(item) for item in tree.iter(*_ITEMS))
    etree.strip_elements(tree, *(f"{namespace}*" for namespace in _NAMESPACES), with_tail=False)
    return media, etree.tostring(tree, encoding="utf-8", xml_declaration=True)


def from_attributes(contents: Iterable[Mapping[str, str]], thumbnails: Iterable[Mapping[str, str]]) -> Media:
    """The same without captions and credits, of a document too broken for a tree."""
    return Media(
        pictures=tuple(_picture(content) for content in contents if _shows_picture(content)),
        thumbnails=tuple(_picture(thumbnail) for thumbnail in thumbnails),
    )


def _media(item: etree._Element) -> Media:
    found = [element for element in item.iter(etree.Element) if _name(element)]
    return Media(
        pictures=tuple(_pictures(item, found)),
        thumbnails=tuple(_picture(_attributes(element)) for element in found if _name(element) == "thumbnail"),
        description=next((_text(element) for element in found if _name(element) == "description"), ""),
    )


def _pictures(item: etree._Element, found: list[etree._Element]) -> Iterator[Picture]:
    """Each picture of the item; of a group, which holds one picture in several sizes, the widest."""
    contents = [element for element in found if _name(element) == "content" and _shows_picture(_attributes(element))]
    groups: dict[etree._Element, etree._Element] = {}
    for content in contents:
        group = _group(content)
        groups[group] = max(groups.get(group, content), content, key=_width)
    for group, content in groups.items():
        yield _described(content, (content, group, item))


def _described(content: etree._Element, scopes: tuple[etree._Element, ...]) -> Picture:
    """The picture with the texts nearest to it: in it, its group, the item (but an item's title is the story's)."""
    written = _picture(_attributes(content))
    return Picture(
        address=written.address,
        width=written.width,
        height=written.height,
        alt=_nearest("title", scopes[:2]),
        caption=_nearest("description", scopes),
        credit=_nearest("credit", scopes),
    )


def _nearest(name: str, scopes: Iterable[etree._Element]) -> str:
    named = (child for scope in scopes for child in scope if _name(child) == name)
    return next((text for text in map(_text, named) if text), "")


def _group(content: etree._Element) -> etree._Element:
    parent = content.getparent()
    return parent if parent is not None and _name(parent) == "group" else content


def _width(content: etree._Element) -> int:
    return pixels(content.get("width"))


def _attributes(element: etree._Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.attrib.items()}


def _shows_picture(attributes: Mapping[str, str]) -> bool:
    return is_picture(attributes.get("url", ""), attributes.get("type", ""), attributes.get("medium", ""))


def _picture(attributes: Mapping[str, str]) -> Picture:
    return Picture(
        address=attributes.get("url", ""),
        width=pixels(attributes.get("width")),
        height=pixels(attributes.get("height")),
    )


def _name(element: etree._Element) -> str:
    """The name of a Media RSS element, empty for any other."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    namespace, brace, name = tag.rpartition("}")
    return name if namespace + brace in _NAMESPACES else ""


def _text(element: etree._Element) -> str:
    return "".join(str(piece) for piece in element.itertext()).strip()
