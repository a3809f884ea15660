"""Which of an entry's pictures a story shows, which it passes over and why, and how the letter shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from digest.edit import copy
from digest.edit.address import clean_address
from digest.edit.agencies import unlicensed
from digest.edit.clean import plain_text
from digest.model import Entry, Issue, Picture, SeenEntry, Story
from digest.model.file_names import is_file_name
from digest.model.pictures import Crop, KnownPicture, Print

# Narrower pictures are icons, pixels and avatars.
_NARROWEST = 120
# Gmail shows no SVG (https://www.caniemail.com/features/image-svg/).
_UNSEEN = (".svg", ".svgz")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """What is known of the week's pictures by their addresses, and the agencies whose pictures may be shown."""

    known: Mapping[str, KnownPicture] = field(default_factory=dict)
    licensed: tuple[str, ...] = ()


NOTHING_KNOWN = Gallery()


def picture_of(entry: Entry, crop: Crop = Crop.STORY, gallery: Gallery = NOTHING_KNOWN) -> Picture | None:
    """The entry's first picture that may be shown in this crop, its words made plain."""
    return next((picture for picture in _usable(entry) if not _objection(picture, crop, gallery)), None)


def passed_over(entry: Entry, crop: Crop, gallery: Gallery) -> Iterator[tuple[str, str]]:
    """The pictures before the one that is shown: the address of each, and why it is not shown."""
    for picture in _usable(entry):
        objection = _objection(picture, crop, gallery)
        if not objection:
            return
        yield picture.address, objection


def addresses_of(entries: Iterable[SeenEntry]) -> frozenset[str]:
    """The address of every picture that a story may show, its entry's and its article's page's."""
    return frozenset(picture.address for seen in entries for picture in _of_both(seen))


def shown(issue: Issue, printed: Callable[[Story, Crop], Story]) -> Issue:
    """The issue with each story that has a picture as `printed` gives it for its crop."""

    def one(story: Story, crop: Crop) -> Story:
        return printed(story, crop) if story.picture else story

    return replace(
        issue,
        lead=one(issue.lead, Crop.LEAD) if issue.lead else None,
        sections=tuple(
            replace(section, stories=tuple(one(story, Crop.STORY) for story in section.stories))
            for section in issue.sections
        ),
    )


def with_print(story: Story, known: KnownPicture, made: Print, address: str) -> Story:
    """The story with the print of its picture, which letters show at `address`; an empty one leaves its own address,
    and says how large the picture there is."""
    if story.picture is None:
        return story
    width, height = (made.width, made.height) if address else (known.width, known.height)
    picture = replace(story.picture, address=address or story.picture.address, width=width, height=height)
    return replace(story, picture=picture, print=made.name)


def _of_both(seen: SeenEntry) -> Iterator[Picture]:
    yield from _usable(seen.entry)
    if seen.page and seen.page.picture:
        yield from _usable(replace(seen.entry, pictures=(seen.page.picture,)))


def _usable(entry: Entry) -> Iterator[Picture]:
    for picture in entry.pictures:
        address = clean_address(picture.address)
        wide = picture.width == 0 or picture.width >= _NARROWEST
        if address and wide and not urlsplit(address).path.lower().endswith(_UNSEEN):
            yield Picture(
                address=address,
                width=picture.width,
                height=picture.height,
                alt=_description(picture),
                caption=copy.shorten(plain_text(picture.caption), 240),
                credit=_credit(picture),
            )


def _objection(picture: Picture, crop: Crop, gallery: Gallery) -> str:
    """Why a picture is not shown; empty where nothing is known against it."""
    agency = unlicensed(picture.credit, picture.caption, gallery.licensed)
    if agency:
        return f"a picture of {agency}; name it in pictures.licensed if you may show it"
    known = gallery.known.get(picture.address)
    return known.reasons.get(crop, "") if known else ""


def _description(picture: Picture) -> str:
    """What its feed says is to be seen; nothing where that is a file's name."""
    words = copy.shorten(plain_text(picture.alt), 200)
    return "" if is_file_name(words, picture.address) else words


def _credit(picture: Picture) -> str:
    words = plain_text(picture.credit)
    return "" if words.casefold() in copy.NOTHING else copy.shorten(words, 80)
