"""From what a feed said to the issue: the words of the sources and edit rooms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

# --- sources: what a feed said, untrusted ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that belongs to a story. `address` is absolute; width and height are px, 0 when unknown."""

    address: str
    width: int = 0
    height: int = 0
    alt: str = ""
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed, as it came: texts may hold any HTML, dates any nonsense. Never shown to a reader as it is.

    `identity` is unique within its source: the guid, else the link, else a hash of the content.
    """

    source: str
    identity: str
    title: str = ""
    link: str = ""
    author: str = ""
    summary: str = ""
    content: str = ""
    categories: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    pictures: tuple[Picture, ...] = ()
    seconds: int = 0
    """How long its sound or film runs; 0 when it has none, or does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage:
    """What an article's own page says of it, untrusted like an entry.

    `canonical` is the address that it calls its own, on the same site; `opening` the first paragraphs as plain text.
    `is_free` is None where the page does not say whether everybody may read it.
    """

    address: str
    canonical: str = ""
    title: str = ""
    description: str = ""
    section: str = ""
    keywords: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    modified: datetime | None = None
    is_free: bool | None = None
    picture: Picture | None = None
    opening: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenEntry:
    """An entry of the store: `key` is its row, `first_seen` when we met it, `source_since` when its source was
    first read, and `ran_in` the issue that carried it, if one did. `is_gone` says that its site has it no more; `page`
    is what its article's page says, where that was asked."""

    key: int
    entry: Entry
    first_seen: datetime
    source_since: datetime
    ran_in: str = ""
    is_gone: bool = False
    page: ArticlePage | None = None


# --- edit: what the newsroom says, clean by construction ------------------------------------------------------


class Form(StrEnum):
    """How a section is set."""

    LEAD = "lead"
    STANDARD = "standard"
    BRIEF = "brief"
    OPINION = "opinion"
    FEATURE = "feature"
    PODCAST = "podcast"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story as readers see it. All texts are plain text, all addresses http or https.

    `kicker` is the topic above the lead, and of an opinion its kind (`Op-Ed`); `about` says who its author is, as what
    follows the name; `place` is the dateline's place; `entry_key` the row of the entry it came from; `print` the
    file of its picture among those that are kept with the issue. `minutes` is how long a feature takes to read, or an
    episode to hear; 0 when that is not known.
    """

    headline: str
    address: str
    deck: str = ""
    kicker: str = ""
    byline: str = ""
    about: str = ""
    minutes: int = 0
    place: str = ""
    published: datetime
    picture: Picture | None = None
    print: str = ""
    source: str = ""
    entry_key: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the issue under one label."""

    name: str
    form: Form = Form.STANDARD
    stories: tuple[Story, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """An entry of the week that is not in the issue, and why (`over the section's 4`, `ran in 2026-11-13`)."""

    title: str
    address: str
    reason: str
    entry_key: int = 0
    settled: bool = True
    """False when the entry is only early: it belongs to a later issue and is looked at again then."""
    other: str = ""
    """The address of the story that tells the same, where that is the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The editor's words at the top: paragraphs of plain text, and who signs."""

    paragraphs: tuple[str, ...]
    signature: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The bar above the masthead: one line, one link. `link` may be empty."""

    text: str
    link: str = ""
    link_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sponsor:
    """A message that somebody paid for. `link` may be empty; `payer` is named at its foot."""

    text: str
    payer: str
    heading: str = ""
    link: str = ""
    link_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The stretch of time an issue covers: after `opens`, up to and including `closes`."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """The dated, numbered thing that readers get. Its `id` is its date, `2026-11-20`."""

    date: date
    number: int
    window: Window
    lead: Story | None
    sections: tuple[Section, ...]
    note: Note
    notice: Notice | None = None
    sponsor: Sponsor | None = None

    @property
    def id(self) -> str:
        return self.date.isoformat()

    @property
    def shown(self) -> tuple[Section, ...]:
        """The sections that have stories: those that stand in the letter."""
        return tuple(section for section in self.sections if section.stories)

    @property
    def stories(self) -> tuple[Story, ...]:
        """Every story, the lead first, in reading order."""
        lead = (self.lead,) if self.lead else ()
        return lead + tuple(story for section in self.sections for story in section.stories)
