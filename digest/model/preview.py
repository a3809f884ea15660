"""The preview's words: how a letter is looked at, and what stands in one reader's letter."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

GMAIL_CLIPS_AT = 102 * 1024
"""Bytes of HTML after which Gmail cuts a letter and offers the rest on a page of its own."""


class Look(StrEnum):
    """The light in which a mailbox shows a letter.

    GMAIL turns every colour over, OUTLOOK only light grounds and dark text; neither asks the letter.
    """

    LIGHT = "light"
    DARK = "dark"
    GMAIL = "inverted-gmail"
    OUTLOOK = "inverted-outlook"


class Kept(StrEnum):
    """How what is shown stands to the issue in the archive, which is the one that is sent."""

    AS_SHOWN = "as shown"
    CHANGED = "changed"
    NOT_YET = "not yet"
    OUT = "out"
    """It has gone out or is going out: what is shown is the archive's own, whatever has changed since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One way to look at a letter. Without `pictures` each leaves its place empty; `clipped` is cut as Gmail cuts."""

    look: Look = Look.LIGHT
    pictures: bool = True
    clipped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Specimen:
    """One reader's letter, whole: the message's headers as they are sent, HTML and text."""

    headers: str
    html: str
    text: str
