"""How a letter looks: the words of the theme, which the publication settles and the render room obeys."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The colours of a letter by their roles, as `#RRGGBB`.

    White words stand on `button`; `rule` and `hairline` are lines; `ink`, `text`, `muted` and `accent` (labels and
    links) are words on `paper` and on `panel`.
    """

    paper: str
    panel: str
    ink: str
    text: str
    muted: str
    accent: str
    button: str
    rule: str
    hairline: str


LIGHT = Palette(
    paper="#FCFAF6",
    panel="#F3EEE4",
    ink="#1C1A17",
    text="#3F3B35",
    muted="#625B50",
    accent="#7D1D2B",
    button="#7D1D2B",
    rule="#1C1A17",
    hairline="#DED6C8",
)
DARK = Palette(
    paper="#161513",
    panel="#22201C",
    ink="#EEE9E0",
    text="#CDC7BC",
    muted="#A69F93",
    accent="#EBA49A",
    button="#A63A47",
    rule="#8E877A",
    hairline="#3A362F",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """A picture of the name for the masthead, and its form for the dark (the same, if empty).

    Sizes are px in the letter; without an `alt` the publication's name is what is read.
    """

    address: str
    width: int
    height: int
    dark: str = ""
    alt: str = ""


class Amount(StrEnum):
    """How much of a story stands under its headline: nothing, the deck's first sentence, or all of it."""

    HEADLINES = "headlines"
    DECKS = "decks"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """How the letter looks.

    `name` is a folder of templates; `headings` and `body` are `serif` or `sans`; `columns` is 1 or 2, for briefs and
    features.
    """

    name: str = "closing-arguments"
    light: Palette = LIGHT
    dark: Palette = DARK
    headings: str = "serif"
    body: str = "serif"
    logo: Logo | None = None
    columns: int = 2
    text: Amount = Amount.FULL
    pictures: bool = True
    full_stop: bool = True
