"""The words of the pictures room: what becomes of a picture between a site and the letter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

AGENCIES = (
    "AP", "Reuters", "AFP", "Getty", "EPA", "PA", "dpa", "EFE", "UPI", "ANSA", "Xinhua", "Kyodo", "TASS", "Bloomberg",
    "Canadian Press", "AAP", "Zuma", "Imago",
)  # fmt: skip
"""The picture agencies that are known, by the names that the configuration uses."""


class Crop(StrEnum):
    """The two ways in which the letter cuts pictures. docs/design.md tells their sizes."""

    LEAD = "lead"
    STORY = "story"


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """A picture as a letter can show it. `name` is its file's: the beginning of its hash and the ending, `.jpg` or
    `.png`.
    Width and height in px, size in bytes."""

    name: str
    width: int
    height: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Developed:
    """What looking into a picture's file gave. `refused` says why it cannot be shown at all: then nothing else is set.

    `kind` is what the file is (`jpeg`, `png`, `webp`, `gif`, `avif`), width and height are those of the upright picture
    in px. Of each crop there is either a print with its content, or the reason why it has none.
    """

    refused: str = ""
    kind: str = ""
    width: int = 0
    height: int = 0
    prints: Mapping[Crop, Print] = field(default_factory=dict)
    reasons: Mapping[Crop, str] = field(default_factory=dict)
    contents: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """The prints' bytes by their names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPicture:
    """What is known of a picture that was fetched: its file as in `Developed`, its prints, and why there are none.

    `passing` says that the reasons may pass by themselves: the site did not answer. It is asked again for the next
    issue.
    """

    address: str
    kind: str = ""
    width: int = 0
    height: int = 0
    prints: Mapping[Crop, Print] = field(default_factory=dict)
    reasons: Mapping[Crop, str] = field(default_factory=dict)
    passing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """A picture that a story of the issue does not show: the story's headline, the picture's address, and why.

    `alone` says that the story has no other picture to show in its place.
    """

    headline: str
    address: str
    reason: str
    alone: bool = True
