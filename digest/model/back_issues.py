"""The words of back issues: issues that have gone out, as a list and a search show them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

MARK_BEGINS, MARK_ENDS = "\x02", "\x03"
"""What stands around found words in a `FoundStory`. No text of a story holds control characters."""

NOTE_PLACE = 0
"""The place of the editor's note among an issue's stories, which are numbered from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackPicture:
    """A print that is kept with a back issue: the name of its file, the place of the story that it belongs to, and what
    is seen on it."""

    name: str
    place: int
    alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackIssue:
    """What a list says of an issue that has gone out. All texts are plain text on one line.

    `headline` and `deck` are the lead's, `further` the next headlines in reading order, `stories` how many there are.
    `went_out` is when its first letter left, or could have.
    """

    date: date
    number: int
    subject: str
    preheader: str
    headline: str
    deck: str = ""
    further: tuple[str, ...] = ()
    stories: int
    went_out: datetime
    picture: BackPicture | None = None

    @property
    def id(self) -> str:
        return self.date.isoformat()


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedStory:
    """What a search looks through: the words of one story. `place` is its number in the issue, in reading order."""

    place: int
    headline: str
    deck: str
    about: str
    """Everything else: topic, section, author, place, caption."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundStory:
    """A story that a search found. Found words stand between `MARK_BEGINS` and `MARK_ENDS`; of a long deck there is the
    stretch that has them."""

    issue: str
    place: int
    headline: str
    deck: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a search found: how many stories in all, and some of them, the newest issues first. `goes_on` names the
    issue before which the rest begins; empty when this is all."""

    stories: int = 0
    found: tuple[FoundStory, ...] = ()
    goes_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What an export did to its folder: how many issues are in it, how many files it wrote, left as they were and took
    away. `faults` says of issues that are not in it why, by their ids."""

    issues: int
    written: int
    unchanged: int
    removed: int
    faults: dict[str, str] = field(default_factory=dict)
