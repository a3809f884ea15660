"""Whether pictures are there, light, and bearable when they are not shown."""

from __future__ import annotations

from collections.abc import Iterator

from digest.model import Reached
from digest.preflight.fault import Fault, selector
from digest.preflight.inspected import Look
from digest.preflight.page import SeenPicture

HEAVIEST_LEAD, HEAVIEST = 200_000, 60_000
"""Bytes: a second on a slow phone, and a third of it."""
_UNREADABLE = ("image/svg", "image/avif", "image/heic", "image/tiff", "image/webp")


def there(look: Look) -> Iterator[Fault]:
    """Pictures that nobody can load."""
    for picture in look.page.pictures:
        answer = look.answers.get(picture.address)
        wrong = _wrong_address(picture.address) or (answer.words if answer and answer.reached is Reached.GONE else "")
        if wrong:
            yield _fault(
                look,
                picture,
                title=f"a picture is not there: {wrong}",
                why="readers see an empty box",
                do="upload the picture again, or take it out of the story, and gather once more",
            )


def light(look: Look) -> Iterator[Fault]:
    """Pictures that are heavy to load."""
    lead = look.letter.issue.lead
    first = lead.picture.address if lead and lead.picture else ""
    for picture in look.page.pictures:
        answer = look.answers.get(picture.address)
        most = HEAVIEST_LEAD if picture.address == first else HEAVIEST
        if answer and answer.size > most:
            yield _fault(
                look,
                picture,
                title=f"a picture of {answer.size / 1000:.0f} kB",
                why="on a phone it comes late, and costs the reader's data",
                do=f"save it as JPEG at twice the size it is shown in, {most / 1000:.0f} kB at most",
            )


def readable(look: Look) -> Iterator[Fault]:
    """Pictures in a format that some programs do not show."""
    for picture in look.page.pictures:
        answer = look.answers.get(picture.address)
        kind = answer.kind if answer else ""
        ending = picture.address.partition("?")[0].lower()
        if kind.startswith(_UNREADABLE) or ending.endswith((".svg", ".webp", ".avif", ".heic", ".tiff", ".tif")):
            yield _fault(
                look,
                picture,
                title="a picture in a format that some mail programs do not show",
                why="Outlook on Windows, and older programs, show an empty box",
                do="use JPEG or PNG",
            )


def sized(look: Look) -> Iterator[Fault]:
    """Pictures without width and height."""
    for picture in look.page.pictures:
        if not _is_length(picture.width) or not _is_length(picture.height):
            missing = "width" if not _is_length(picture.width) else "height"
            yield _fault(
                look,
                picture,
                title=f"a picture has no {missing}",
                why="Outlook shows it in its own size, and the page jumps while it loads",
                do="the feed should say how large the picture is; templates write both on <img>",
            )


def credited(look: Look) -> Iterator[Fault]:
    """Pictures whose credit the feed gives and the letter does not show."""
    for story in look.letter.issue.stories:
        credit = story.picture.credit if story.picture else ""
        shown = story.picture and any(picture.address == story.picture.address for picture in look.page.pictures)
        if credit and shown and "".join(credit.split()) not in look.said:
            yield Fault(
                title=f"the credit “{credit}” is not shown",
                where=look.places.of_story(story),
                why="who made the picture has a right to be named",
                do="let the template print picture.credit under the picture",
                anchor=selector("img", "src", story.picture.address if story.picture else ""),
            )


def _fault(look: Look, picture: SeenPicture, *, title: str, why: str, do: str) -> Fault:
    return Fault(
        title=title,
        where=look.places.of_address(picture.address),
        why=why,
        do=do,
        anchor=selector("img", "src", picture.address),
    )


def _wrong_address(address: str) -> str:
    if not address:
        return "it has no address"
    if address.startswith("data:"):
        return "it is written into the letter, where Gmail does not show it"
    if address.startswith("cid:"):
        return "it points to an attachment, and letters have none"
    return "" if address.startswith(("http://", "https://")) else f"{address[:80]} is no web address"


def _is_length(text: str) -> bool:
    return text.removesuffix("px").isdecimal() and int(text.removesuffix("px")) > 0
