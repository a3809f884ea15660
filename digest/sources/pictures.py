"""Pictures of an entry: which of those that a feed names, or shows in its text, can stand beside a story."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from lxml import etree

from digest.model import Picture
from digest.sources.texts import absolute, on_one_line

LEAD_WIDTH = 600
WIDEST_PRINT = 1120
"""px: the lead at twice the width in which it is shown."""
_SMALLEST = 50
_MOST_SET = 20_000
_WIDTH = re.compile(r"(\d{1,5})w,?")
_NEXT = re.compile(r"(?<=\dw),(?=\S)")
_MOST_TEXT = 500_000

_NO_PICTURE = re.compile(
    r"gravatar\.com/|/avatars?/|s\.w\.org/images/core/emoji|/wp-includes/images/smilies|/smil(?:ey|ies)/|twemoji"
    r"|feeds\.feedburner\.com/~|feedsportal\.com|pixel\.wp\.com|stats\.wordpress\.com/b\.gif|feeds\.wordpress\.com/1\.0/"
    r"|doubleclick\.net|googleadservices|google-analytics|/tracker/|/tracking/|[/_.-](?:pixel|spacer|blank|1x1|count)\.gif",
    re.IGNORECASE,
)
_NO_PICTURE_CLASS = re.compile(r"\b(?:wp-smiley|emoji|avatar|tracking|feedflare)\b", re.IGNORECASE)
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)$", re.IGNORECASE)
_WORDPRESS_SIZE = re.compile(r"-(?:\d+x\d+|scaled)(?=\.\w+$)")
_NUMBER = re.compile(r"\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*$")
_IMAGE_TAG = re.compile(r"<img\b", re.IGNORECASE)


def pixels(written: object) -> int:
    """A width or height as feeds write it (`640`, `640px`); 0 where it says nothing (`100%`, empty)."""
    number = _NUMBER.match(str(written or ""))
    return int(number[1]) if number else 0


def is_picture(address: str, type_: str = "", medium: str = "") -> bool:
    """Whether a media element or enclosure is a picture: by its medium, its type, else the ending of its path."""
    if medium:
        return medium.lower() == "image"
    if type_:
        return type_.lower().startswith("image/") and "svg" not in type_.lower()
    return bool(_PICTURE_FILE.search(address.partition("?")[0]))


def of_entry(
    declared: Iterable[Picture], texts: Iterable[str], thumbnails: Iterable[Picture], *bases: str
) -> tuple[Picture, ...]:
    """The pictures of an entry, their addresses absolute: the declared, the first of its text, else thumbnails.

    Declared pictures too small for a lead stand after the others, the widest first. A picture that the text shows as
    well takes its missing alt text and caption from there.
    """
    in_text = next((picture for text in texts for picture in in_html(text, *bases)), None)
    chosen = sorted(_usable(declared, *bases), key=_lead_first)
    if in_text:
        chosen = [_completed(picture, in_text) for picture in chosen] + [in_text]
    return _each_once(chosen or _usable(thumbnails, *bases))


def in_html(html: str, *bases: str) -> Iterator[Picture]:
    """The pictures in a piece of HTML that are more than icons, pixels, smileys and portraits of commenters."""
    if not _IMAGE_TAG.search(html):
        return
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, no_network=True)
    tree = etree.fromstring(f"<div>{html[:_MOST_TEXT]}</div>".encode(), parser)
    for image in tree.iter("img") if tree is not None else ():
        if not _NO_PICTURE_CLASS.search(image.get("class", "")):
            yield from _usable([_shown(image)], *bases)


def _each_once(pictures: Iterable[Picture]) -> tuple[Picture, ...]:
    files: dict[str, Picture] = {}
    for picture in pictures:
        files.setdefault(_file(picture), picture)
    return tuple(files.values())


def _lead_first(picture: Picture) -> tuple[bool, int]:
    small = 0 < picture.width < LEAD_WIDTH
    return small, -picture.width if small else 0


def _usable(pictures: Iterable[Picture], *bases: str) -> Iterator[Picture]:
    for picture in pictures:
        address = absolute(picture.address, *bases)
        if address and not _NO_PICTURE.search(address) and not _is_icon(picture):
            yield replace(picture, address=address)


def _is_icon(picture: Picture) -> bool:
    return 0 < picture.width < _SMALLEST or 0 < picture.height < _SMALLEST


def _completed(picture: Picture, shown: Picture) -> Picture:
    if _file(picture) != _file(shown):
        return picture
    return replace(picture, alt=picture.alt or shown.alt, caption=picture.caption or shown.caption)


def _file(picture: Picture) -> str:
    """What two sizes of one picture share: its address without a question for a size or WordPress's suffix."""
    path = picture.address.partition("?")[0]
    return _WORDPRESS_SIZE.sub("", path) if _PICTURE_FILE.search(path) else picture.address


def _shown(image: etree._Element) -> Picture:
    address, width, height = _source(image), pixels(image.get("width")), pixels(image.get("height"))
    larger, larger_width = _best_of_set(image)
    if larger and (not address or 0 < width < larger_width):
        address, height, width = larger, round(height * larger_width / width) if width else 0, larger_width
    return Picture(
        address=address,
        width=width,
        height=height,
        alt=on_one_line(image.get("alt", "")),
        caption=_caption(image),
    )


def _source(image: etree._Element) -> str:
    """The image's address; that of a lazily loaded one stands beside a placeholder."""
    candidates = (image.get(name, "") for name in ("data-src", "data-lazy-src", "data-original", "src"))
    named = (candidate for candidate in candidates if candidate and not _is_data(candidate))
    return next(named, "")


def _best_of_set(image: etree._Element) -> tuple[str, int]:
    """The candidate of a `srcset` that is just wide enough for a lead, else the widest, and its width in px.

    Candidates are separated by commas, which addresses may hold, too (HTML Standard, 4.8.4.2.2): one ends with its
    width. Those without a width tell nothing of their size.
    """
    written = " ".join(image.get(name, "") for name in ("data-srcset", "data-lazy-srcset", "srcset"))[:_MOST_SET]
    named = {address: width for address, width in _candidates(written) if address and not _is_data(address)}
    enough = {address: width for address, width in named.items() if width >= WIDEST_PRINT}
    if enough:
        return min(enough.items(), key=lambda one: one[1])
    return max(named.items(), key=lambda one: one[1], default=("", 0))


def _candidates(written: str) -> Iterator[tuple[str, int]]:
    words = _NEXT.sub(", ", written).split()
    for address, descriptor in pairwise(words):
        width = _WIDTH.fullmatch(descriptor)
        if width and not _WIDTH.fullmatch(address):
            yield address.strip(","), int(width[1])


def _is_data(address: str) -> bool:
    return address.lower().startswith("data:")


def _caption(image: etree._Element) -> str:
    """The caption of the figure around the image, or of WordPress's older `wp-caption`."""
    around = next(image.iterancestors("figure"), None)
    if around is not None:
        return _words(next(around.iter("figcaption"), None))
    around = next((box for box in image.iterancestors("div") if "wp-caption" in box.get("class", "")), None)
    if around is None:
        return ""
    return _words(next((line for line in around.iter("p", "dd") if "wp-caption-text" in line.get("class", "")), None))


def _words(element: etree._Element | None) -> str:
    return "" if element is None else on_one_line("".join(str(piece) for piece in element.itertext()))
