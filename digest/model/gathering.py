"""Gathering: what is known of a source before it is read, what reading it gave, and what is told of that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from digest.model.stories import Entry


class SourceKind(StrEnum):
    """What a source is read through."""

    FEED = "feed"
    WORDPRESS = "wordpress"
    """WordPress's REST interface."""
    SITEMAP = "sitemap"
    PAGES = "pages"
    """Single pages that an editor named."""


class SourceStatus(StrEnum):
    """How reading one source went."""

    OK = "ok"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    WAITING = "waiting"
    """It was not asked: it failed lately, or said when to come again."""
    RETIRED = "retired"
    """It was not asked: its server said that it is gone for good (410)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave to ask "has it changed?" with (RFC 9110, section 13), and where the address has moved to."""

    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageKnown:
    """One address of a source as it was when last read: its validators, and the SHA-256 of its body in hex."""

    address: str
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSource:
    """What the store knows of a source before it is read.

    `api` is the root of the site's REST interface, as it was met last. Every story that the source published from
    `covered_since` on is in the store; None when nothing is known of that. `newest` is the newest date among its
    entries; `whole_at` when it was last read without asking what had changed. `retry_at` is our own patience with a
    source that fails, `told_until` what its server asked for (Retry-After). `retired_at` says since when it is gone.
    """

    moved_to: str = ""
    pages: Mapping[str, PageKnown] = field(default_factory=dict)
    api: str = ""
    covered_since: datetime | None = None
    newest: datetime | None = None
    whole_at: datetime | None = None
    failures: int = 0
    retry_at: datetime | None = None
    told_until: datetime | None = None
    retired_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a gather is to bring: the stories published after `since`. `whole` asks for all of them anew, whatever is
    known: what a "not modified" may hide (a deletion, a story dated back) is seen then."""

    since: datetime
    now: datetime
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedSource:
    """What reading one source gave: entries when OK, an `error` in words when FAILED.

    `items` counts what was read, repetitions included; `through` says in words through what (`feed`, `REST`);
    `pages_read` counts the answers, "not modified" among them. `oldest` is how far back the reading reached.
    `covered_since` is as in KnownSource, as it is now; `complete` whether the wanted week is covered, and `why` or why
    not, in words. Stories published after `whole_since` that were not among the entries are gone from the site; None
    when the reading cannot tell. `pages` are stored only after the entries are, so that a crash in between loses
    nothing. `retired` says that the server calls it gone for good; `retry_after` is what it asked for, in seconds.
    """

    name: str
    url: str
    status: SourceStatus
    kind: SourceKind = SourceKind.FEED
    through: str = ""
    entries: tuple[Entry, ...] = ()
    items: int = 0
    pages_read: int = 0
    oldest: datetime | None = None
    covered_since: datetime | None = None
    complete: bool = False
    why: str = ""
    whole: bool = False
    whole_since: datetime | None = None
    pages: tuple[PageKnown, ...] = ()
    moved_to: str = ""
    api: str = ""
    retired: bool = False
    retry_after: float | None = None
    error: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A story that was changed on the site after it had run in `issue`: its headlines then and now."""

    issue: str
    address: str
    before: str
    after: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """One line of the gather report. `gone` counts stories that are no longer on the site. `failing_since`,
    `last_good` and `retry_at` are set when the source failed or was not asked."""

    name: str
    url: str
    status: SourceStatus
    through: str = ""
    entries: int = 0
    pages_read: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    gone: int = 0
    oldest: datetime | None = None
    complete: bool = False
    why: str = ""
    error: str = ""
    warnings: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    failing_since: datetime | None = None
    last_good: datetime | None = None
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gist:
    """The words by which an entry is compared with others, as `edit.gist` makes them out of it: a line with the stems
    that tell something, one for the headline, one for each sentence. `key` is the entry's row, `dated` when it counts
    as published."""

    key: int
    dated: datetime
    text: str

    @property
    def telling(self) -> str:
        """The stems that tell something, each once, sorted, in small letters."""
        return self.text.partition("\n")[0]

    @property
    def headline(self) -> list[str]:
        """The stems of the headline, in small letters."""
        return self.text.split("\n", 2)[1].split()

    @property
    def sentences(self) -> list[list[str]]:
        """The stems of each sentence of the opening; names have a capital."""
        return [line.split() for line in self.text.split("\n")[2:]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Two entries, by their rows, that tell the same story in other words. `score` runs from 0 to 1."""

    entry: int
    other: int
    score: float
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearStory:
    """What an entry is near to: the other's row and link, and the issue in which that has run, if it has."""

    key: int
    link: str
    ran_in: str = ""
