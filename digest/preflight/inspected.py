"""What a preflight looks at, as values: the letter as an invented reader gets it, and what was asked of the world."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from digest.model import Issue, LinkAnswer, SourceStanding
from digest.model.feedback import Figures
from digest.preflight.page import Page, read
from digest.preflight.places import Places
from digest.settings import Settings


@lru_cache(maxsize=1024)
def bare(text: str) -> str:
    """The words of a text in small letters, a space between them: what tells whether two say the same."""
    return re.sub(r"\W+", " ", text).strip().casefold()


@dataclass(frozen=True, kw_only=True)
class Inspected:
    """A letter to look at. `html` and `text` are filled for an invented reader, with whose links they stand there.

    `headers` are those of its mail, by name. `ran` says of stories that already ran in which issue, by address. `now`
    is the instant of the look, `last` what came back of the issue before this one.
    """

    issue: Issue
    subject: str
    preheader: str
    html: str
    text: str
    headers: Mapping[str, str]
    unsubscribe: str
    web_view: str
    now: datetime
    ran: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[SourceStanding, ...] = ()
    last: Figures = field(default_factory=Figures)


@dataclass(frozen=True, kw_only=True)
class Look:
    """One look at a letter: what checks are made on. `answers` are empty for addresses that were not asked for."""

    letter: Inspected
    answers: Mapping[str, LinkAnswer]
    settings: Settings
    kept: dict[str, Any] = field(default_factory=dict)
    """What one check worked out and another one wants too."""

    @cached_property
    def page(self) -> Page:
        """The letter's HTML, read."""
        return read(self.letter.html)

    @cached_property
    def said(self) -> str:
        """All that the letter shows, in both parts, without its spaces: names are set with spaces of several kinds."""
        return "".join(f"{''.join(self.page.words)} {self.letter.text}".split())

    @cached_property
    def headlines(self) -> frozenset[str]:
        """The stories' headlines, `bare`; none of them empty."""
        return frozenset(bare(story.headline) for story in self.letter.issue.stories) - {""}

    @cached_property
    def asked_links(self) -> tuple[LinkAnswer, ...]:
        """What the letter's links answered, each once; empty when they were not asked for."""
        addresses = dict.fromkeys(link.address for link in self.page.links)
        return tuple(self.answers[address] for address in addresses if address in self.answers)

    @cached_property
    def places(self) -> Places:
        """Where things stand, in words."""
        return Places(self.letter.issue, self.letter.html, self.page)

    @cached_property
    def clients(self) -> frozenset[str]:
        """The mail programs that the publication cares for."""
        return frozenset(self.settings.preflight.clients)
