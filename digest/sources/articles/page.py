"""What an article's own page says of it, from all the places in which pages say it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields, replace
from functools import reduce

from digest.model import ArticlePage, Picture
from digest.sources import pictures
from digest.sources.articles.documents import documents_of
from digest.sources.articles.linked import house_words, linked_page, linked_pictures
from digest.sources.articles.microdata import microdata_page, microdata_pictures, properties_of
from digest.sources.articles.opening import opening_of
from digest.sources.articles.tags import shown_page, tagged_page, tagged_pictures, tags_of
from digest.sources.articles.tree import tree_of
from digest.sources.texts import MAX_NAME, MAX_SUMMARY, MAX_TITLE, absolute, on_one_line, plain_name

_MOST_NAMES = 20
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
# What a site shows where a story has no picture of its own.
_OF_THE_HOUSE = re.compile(
    r"(?:^|[_-])logo(?:[_-]?\d+x?\d*)*\.\w+$|^logo[_-]|favicon|site-?icon|apple-touch-icon|placeholder"
    r"|(?:^|[_-])(?:default|fallback)[_-](?:image|og|share|social|thumb)|(?:og|social|share)[_-](?:default|fallback)",
    re.IGNORECASE,
)
_SQUARE = re.compile(r"(?:^|[_-])(?:1x1|1-1|square)(?:[_.-]|$)", re.IGNORECASE)


def article_page(body: bytes, address: str, content_type: str = "") -> ArticlePage:
    """What the page in these bytes says of its article. `address` is where it was fetched from, or its file.

    Of several places that say the same the more exact one counts: linked data before Open Graph and the other tags,
    these before microdata and what is shown. A page that says nothing gives an ArticlePage with its address alone.
    """
    tree = tree_of(body, content_type)
    if tree is None:
        return ArticlePage(address=address)
    tags, documents, properties = tags_of(tree), documents_of(tree), properties_of(tree)
    tagged = tagged_page(tree, tags, address)
    own = tagged.canonical or address
    linked = linked_page(documents, own)
    found = reduce(_completed, (linked, tagged, microdata_page(properties, own), shown_page(tree, tags, own)))
    described = "" if found.description in {*house_words(documents), found.title} else found.description
    in_tags, in_data = tagged_pictures(tags), linked_pictures(documents, own)
    return _within_bounds(
        replace(
            found,
            address=address,
            description=described,
            picture=_best(_preferred(in_data, in_tags), microdata_pictures(properties), own),
            opening=opening_of(tree, found.title, linked.opening),
        )
    )


def _completed(page: ArticlePage, other: ArticlePage) -> ArticlePage:
    """The page, with what only the other says."""
    missing = {field.name for field in fields(page) if getattr(page, field.name) in ("", (), None)}
    return replace(page, **{name: getattr(other, name) for name in missing})


def _preferred(in_data: tuple[Picture, ...], in_tags: tuple[Picture, ...]) -> tuple[Picture, ...]:
    """Linked data names its picture in several shapes, the square one first: then the tags' is the better one."""
    in_shapes = len(in_data) > 1 and not any(picture.width for picture in in_data)
    return (*in_tags, *sorted(in_data, key=_is_square)) if in_shapes else (*in_data, *in_tags)


def _is_square(picture: Picture) -> bool:
    return bool(_SQUARE.search(_file(picture)))


def _best(declared: tuple[Picture, ...], shown: tuple[Picture, ...], address: str) -> Picture | None:
    """The first that is a picture of the story, with the words that stand beside the same one elsewhere."""
    of_story = [each for each in (*declared, *shown) if not _OF_THE_HOUSE.search(_file(each))]
    chosen = next(iter(pictures.of_entry(of_story, (), (), address)), None)
    same = (each for each in of_story if chosen and absolute(each.address, address) == chosen.address)
    return _clean(reduce(_with_words, same, chosen)) if chosen else None


def _with_words(picture: Picture, other: Picture) -> Picture:
    return replace(
        picture,
        width=picture.width or other.width,
        height=picture.height or other.height,
        alt=picture.alt or other.alt,
        caption=picture.caption or other.caption,
        credit=picture.credit or other.credit,
    )


def _file(picture: Picture) -> str:
    return picture.address.partition("?")[0].rpartition("/")[2]


def _clean(picture: Picture) -> Picture:
    return replace(
        picture,
        alt=on_one_line(picture.alt)[:MAX_TITLE],
        caption=on_one_line(picture.caption)[:MAX_TITLE],
        credit=plain_name(picture.credit),
    )


def _within_bounds(page: ArticlePage) -> ArticlePage:
    return replace(
        page,
        title=page.title[:MAX_TITLE],
        description=page.description[:MAX_SUMMARY],
        section=plain_name(page.section),
        keywords=_few(page.keywords),
        authors=_few(page.authors),
        language=_language(page.language),
    )


def _few(named: Iterable[str]) -> tuple[str, ...]:
    return tuple(name[:MAX_NAME] for name in named)[:_MOST_NAMES]


def _language(written: str) -> str:
    """A language as BCP 47 writes it; empty for anything else."""
    found = _LANGUAGE.fullmatch(written.strip())
    return found[0].replace("_", "-") if found else ""
