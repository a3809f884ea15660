"""Posts as WordPress's REST interface gives them, each to an `Item`. Any value may have any type.

What a post holds: https://developer.wordpress.org/rest-api/reference/posts/. Texts that the site's feed has as well
come out as they stand there, so that a story stays unchanged when a site is read the other way.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from w3lib.html import remove_tags

from digest.model import Picture
from digest.sources.dates import instant
from digest.sources.entries import Item
from digest.sources.pictures import is_picture
from digest.sources.texts import on_one_line

FIELDS = (
    "id,date,date_gmt,modified,modified_gmt,guid,link,status,type,title,content,excerpt,author,featured_media,"
    "categories,yoast_head_json.author,_links.author,_links.wp:term,_links.wp:featuredmedia,_embedded"
)
"""What is asked for of each post. `_embed` follows the `_links` that are left."""

EMBEDDED = "author,wp:term,wp:featuredmedia"
WIDE_ENOUGH = 1_120
"""Pixels across that a lead needs on a screen of double density."""

_OWN_SHAPE = 0.03
_PARAGRAPH = re.compile(r"<p>((?:(?!</?p[\s>]).)*)</p>\s*\Z", re.DOTALL)

Zone = Callable[[], tzinfo]
Post = Mapping[str, Any]


def is_story(post: Post) -> bool:
    """Whether readers can open the post: published, an article, and not behind a password."""
    is_open = not any(_inner(post, name).get("protected") for name in ("content", "excerpt"))
    return is_open and post.get("status", "publish") == "publish" and post.get("type", "post") == "post"


def number(post: Post) -> int:
    """The post's id; 0 where it has none, which no post of WordPress has."""
    given = post.get("id")
    return given if isinstance(given, int) and not isinstance(given, bool) else 0


def item(post: Post, address: str, zone: Zone) -> Item:
    """The item that a post is. `address` is where the answer came from; `zone` tells the site's time zone, and is asked
    only for a post without its dates in UTC."""
    return Item(
        guid=html.unescape(_rendered(post, "guid")),
        link=_text(post, "link"),
        bases=(address,),
        title=_words(_rendered(post, "title")),
        summary=_as_in_feeds(_rendered(post, "excerpt")),
        content=_rendered(post, "content").strip(),
        author=tuple(_authors(post)),
        categories=tuple(_categories(post)),
        published=moment(post, "date", zone),
        updated=moment(post, "modified", zone),
        written=_text(post, "date"),
        pictures=tuple(_pictures(post)),
    )


def moment(post: Post, name: str, zone: Zone) -> datetime | None:
    """The instant of `date` or `modified`. Both kinds come without an offset: `*_gmt` means UTC, the other the site's
    time; a draft's year of zero is no date."""
    in_utc = instant(_text(post, f"{name}_gmt"))
    return in_utc or _local(_text(post, name), zone)


def _local(written: str, zone: Zone) -> datetime | None:
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=zone())).astimezone(UTC)


def _authors(post: Post) -> Iterator[str]:
    """The names of its authors. A site that hides its users embeds an error in their place; a common plugin has the
    name all the same."""
    named = [name for author in _embedded(post, "author") if (name := _text(author, "name"))]
    return iter(named or [_text(_inner(post, "yoast_head_json"), "author")])


def _categories(post: Post) -> Iterator[str]:
    """The names of its categories. Its tags, and whatever else a site sorts by, stand beside them."""
    groups = _list(_inner(post, "_embedded"), "wp:term")
    terms = (term for group in groups if isinstance(group, list) for term in _mappings(group))
    return (_text(term, "name") for term in terms if term.get("taxonomy") == "category")


def _pictures(post: Post) -> Iterator[Picture]:
    for media in _embedded(post, "wp:featuredmedia"):
        if is_picture(_text(media, "source_url"), _text(media, "mime_type")):
            yield _picture(media)


def _picture(media: Post) -> Picture:
    details = _inner(media, "media_details")
    address, width, height = _fitting(list(_sizes(media, details)))
    return Picture(
        address=address,
        width=width,
        height=height,
        alt=html.unescape(_text(media, "alt_text")),
        caption=_words(_rendered(media, "caption")),
        credit=_text(_inner(details, "image_meta"), "credit"),
    )


Size = tuple[str, int, int]


def _sizes(media: Post, details: Post) -> Iterator[Size]:
    """The picture's sizes, itself first. Thumbnails that are cut to another shape are other pictures."""
    own = _text(media, "source_url"), _pixels(details, "width"), _pixels(details, "height")
    yield own
    for size in _mappings(_inner(details, "sizes").values()):
        made = _text(size, "source_url"), _pixels(size, "width"), _pixels(size, "height")
        if made[0] and _has_shape_of(made, own):
            yield made


def _fitting(sizes: list[Size]) -> Size:
    """The smallest that is wide enough, else the widest."""
    wide = [size for size in sizes if size[1] >= WIDE_ENOUGH]
    return min(wide, key=_width) if wide else max(sizes, key=_width)


def _width(size: Size) -> int:
    return size[1]


def _has_shape_of(size: Size, own: Size) -> bool:
    across, down = size[1] * own[2], own[1] * size[2]
    return bool(across) and abs(across - down) <= _OWN_SHAPE * across


def _words(markup: str) -> str:
    """The words of a title or caption: tags off, entities decoded once."""
    return on_one_line(html.unescape(remove_tags(markup)))


def _as_in_feeds(excerpt: str) -> str:
    """An excerpt as the feed has it: one paragraph without its tags, the mark of a shortened one as a number."""
    excerpt = excerpt.strip().replace("&hellip;", "&#8230;")
    alone = _PARAGRAPH.match(excerpt)
    return alone[1].strip() if alone else excerpt


def _embedded(post: Post, name: str) -> Iterable[Post]:
    return _mappings(_list(_inner(post, "_embedded"), name))


def _mappings(values: Iterable[Any]) -> Iterable[Post]:
    return (value for value in values if isinstance(value, Mapping))


def _rendered(thing: Post, name: str) -> str:
    return _text(_inner(thing, name), "rendered")


def _inner(thing: Post, name: str) -> Post:
    """The object of that name. An empty one comes as an empty list, as PHP has it."""
    value = thing.get(name)
    return value if isinstance(value, Mapping) else {}


def _list(thing: Post, name: str) -> list[Any]:
    value = thing.get(name)
    return value if isinstance(value, list) else []


def _text(thing: Post, name: str) -> str:
    value = thing.get(name)
    return value if isinstance(value, str) else ""


def _pixels(thing: Post, name: str) -> int:
    value = thing.get(name)
    return value if isinstance(value, int) and 0 < value < 100_000 else 0
